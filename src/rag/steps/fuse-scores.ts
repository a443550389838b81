// Several rankings as one, by their scores (Bruch et al., arXiv:2210.11934).
import type { Hit } from '../../spec/store.ts';

/** A ranking and what it counts. */
export interface WeightedHits {
  hits: readonly Hit[];
  weight: number;
}

/** Each passage once, best first. Its score is the sum of its scores, each scaled to 0–1 by the best of its ranking, times the weights. */
export function fuseScores(rankings: readonly WeightedHits[]): Hit[] {
  const sums = new Map<string, Hit>();
  for (const { hits, weight } of rankings) {
    const best = Math.max(...hits.map(({ score }) => score), Number.MIN_VALUE);
    for (const hit of hits) {
      const score = weight * Math.max(0, hit.score / best);
      const known = sums.get(hit.id);
      sums.set(hit.id, known ? { ...known, score: known.score + score } : { ...hit, score });
    }
  }
  return inOrder([...sums.values()]);
}

/** Best first; of equal scores the one that came first. */
export function inOrder(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((a, b) => b.score - a.score);
}
