// A cross-encoder as a page sees it: a Reranker whose work is done in a worker.
import type { Reranker, RerankerInfo } from '../spec/reranker.ts';
import { deviceLadder, requestAt } from './device-ladder.ts';
import { ModelHost } from './model-host.ts';
import { ladderWish, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link crossEncoder}. Tabs do not share it. */
export interface CrossEncoderOptions extends Omit<ModelOptions, 'contextTokens' | 'shareTabs'> {
  /** A sequence-classification model with one label, or with two of which the second is "relevant", in ONNX. */
  model: string;
}

/**
 * Runs a reranking model with transformers.js in a worker of its own, e.g. `Xenova/ms-marco-MiniLM-L-6-v2` from a hub. Nothing is
 * loaded before the first call. Scores are logits.
 */
export function crossEncoder(options: CrossEncoderOptions): Reranker {
  const { model } = options;
  const ladder = deviceLadder<ModelHost<RerankerInfo>, RerankerInfo>(`transformers/${model}`, options, {
    wish: ladderWish(model, options),
    make: (step) =>
      new ModelHost('embed', {
        ...options,
        configuration: () => ({ request: requestAt(modelRequest(model, options), step) }),
      }),
  });
  return {
    load: async (call) => (await ladder.load(call)).info,
    async rerank(query, texts, { priority, signal } = {}) {
      for (;;) {
        const { model: host } = await ladder.load({ signal });
        try {
          const scores = await host.call<number[]>('rerank', [query, texts, { priority }], {
            signal,
            phases: ['embed', 'embed'],
          });
          ladder.succeeded();
          return scores;
        } catch (error) {
          if (!(await ladder.failed(host, error, { begun: false }))) throw error;
        }
      }
    },
    close: () => ladder.close(),
  };
}
