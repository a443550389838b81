// What the worker of the embedding model offers, on its own scope and on the ports it is given.
import { createTransformersEmbedder, type EmbeddingSettings, type TransformersEmbedder } from '../embed/transformers-embedder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { expose, type Service, transferring } from '../runtime/rpc.ts';
import { isWorkerFailure, nameFailure } from '../runtime/worker-failure.ts';
import type { EmbedApi, PortProgress } from '../spec/worker-api.ts';

type Api = EmbedApi<{ request: ModelRequest; settings: EmbeddingSettings }>;

/** Makes the service; the model follows with `configure`. */
export function embedService(): Service {
  let embedder: TransformersEmbedder;
  const api: Api = {
    configure: ({ request, settings }) => {
      embedder = createTransformersEmbedder(request, settings);
    },
    plan: (options) => embedder.plan(options),
    load: (options) => embedder.load(options),
    embed: async (texts, options) => {
      const vectors = await embedder.embed(texts, options);
      return transferring(vectors, [vectors.data.buffer]);
    },
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
