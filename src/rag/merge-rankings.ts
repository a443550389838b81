// Several rankings as one, by reciprocal ranks (Cormack et al., SIGIR 2009).
import type { Hit } from '../spec/store.ts';

/** Added to each rank, from 1. */
const constant = 60;

/** Each passage once, with the score of its best ranking; the order is that of the sums of 1 / (60 + rank). */
export function mergeRankings(rankings: readonly (readonly Hit[])[]): Hit[] {
  const sums = new Map<string, { hit: Hit; sum: number }>();
  for (const ranking of rankings) {
    for (const [place, hit] of ranking.entries()) {
      const entry = sums.get(hit.id) ?? { hit, sum: 0 };
      entry.sum += 1 / (constant + place + 1);
      sums.set(hit.id, entry);
    }
  }
  return [...sums.values()].sort((a, b) => b.sum - a.sum).map(({ hit }) => hit);
}
