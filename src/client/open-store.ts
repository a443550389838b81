// A collection by itself, in its worker: for pages that bring their own vectors.

import type { RemoteOptions } from '../runtime/rpc.ts';
import type { AssistantEvent } from '../spec/assistant.ts';
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { Hit, ImportOptions, ImportSource, Store, StoreProgress, StoreQuery, VectorDocument } from '../spec/store.ts';
import type { StoreServer } from '../spec/store-server.ts';
import type { CollectionApi } from '../spec/worker-api.ts';
import { InpageError } from '../util/errors.ts';
import { inFlight } from '../util/in-flight.ts';
import { openRemote } from './open-remote.ts';
import { absoluteServer } from './store-server.ts';
import { exportStream, importFile, type TransferCall } from './transfer.ts';
import { batches, compact } from './vector-batches.ts';
import { WorkerHost } from './worker-host.ts';

/** Which collection is opened, and how. */
export interface OpenStoreOptions extends CallOptions {
  /** Name of the collection; one IndexedDB database a name. */
  name: string;
  /** What makes the vectors comparable: at least the model's name and the dimension. A collection that has documents knows it. */
  space?: Pick<EmbeddingSpace, 'model' | 'dimension'> & Partial<EmbeddingSpace>;
  /** See `AssistantOptions.memory`. */
  memory?: number;
  /** Keeps the collection on a server instead of in the browser. Search is dense only; there are no files. */
  server?: StoreServer;
  onEvent?: (event: AssistantEvent) => void;
}

/** A store in a worker. */
export interface RemoteStore extends Omit<Store, 'write' | 'bind' | 'export' | 'import'> {
  /** The collection as one file. @throws as `Store.export`, when the stream is read */
  export(options?: ProgressOptions<StoreProgress>): ReadableStream<Uint8Array>;
  /** Adds the documents of a file, all or none. @throws as `Store.import` */
  import(source: ImportSource, options?: ImportOptions): Promise<{ documents: number; chunks: number }>;
}

const largestInFlight = 8;
const anySpace = { revision: 'main', pooling: 'mean', normalized: true, prefix: { query: '', passage: '' } } as const;

/**
 * Opens a collection in a worker of its own, without an embedding model.
 * @throws InpageError `embedding-mismatch` for a collection of another space, `worker-failed`, `storage-failed`
 */
export async function openStore({
  name,
  space,
  memory,
  server,
  signal,
  onEvent = () => {},
}: OpenStoreOptions): Promise<RemoteStore> {
  signal?.throwIfAborted();
  const settings = { name, memory, server: absoluteServer(server) };
  const bound = space ? [{ ...anySpace, ...space }] : [];
  const host = new WorkerHost('store', {
    start: async (connection) => {
      await openRemote(connection, settings, onEvent);
      for (const full of bound) await connection.call('bind', [full, {}]);
    },
    onDeath: (error) => onEvent({ type: 'worker-died', worker: 'store', message: error.message }),
  });
  try {
    await host.connection(signal);
  } catch (error) {
    host.close();
    throw error;
  }

  const call = async <M extends keyof CollectionApi>(
    method: M,
    args: readonly unknown[],
    options: RemoteOptions = {},
  ): Promise<Awaited<ReturnType<CollectionApi[M]>>> => {
    const connection = await host.connection(options.signal);
    return (await connection.call(method, [...args, {}], options)) as never;
  };

  const transfer: TransferCall = async (method, args, given, remote) => {
    const connection = await host.connection(remote.signal);
    return (await connection.call(method, [...args, given], remote)) as never;
  };

  const find = async (queries: readonly StoreQuery[]): Promise<Hit[][]> =>
    call('find', [queries.map(({ signal: _, ...query }) => ({ ...query, vector: query.vector && compact(query.vector) }))], {
      signal: queries.find((query) => query.signal)?.signal,
    });

  return {
    async add(documents, { signal, onProgress } = {}) {
      const durable = { documents: 0, chunks: 0 };
      // What is wrong with a document the worker says.
      const namesOf = (batch: readonly VectorDocument[]) => batch.map((document) => document?.id);
      await inFlight(batches(documents), { namesOf, most: largestInFlight, signal }, async (batch) => {
        const added = await call('put', [batch], { signal });
        durable.documents += added.documents;
        durable.chunks += added.chunks;
        onProgress?.({ ...durable });
      });
      return durable;
    },
    // One query or several; the declared overloads say which gives what.
    async search(query: StoreQuery | readonly StoreQuery[]): Promise<never> {
      const one = !Array.isArray(query);
      const hits = await find(one ? [query as StoreQuery] : (query as readonly StoreQuery[]));
      return (one ? hits[0] : hits) as never;
    },
    list: () => call('list', []),
    hash: (id) => call('hash', [id]),
    text: (id, start, end) => call('text', [id, { start, end }]),
    passages: (id, wanted = {}) => call('passages', [id, wanted]),
    remove: (ids) => call('remove', [ids]),
    clear: async () => {
      await call('clear', []);
      for (const full of bound) await call('bind', [full]);
    },
    compact: ({ signal, onProgress } = {}) => call('compact', [], { signal, onProgress }),
    export: (options) => exportStream(transfer, options),
    import: (source, options) => importFile(transfer, source, options),
    stats: () => call('stats', []),
    async close() {
      const closing = host.running?.call('close', [{}]).catch((error) => {
        if (!InpageError.is(error, 'closed')) throw error;
      });
      await closing;
      host.close();
    },
  };
}
