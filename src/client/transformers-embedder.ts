// The embedding model as a page sees it: an Embedder whose work is done in a worker, which other workers can reach directly.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import { expose } from '../runtime/rpc.ts';
import type { Embedder, EmbedderInfo, Vectors } from '../spec/embedder.ts';
import type { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { deviceLadder, requestAt } from './device-ladder.ts';
import { ModelHost } from './model-host.ts';
import { defaultModels, knownEmbedding, ladderWish, type ModelOptions, modelRequest } from './models.ts';

/** Options of {@link transformersEmbedder}. */
export interface TransformersEmbedderOptions extends ModelOptions, EmbeddingSettings {
  /** A feature-extraction model, in ONNX. @default 'all-MiniLM-L6-v2' */
  model?: string;
}

/** An embedder that another worker can talk to without the page in between. */
export interface ConnectableEmbedder extends Embedder {
  /**
   * Answers `load` and `embed` on the port.
   * @param onLost called once, when nobody is at the other end any more
   */
  connect(port: MessagePort, onLost: (error: InpageError) => void): Promise<void>;
}

/** Runs an embedding model with transformers.js in a worker of its own. Nothing is loaded before the first call. */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): ConnectableEmbedder {
  const { model = defaultModels.embedder, confirmDownload, onWorkerDeath, onRecover, createWorker, watchdog } = options;
  const { pooling, normalized, prefix, maxTokens } = withDefaults(knownEmbedding(model), options);
  const settings = { pooling, normalized, prefix, maxTokens };
  const ladder = deviceLadder<ModelHost<EmbedderInfo>, EmbedderInfo>(`transformers/${model}`, options, {
    wish: ladderWish(model, options),
    make(step) {
      const host: ModelHost<EmbedderInfo> = new ModelHost('embed', {
        configuration: () => ({ request: requestAt(modelRequest(model, options), step), settings }),
        confirmDownload,
        onDeath(error) {
          onWorkerDeath?.(error);
          // Other workers call this one too, and of their calls only its death is seen here.
          void ladder.failed(host, error);
        },
        onRecover,
        create: createWorker,
        watchdog,
      });
      return host;
    },
  });
  return {
    load: async (call) => (await ladder.load(call)).info,
    async embed(texts, { kind, priority, signal } = {}) {
      const { model: host } = await ladder.load({ signal });
      const call = { signal, phases: ['embed', 'embed'] } as const;
      const vectors = await host.call<Vectors>('embed', [texts, { kind, priority }], call);
      ladder.succeeded();
      return vectors;
    },
    async connect(port, onLost) {
      const { model: host } = await ladder.load();
      await host.connect(port, onLost);
    },
    close: () => ladder.close(),
  };
}

/** Lets a worker talk to any embedder: directly if it can, else through the page, where nobody is lost. */
export async function connectEmbedder(
  embedder: Embedder,
  port: MessagePort,
  onLost: (error: InpageError) => void,
): Promise<void> {
  if ('connect' in embedder) return (embedder as ConnectableEmbedder).connect(port, onLost);
  expose(
    {
      load: (options: object) => embedder.load(options),
      embed: (...args: Parameters<Embedder['embed']>) => embedder.embed(...args),
    },
    port,
  );
}
