// client-vector-search: objects in memory, saved to and read from IndexedDB one by one.
import { EmbeddingIndex } from 'client-vector-search';
import type { VectorSystem } from './suite.ts';

const system: VectorSystem = {
  async build(dataset) {
    const index = new EmbeddingIndex();
    for (const { first, rows, data } of dataset.batches(1000)) {
      for (let i = 0; i < rows; i++) {
        const embedding = Array.from(data.subarray(i * dataset.dimension, (i + 1) * dataset.dimension));
        index.add({ row: first + i, embedding });
      }
    }
    await index.saveIndex('indexedDB');
    return { note: 'searched in memory' };
  },

  async open() {
    const stored = await new EmbeddingIndex().getAllObjectsFromIndexedDB();
    const index = new EmbeddingIndex(stored);
    return {
      search: async (query, k) =>
        (await index.search(Array.from(query), { topK: k, useStorage: 'none' })).map(({ object }) => object.row as number),
    };
  },
};

export default system;
