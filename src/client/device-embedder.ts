// An embedding model in a worker, as every library's factory offers it: run in the best way that the device bears, for all tabs at
// once, and within the reach of other workers.
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import type { LadderWish } from '../runtime/ladder.ts';
import type { EmbedBackend, ModelRequest } from '../runtime/model-request.ts';
import { expose } from '../runtime/rpc.ts';
import type { Embedder, EmbedderInfo, TokenVectors, Vectors } from '../spec/embedder.ts';
import type { InpageError } from '../util/errors.ts';
import { deviceLadder, requestAt } from './device-ladder.ts';
import { ModelHost } from './model-host.ts';
import type { ModelOptions } from './models.ts';
import { type Hooks, sharedModel, sharesTabs } from './shared-model.ts';

/** An embedder that another worker can talk to without the page in between. */
export interface ConnectableEmbedder extends Embedder {
  embedTokens: NonNullable<Embedder['embedTokens']>;
  /**
   * Answers `load` and `embed` on the port.
   * @param onLost called once, when nobody is at the other end any more
   */
  connect(port: MessagePort, onLost: (error: InpageError) => void): Promise<void>;
}

/** First argument of `configure` of the embedding model's worker. */
interface Configuration {
  backend: EmbedBackend;
  request: ModelRequest;
  settings: EmbeddingSettings;
}

/**
 * Makes the `Embedder`; nothing is loaded before its first call. A device that was named is taken at its word.
 * @param wish what the library and the model want of the device
 */
export function deviceEmbedder(configuration: Configuration, wish: LadderWish, options: ModelOptions): ConnectableEmbedder {
  if (!sharesTabs(options)) return ownEmbedder(configuration, wish, options);
  return sharedEmbedder(JSON.stringify(configuration), options, (hooks) =>
    ownEmbedder(configuration, wish, { ...options, ...hooks }),
  );
}

/** The model in a worker of this page, run in the best way that the device bears. */
function ownEmbedder(configuration: Configuration, wish: LadderWish, options: ModelOptions): ConnectableEmbedder {
  const { backend, request } = configuration;
  const ladder = deviceLadder<ModelHost<EmbedderInfo>, EmbedderInfo>(`${backend}/${request.model}`, options, {
    wish,
    make(step) {
      const host: ModelHost<EmbedderInfo> = new ModelHost('embed', {
        ...options,
        configuration: () => ({ ...configuration, request: requestAt(request, step) }),
        onWorkerDeath(error) {
          options.onWorkerDeath?.(error);
          // Other workers call this one too, and of their calls only its death is seen here.
          void ladder.failed(host, error, { begun: true });
        },
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
    async embedTokens(texts, { kind, priority, signal } = {}) {
      const { model: host } = await ladder.load({ signal });
      const call = { signal, phases: ['embed', 'embed'] } as const;
      const vectors = await host.call<TokenVectors[]>('embedTokens', [texts, { kind, priority }], call);
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

/** The model of the tab that leads. */
function sharedEmbedder(key: string, options: Hooks, make: (hooks: Hooks) => ConnectableEmbedder): ConnectableEmbedder {
  const { engine, local } = sharedModel(`embed ${key}`, options, make, ({ load, embed, embedTokens }) => ({
    load,
    embed,
    embedTokens,
  }));
  const embedder: ConnectableEmbedder = {
    load: ({ signal, onProgress } = {}) => engine.call('load', [{}], { signal, onProgress }),
    embed: (texts, { kind, priority, signal } = {}) => engine.call('embed', [texts, { kind, priority }], { signal }),
    embedTokens: (texts, { kind, priority, signal } = {}) => engine.call('embedTokens', [texts, { kind, priority }], { signal }),
    async connect(port, onLost) {
      await embedder.load();
      const own = local();
      if (own) await own.connect(port, onLost);
      else exposeEmbedder(embedder, port);
    },
    close: () => engine.close(),
  };
  return embedder;
}

/** Lets a worker talk to any embedder: directly if it can, else through the page, where nobody is lost. */
export async function connectEmbedder(
  embedder: Embedder,
  port: MessagePort,
  onLost: (error: InpageError) => void,
): Promise<void> {
  if ('connect' in embedder) return (embedder as ConnectableEmbedder).connect(port, onLost);
  exposeEmbedder(embedder, port);
}

function exposeEmbedder(embedder: Embedder, port: MessagePort): void {
  expose(
    {
      load: (options: object) => embedder.load(options),
      embed: (...args: Parameters<Embedder['embed']>) => embedder.embed(...args),
    },
    port,
  );
}
