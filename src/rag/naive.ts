// Naive RAG: one search by meaning and words, then the answer (Lewis et al., arXiv:2005.11401).
import type { Strategy } from '../spec/strategy.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';

/** Options of {@link naive}. */
export interface NaiveOptions extends StrategyOptions {}

/** Retrieve once, answer once. */
export function naive(options: NaiveOptions = {}): Strategy {
  return defineStrategy(
    {
      name: 'naive',
      // biome-ignore lint/correctness/useYield: there is nothing to tell of a single search.
      async *retrieve(question, { retriever }, { k, filter, signal }) {
        return { question, hits: await retriever.search(question, { k, filter, signal }) };
      },
    },
    options,
  );
}
