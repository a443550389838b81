// Extractive: the answer is the best sentences of the passages, word for word. No chat model is loaded, and nothing can be made up.
import type { Strategy } from '../spec/strategy.ts';
import { extractFrom } from './answer/answer-from.ts';
import { defineStrategy, type StrategyOptions } from './define-strategy.ts';

/** Options of {@link extractive}. */
export interface ExtractiveOptions extends StrategyOptions {}

/** Retrieves once and quotes; an assistant that uses it downloads the embedding model only. */
export function extractive(options: ExtractiveOptions = {}): Strategy {
  return defineStrategy(
    {
      name: 'extractive',
      needs: { llm: false },
      // biome-ignore lint/correctness/useYield: there is nothing to tell of a single search.
      async *retrieve(question, { retriever }, { k, filter, signal }) {
        return { question, hits: await retriever.search(question, { k, filter, signal }) };
      },
      answer: extractFrom,
    },
    options,
  );
}
