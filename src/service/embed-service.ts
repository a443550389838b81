// What the worker of an embedding or reranking model offers, on its own scope and on the ports it is given.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import type { TransformersCrossEncoder } from '../rerank/transformers-cross-encoder.ts';
import type { EmbedBackend, ModelRequest } from '../runtime/model-request.ts';
import { expose, type Service, transferring } from '../runtime/rpc.ts';
import { isWorkerFailure, nameFailure } from '../runtime/worker-failure.ts';
import type { CallOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { DownloadPlan } from '../spec/model.ts';
import type { EmbedApi, PortProgress } from '../spec/worker-api.ts';

/** Without `backend` and `settings` the model is a cross-encoder. */
type Api = EmbedApi<{ request: ModelRequest; backend?: EmbedBackend; settings?: EmbeddingSettings }>;

/** An `Embedder` that can say beforehand what it will download. */
interface WorkerEmbedder extends Embedder {
  plan(options?: CallOptions): Promise<DownloadPlan>;
}

/** One entry a library. */
const backends: Record<EmbedBackend, (request: ModelRequest, settings?: EmbeddingSettings) => Promise<WorkerEmbedder>> = {
  transformers: async (...model) => (await import('../embed/transformers-embedder.ts')).createTransformersEmbedder(...model),
  'web-llm': async (...model) => (await import('../embed/web-llm-embedder.ts')).createWebLlmEmbedder(...model),
};

/** Makes the service; the model follows with `configure`, and has the methods of its kind. */
export function embedService(): Service {
  let embedder: WorkerEmbedder;
  let crossEncoder: TransformersCrossEncoder;
  let model: WorkerEmbedder | TransformersCrossEncoder;
  const api: Api = {
    configure: async ({ backend, request, settings }) => {
      if (backend) {
        model = embedder = await backends[backend](request, settings);
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
      const vectors = await embedder.embedTokens!(texts, options);
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
