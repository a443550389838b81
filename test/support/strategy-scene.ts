// A collection in memory with a stand-in for the embedding model, as strategies see it: the real index, chunker and ingestion.
import { createChunker } from '../../src/chunk/create-chunker.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { captureSource, sourceName } from '../../src/load/capture-source.ts';
import { loadSource } from '../../src/load/load-source.ts';
import type { ChunkerSettings } from '../../src/spec/chunker.ts';
import type { TextSource } from '../../src/spec/document.ts';
import type { Retriever, SearchOptions } from '../../src/spec/retriever.ts';
import type { Store } from '../../src/spec/store.ts';
import type { StrategyContext } from '../../src/spec/strategy.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { mockEmbedder } from '../../src/testing/mock-embedder.ts';
import { type MockLlmOptions, mockLlm } from '../../src/testing/mock-llm.ts';

export interface Scene {
  context: StrategyContext;
  store: Store;
  /** Adds documents. */
  add(documents: readonly TextSource[]): Promise<void>;
}

let scenes = 0;

/** Opens one. @param documents @param options.llm what the chat model says; by default the last line of its prompt */
export async function openScene(
  documents: readonly TextSource[],
  { llm = {}, chunker = {} }: { llm?: MockLlmOptions; chunker?: ChunkerSettings } = {},
): Promise<Scene> {
  const embedder = mockEmbedder({ dimension: 256 });
  const store = await openCollection({ name: `scene ${scenes++}` });
  const retriever: Retriever = {
    async search(query: string | readonly string[], { signal, ...options }: SearchOptions = {}): Promise<never> {
      const queries = typeof query === 'string' ? [query] : query;
      const { data, dimension } = await embedder.embed(queries, { kind: 'query', signal });
      const hits = await store.search(
        queries.map((text, i) => ({ text, vector: data.subarray(i * dimension, (i + 1) * dimension), ...options, signal })),
      );
      return (typeof query === 'string' ? hits[0] : hits) as never;
    },
    text: (document, { start, end } = {}) => store.text(document, start, end),
  };
  const scene: Scene = {
    context: { llm: mockLlm(llm), embedder, retriever },
    store,
    async add(sources) {
      const parts = { store, embedder, chunker: createChunker(chunker), load: loadSource, nameOf: sourceName };
      const { failed } = await ingest(sources.map(captureSource), parts);
      if (failed[0]) throw failed[0].error;
    },
  };
  await store.bind((await embedder.load()).space);
  await scene.add(documents);
  return scene;
}
