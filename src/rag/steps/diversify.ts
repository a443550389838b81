// Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): the next passage is good, and says what the ones before do not.
import type { Hit } from '../../spec/store.ts';
import { termsOf } from './content-words.ts';

/**
 * Picks `k` passages, best first.
 * @param relevance what being good counts against being new, 0–1; at 1 the order stays
 */
export function diversify(hits: readonly Hit[], k: number, relevance = 0.8): Hit[] {
  const best = Math.max(...hits.map(({ score }) => score), Number.MIN_VALUE);
  const left = hits.map((hit) => ({ hit, terms: termsOf(hit.text), likeness: 0 }));
  const picked: Hit[] = [];
  while (picked.length < k && left.length > 0) {
    const worth = ({ hit, likeness }: (typeof left)[number]) => (relevance * hit.score) / best - (1 - relevance) * likeness;
    let next = 0;
    for (let i = 1; i < left.length; i++) if (worth(left[i]!) > worth(left[next]!)) next = i;
    const [taken] = left.splice(next, 1);
    picked.push(taken!.hit);
    for (const other of left) other.likeness = Math.max(other.likeness, jaccard(taken!.terms, other.terms));
  }
  return picked;
}

/** Shared terms among all terms of two texts, 0–1. */
function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of one) if (other.has(term)) shared++;
  return shared / (one.size + other.size - shared || 1);
}
