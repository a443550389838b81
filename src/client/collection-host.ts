// The collection as a page sees it: its worker, opened by name and tied to the embedder.
import type { Connection, RemoteOptions } from '../runtime/rpc.ts';
import type { CallOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { CollectionSettings, StoreApi, StoreNotice } from '../spec/worker-api.ts';
import { Shared } from '../util/async.ts';
import { type InpageError, serializeError } from '../util/errors.ts';
import { connectEmbedder } from './device-embedder.ts';
import { openRemote } from './open-remote.ts';
import { WorkerHost } from './worker-host.ts';

export interface CollectionHostOptions {
  settings: CollectionSettings;
  embedder: Embedder;
  onNotice: (notice: StoreNotice) => void;
  onDeath: (error: InpageError) => void;
}

type Result<M extends keyof StoreApi> = Awaited<ReturnType<StoreApi[M]>>;

export class CollectionHost {
  readonly #host: WorkerHost;
  readonly #embedder: Embedder;
  readonly #connected: Shared<void>;

  constructor({ settings, embedder, onNotice, onDeath }: CollectionHostOptions) {
    this.#embedder = embedder;
    this.#connected = new Shared(() => this.#connect());
    this.#host = new WorkerHost('store', {
      start: (connection) => openRemote(connection, settings, onNotice),
      onDeath: (error) => {
        this.#connected.reset();
        onDeath(error);
      },
    });
  }

  /** Opens the collection. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.#host.connection(signal);
  }

  /** Calls a method of the store worker; the arguments come without the options object. */
  async call<M extends keyof StoreApi>(
    method: M,
    args: readonly unknown[],
    options: object,
    remote: RemoteOptions,
  ): Promise<Result<M>> {
    const connection = await this.#host.connection(remote.signal);
    return connection.call<Result<M>>(method, [...args, options], remote);
  }

  /** Makes sure that the store worker can reach the embedder. */
  async ready({ signal }: CallOptions): Promise<void> {
    await this.#connected.get({ signal });
  }

  /** Lets the store finish what it has acknowledged, then ends the worker. */
  async close(): Promise<void> {
    const closing = this.#host.running?.call('close', [{}]).catch(() => {});
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 500))]);
    this.#host.close();
  }

  async #connect(): Promise<void> {
    const connection = await this.#host.connection();
    const { port1, port2 } = new MessageChannel();
    await connectEmbedder(this.#embedder, port1, (error) => void this.#lost(connection, error));
    await connection.call('setEmbedder', [port2, {}], { transfer: [port2] });
  }

  /** The embedder's worker is gone. Where the store worker waits for an answer it is given the next one. */
  async #lost(connection: Connection, reason: InpageError): Promise<void> {
    this.#connected.reset();
    const drop = (error: unknown) => connection.call<boolean>('dropEmbedder', [serializeError(error), {}]);
    // A store worker that is gone itself waits for nothing.
    if (!(await drop(reason).catch(() => false))) return;
    await this.ready({}).catch((error) => drop(error).catch(() => {}));
  }
}
