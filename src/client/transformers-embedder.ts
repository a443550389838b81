// The embedding model as a page sees it: an Embedder whose work is done in a worker, which other workers can reach directly.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import { expose } from '../runtime/rpc.ts';
import type { Embedder, EmbedderInfo } from '../spec/embedder.ts';
import { withDefaults } from '../util/options.ts';
import { ModelHost } from './model-host.ts';
import { defaultModels, knownEmbedding, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link transformersEmbedder}. */
export interface TransformersEmbedderOptions extends ModelOptions, EmbeddingSettings {
  /** A feature-extraction model, in ONNX. @default 'all-MiniLM-L6-v2' */
  model?: string;
}

/** An embedder that another worker can talk to without the page in between. */
export interface ConnectableEmbedder extends Embedder {
  /** Answers `load` and `embed` on the port. */
  connect(port: MessagePort): Promise<void>;
}

/** Runs an embedding model with transformers.js in a worker of its own. Nothing is loaded before the first call. */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): ConnectableEmbedder {
  const { model = defaultModels.embedder, confirmDownload, onWorkerDeath, createWorker } = options;
  const { pooling, normalized, prefix, maxTokens } = withDefaults(knownEmbedding(model), options);
  const host = new ModelHost<EmbedderInfo>('embed', {
    configuration: () => ({ request: modelRequest(model, options), settings: { pooling, normalized, prefix, maxTokens } }),
    confirmDownload,
    onDeath: onWorkerDeath,
    create: createWorker,
  });
  return {
    load: (call) => host.load(call),
    async embed(texts, { kind, signal } = {}) {
      return (await host.connection(signal)).call('embed', [texts, { kind }], { signal });
    },
    async connect(port) {
      await (await host.connection()).call('connect', [port, {}], { transfer: [port] });
    },
    close: async () => host.close(),
  };
}

/** Lets a worker talk to any embedder: directly if it can, else through the page. */
export async function connectEmbedder(embedder: Embedder, port: MessagePort): Promise<void> {
  if ('connect' in embedder) return (embedder as ConnectableEmbedder).connect(port);
  expose(
    {
      load: (options: object) => embedder.load(options),
      embed: (...args: Parameters<Embedder['embed']>) => embedder.embed(...args),
    },
    port,
  );
}
