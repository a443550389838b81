// What the worker of an embedding or reranking model offers, on its own scope and on the ports it is given.
import type { EmbeddingSettings, TransformersEmbedder } from '../embed/transformers-embedder.ts';
import type { TransformersCrossEncoder } from '../rerank/transformers-cross-encoder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { expose, type Service, transferring } from '../runtime/rpc.ts';
import { isWorkerFailure, nameFailure } from '../runtime/worker-failure.ts';
import type { EmbedApi, PortProgress } from '../spec/worker-api.ts';

/** Without `settings` the model is a cross-encoder. */
type Api = EmbedApi<{ request: ModelRequest; settings?: EmbeddingSettings }>;

/** Makes the service; the model follows with `configure`, and has the methods of its kind. */
export function embedService(): Service {
  let embedder: TransformersEmbedder;
  let crossEncoder: TransformersCrossEncoder;
  let model: TransformersEmbedder | TransformersCrossEncoder;
  const api: Api = {
    configure: async ({ request, settings }) => {
      if (settings) {
        const { createTransformersEmbedder } = await import('../embed/transformers-embedder.ts');
        model = embedder = createTransformersEmbedder(request, settings);
      } else {
        const { createTransformersCrossEncoder } = await import('../rerank/transformers-cross-encoder.ts');
        model = crossEncoder = createTransformersCrossEncoder(request);
      }
    },
    plan: (options) => model.plan(options),
    load: (options) => model.load(options),
    embed: async (texts, options) => {
      const vectors = await embedder.embed(texts, options);
      return transferring(vectors, [vectors.data.buffer]);
    },
    embedTokens: async (texts, options) => {
      const vectors = await embedder.embedTokens(texts, options);
      return transferring(
        vectors,
        vectors.map(({ data }) => data.buffer),
      );
    },
    rerank: (query, texts, options) => crossEncoder.rerank(query, texts, options),
    connect: (port, { onProgress }) =>
      // Rejects with a failure that the page does not see, for the call was not its own.
      new Promise((_, reject) =>
        expose(
          watched(api, (progress) => onProgress?.(progress), reject),
          port,
        ),
      ),
  };
  return { ...api };
}

/** The methods for a port; `report` is told about their calls, and `fail` what leaves the worker unusable. */
function watched(api: Api, report: (progress: PortProgress) => void, fail: (error: unknown) => void): Service {
  let running = 0;
  const watch = async <T>(call: () => Promise<T>): Promise<T> => {
    report({ running: ++running, done: false });
    let done = false;
    try {
      const result = await call();
      done = true;
      return result;
    } catch (error) {
      if (isWorkerFailure(nameFailure(error))) fail(error);
      throw error;
    } finally {
      report({ running: --running, done });
    }
  };
  return {
    load: (options: Parameters<Api['load']>[0]) => watch(() => api.load(options)),
    embed: (texts: readonly string[], options: Parameters<Api['embed']>[1]) =>
      watch(() => api.embed(texts, { ...options, onProgress: () => report({ running, done: true }) })),
  };
}
