// What the worker of the collection offers. Documents go in and passages come out; vectors never touch the page.
import { Connection, type Service } from '../runtime/rpc.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { StoreApi } from '../spec/worker-api.ts';
import { deserializeError, InpageError, type SerializedError } from '../util/errors.ts';
import { collectionService } from './collection-service.ts';

/** Makes the service; the collection follows with `open`, the embedder with `setEmbedder`. */
export function storeService(): Service {
  const { api: collection, store } = collectionService();
  let connection: Connection | undefined;
  /** Whether the store knows that the embedder's vectors are of its space. */
  let bound = false;

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

  const api: StoreApi = {
    ...collection,
    setEmbedder(port) {
      connection = new Connection(port);
      bound = false;
    },
    dropEmbedder(reason) {
      connection?.fail(deserializeError(reason as SerializedError));
      connection = undefined;
    },
    async add(sources, chunker, options) {
      // Readers of documents are not needed for searching.
      const { addSources } = await import('./add-sources.ts');
      return addSources(sources, { store: store(), embedder: embedder(), chunker }, options);
    },
    async search(queries, { signal, k, filter, mode, fusion, exact, oversample, explain }) {
      const options = { k, filter, mode, fusion, exact, oversample, explain, signal };
      if (mode === 'lexical') return store().search(queries.map((text) => ({ ...options, text })));
      const { load, embed } = embedder();
      if (!bound) {
        // Asking must not decide on the space of a collection that has none yet.
        if (!(await store().stats()).space) return queries.map(() => []);
        await store().bind((await load({ signal })).space);
        bound = true;
      }
      const { data, dimension } = await embed(queries, { kind: 'query', signal });
      return store().search(
        queries.map((text, index) => ({ ...options, text, vector: data.subarray(index * dimension, (index + 1) * dimension) })),
      );
    },
    clear(options) {
      bound = false;
      return collection.clear(options);
    },
  };
  return { ...api };
}
