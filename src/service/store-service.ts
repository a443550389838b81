// What the worker of the collection offers. Documents go in and passages come out; vectors never touch the page.
import type { Service } from '../runtime/rpc.ts';
import type { Embedder, EmbeddingSpace } from '../spec/embedder.ts';
import type { StoreApi } from '../spec/worker-api.ts';
import { Shared } from '../util/async.ts';
import { deserializeError, type InpageError, type SerializedError } from '../util/errors.ts';
import { AdapterKeeper } from './adapter-keeper.ts';
import { collectionService } from './collection-service.ts';
import { EmbedderLink } from './embedder-link.ts';
import type { OutlineKeeper } from './outline-keeper.ts';

/** Makes the service; the collection follows with `open`, the embedder with `setEmbedder`. */
export function storeService(): Service {
  const { api: collection, store, name } = collectionService();
  const records = async () => {
    const { recordsOf } = await import('../store/records.ts');
    return recordsOf(name(), (await store().stats()).persistent);
  };
  const adapters = new AdapterKeeper(store, records);
  let outlines: Promise<OutlineKeeper> | undefined;
  const link = new EmbedderLink();
  /** Loaded when it is first asked for, with the library of graphs. */
  const graphs = new Shared(async () => {
    const { GraphKeeper } = await import('./graph-keeper.ts');
    return new GraphKeeper(store, records, async (question, options) => (await api.search([question], options))[0]!);
  });
  /** The embedder's space, once the store knows that it is its own. */
  let bound: EmbeddingSpace | undefined;

  /** Vectors of questions, corrected by what was learned; undefined for a collection that has no space yet. */
  const vectorsOf = async (queries: readonly string[], { load, embed }: Embedder, signal: AbortSignal | undefined) => {
    if (!bound) {
      // Asking must not decide on the space of a collection that has none yet.
      if (!(await store().stats()).space) return undefined;
      const { space } = await load({ signal });
      await store().bind(space);
      bound = space;
    }
    const { data, dimension } = await embed(queries, { kind: 'query', signal });
    await adapters.apply(bound, data);
    return queries.map((_, i) => data.subarray(i * dimension, (i + 1) * dimension));
  };

  const api: StoreApi = {
    ...collection,
    setEmbedder(port) {
      link.set(port);
      bound = undefined;
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
      return link.use(async (embedder) => {
        const vectors = await vectorsOf(queries, embedder, signal);
        return vectors
          ? store().search(queries.map((text, i) => ({ ...options, text, vector: vectors[i]! })))
          : queries.map(() => []);
      });
    },
    outline: (query, { count = 3, signal }) =>
      link.use(async (embedder) => {
        const [vector] = (await vectorsOf([query], embedder, signal)) ?? [];
        // Few strategies ask for it.
        outlines ??= import('./outline-keeper.ts').then(({ OutlineKeeper }) => new OutlineKeeper(store, records));
        return vector ? (await outlines).groups(vector, count, { signal }) : [];
      }),
    graph: (async (method, args, options) => {
      const keeper = await graphs.get();
      return (keeper[method] as (...args: unknown[]) => unknown).call(keeper, ...args, options);
    }) as StoreApi['graph'],
    feedback: (pair) => adapters.feedback(pair),
    adapt: (pairs, { seed, signal, onProgress }) =>
      link.use((embedder) => adapters.adapt(pairs, embedder, { seed, signal, onProgress })),
    forgetAdapter: () => adapters.forget(),
    adapterInfo: () => adapters.info(),
    async clear(options) {
      bound = undefined;
      await collection.clear(options);
      await (await records()).clear();
      adapters.reset();
      outlines = undefined;
      graphs.reset();
    },
  };
  return { ...api };
}
