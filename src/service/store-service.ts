// What the worker of the collection offers. Documents go in and passages come out; vectors never touch the page.
import type { Service } from '../runtime/rpc.ts';
import type { StoreApi } from '../spec/worker-api.ts';
import { deserializeError, type InpageError, type SerializedError } from '../util/errors.ts';
import { collectionService } from './collection-service.ts';
import { EmbedderLink } from './embedder-link.ts';

/** Makes the service; the collection follows with `open`, the embedder with `setEmbedder`. */
export function storeService(): Service {
  const { api: collection, store } = collectionService();
  const link = new EmbedderLink();
  /** Whether the store knows that the embedder's vectors are of its space. */
  let bound = false;

  const api: StoreApi = {
    ...collection,
    setEmbedder(port) {
      link.set(port);
      bound = false;
    },
    dropEmbedder: (reason) => link.drop(deserializeError(reason as SerializedError) as InpageError),
    async add(sources, chunker, options) {
      // Readers of documents are not needed for searching.
      const { addSources } = await import('./add-sources.ts');
      return link.use((embedder) => addSources(sources, { store: store(), embedder, chunker }, options));
    },
    async search(queries, { signal, k, filter, mode, fusion, exact, oversample, explain }) {
      const options = { k, filter, mode, fusion, exact, oversample, explain, signal };
      if (mode === 'lexical') return store().search(queries.map((text) => ({ ...options, text })));
      return link.use(async ({ load, embed }) => {
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
      });
    },
    clear(options) {
      bound = false;
      return collection.clear(options);
    },
  };
  return { ...api };
}
