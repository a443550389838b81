// @babycommando/entity-db: one IndexedDB record a vector, all of them read again for each query.
import { EntityDB } from '@babycommando/entity-db';
import type { VectorSystem } from './suite.ts';

const options = { vectorPath: 'vector' };

/** Inserts under way at a time: one by one it would wait for each transaction. */
const together = 200;

const system: VectorSystem = {
  async build(dataset) {
    const database = new EntityDB(options);
    for (const { first, rows, data } of dataset.batches(together)) {
      const inserts = Array.from({ length: rows }, (_, i) =>
        database.insertManualVectors({
          row: first + i,
          vector: Array.from(data.subarray(i * dataset.dimension, (i + 1) * dataset.dimension)),
        }),
      );
      await Promise.all(inserts);
    }
    return { note: `inserted ${together} at a time` };
  },

  async open() {
    const database = new EntityDB(options);
    return {
      search: async (query, k) =>
        (await database.queryManualVectors(Array.from(query), { limit: k })).map((hit) => hit.row as number),
    };
  },
};

export default system;
