// What the worker of the collection offers. Documents go in and passages come out; vectors never touch the page.
import { createChunker } from '../chunk/create-chunker.ts';
import { ingest } from '../ingest/ingest.ts';
import { sourceName } from '../load/capture-source.ts';
import { loadSource } from '../load/load-source.ts';
import { Connection, type Service } from '../runtime/rpc.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Store } from '../spec/store.ts';
import type { StoreApi } from '../spec/worker-api.ts';
import { openCollection } from '../store/open-collection.ts';
import { deserializeError, InpageError, type SerializedError, serializeError } from '../util/errors.ts';

/** Makes the service; the collection follows with `open`, the embedder with `setEmbedder`. */
export function storeService(): Service {
  let store: Store;
  let connection: Connection | undefined;
  let closed: () => void = () => {};

  /** The embedder at the other end of the port. */
  const embedder = (): Embedder => {
    const remote = connection;
    if (!remote) throw new InpageError('worker-died', 'The embedding model is not connected. Call again.');
    return {
      load: ({ signal, onProgress } = {}) => remote.call('load', [{}], { signal, onProgress }),
      embed: (texts, { kind, signal } = {}) => remote.call('embed', [texts, { kind }], { signal }),
      close: async () => {},
    };
  };

  /** Whether the store knows that the embedder's vectors are of its space. */
  let bound = false;

  const api: StoreApi = {
    async open(name, { onProgress, signal }) {
      store = await openCollection({
        name,
        signal,
        onChange: () => onProgress?.({ type: 'collection-changed' }),
        onEvent: (event) => onProgress?.(event),
      });
      onProgress?.({ type: 'opened' });
      await new Promise<void>((resolve) => {
        closed = resolve;
      });
    },
    setEmbedder(port) {
      connection = new Connection(port);
      bound = false;
    },
    dropEmbedder(reason) {
      connection?.fail(deserializeError(reason as SerializedError));
      connection = undefined;
    },
    async add(sources, chunker, options) {
      const parts = { store, embedder: embedder(), chunker: createChunker(chunker), load: loadSource, nameOf: sourceName };
      const { failed, ...result } = await ingest(sources, parts, options);
      return { ...result, failed: failed.map((failure) => ({ ...failure, error: serializeError(failure.error) })) };
    },
    async search(query, { k, filter, signal }) {
      const { load, embed } = embedder();
      if (!bound) {
        // Asking must not decide on the space of a collection that has none yet.
        if (!(await store.stats()).space) return [];
        await store.bind((await load({ signal })).space);
        bound = true;
      }
      const { data } = await embed([query], { kind: 'query', signal });
      return store.search({ vector: data, k, filter, signal });
    },
    list: () => store.list(),
    text: (document, { start, end }) => store.text(document, start, end),
    remove: (documents) => store.remove(documents),
    clear() {
      bound = false;
      return store.clear();
    },
    stats: () => store.stats(),
    async close() {
      await store?.close();
      closed();
    },
  };
  return { ...api };
}
