// @orama/orama: vector search over objects in memory; what `save()` gives is put into IndexedDB.
import { create, insertMultiple, load, type RawData, save, search } from '@orama/orama';
import { getRecord, openRecords, putRecords } from '../idb.ts';
import type { OpenSystem } from '../system.ts';
import type { VectorSystem } from './suite.ts';

const name = 'orama';

/** @param dimension length of the vectors */
const newIndex = (dimension: number) => create({ schema: { vector: `vector[${dimension}]` } as const });

type Index = ReturnType<typeof newIndex>;

const system: VectorSystem = {
  async build(dataset) {
    const index = newIndex(dataset.dimension);
    for (const { first, rows, data } of dataset.batches(1000)) {
      const documents = Array.from({ length: rows }, (_, i) => ({
        id: String(first + i),
        vector: Array.from(data.subarray(i * dataset.dimension, (i + 1) * dataset.dimension)),
      }));
      await insertMultiple(index, documents, documents.length);
    }
    const note = 'similarity 0 (the default, 0.8, finds nothing here)';
    try {
      const database = await openRecords(name);
      await putRecords(database, [
        ['index', save(index)],
        ['dimension', dataset.dimension],
      ]);
    } catch (error) {
      return { note: `${note}; not stored: ${(error as Error).message}`, inMemory: searcher(index) };
    }
    return { note };
  },

  async open() {
    const database = await openRecords(name);
    const index = newIndex((await getRecord(database, 'dimension')) as number);
    load(index, (await getRecord(database, 'index')) as RawData);
    return searcher(index);
  },
};

function searcher(index: Index): OpenSystem<Float32Array> {
  return {
    async search(query, k) {
      const { hits } = await search(index, {
        mode: 'vector',
        vector: { value: Array.from(query), property: 'vector' },
        similarity: 0,
        limit: k,
      });
      return hits.map(({ id }) => Number(id));
    },
  };
}

export default system;
