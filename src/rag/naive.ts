// Naive RAG: one search by meaning and words, then the answer (Lewis et al., arXiv:2005.11401).
import type { Strategy } from '../spec/strategy.ts';
import { withDefaults } from '../util/options.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';

/** Options of {@link naive}. */
export interface NaiveOptions extends StrategyOptions {
  /**
   * What a good passage counts against a new one (MMR), 0–1; 1: passages may say the same. Below 1 it loses a little on all sets that
   * were measured, and helps where many documents repeat each other. @default 1
   */
  relevance?: number;
  /** Text around each passage that is read too, on each side to whole paragraphs, in code units at most. @default 0 */
  around?: number;
}

/** Defaults of {@link NaiveOptions}. */
export const naiveDefaults = { relevance: 1, around: 0 };

/** Retrieve once, answer once. */
export function naive(options: NaiveOptions = {}): Strategy {
  const { relevance, around } = withDefaults(naiveDefaults, options);
  return defineStrategy(
    {
      name: 'naive',
      // biome-ignore lint/correctness/useYield: there is nothing to tell of a single search.
      async *retrieve(question, { retriever }, { k, filter, signal }) {
        let hits = await retriever.search(question, { k: relevance < 1 ? 2 * k : k, filter, signal });
        if (relevance < 1) {
          const { diversify } = await import('./steps/diversify.ts');
          hits = diversify(hits, k, relevance);
        }
        if (around > 0) {
          const { expand } = await import('./steps/expand.ts');
          hits = await expand(hits, retriever, { around, signal });
        }
        return { question, hits };
      },
    },
    options,
  );
}
