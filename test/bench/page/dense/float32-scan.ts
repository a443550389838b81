// The yardstick: float32 rows in packed IndexedDB records, scanned in the page in plain JavaScript.

import { getRecord, openRecords, putRecords, recordKeys } from '../idb.ts';
import { TopK } from '../top-k.ts';
import type { VectorSystem } from './suite.ts';

const name = 'float32-scan';

/** Rows a record: 3 MB at 384 dimensions. */
const recordRows = 2048;

const system: VectorSystem = {
  async build(dataset) {
    const database = await openRecords(name);
    for (const { first, data } of dataset.batches(recordRows)) {
      await putRecords(database, [[first, data.slice()]]);
    }
    await putRecords(database, [[-1, dataset.dimension]]);
    database.close();
    return { note: 'exact; packed records, durable one by one' };
  },

  async open() {
    const database = await openRecords(name);
    const [, ...firsts] = (await recordKeys(database)) as number[];
    const [dimension, ...records] = (await Promise.all([-1, ...firsts].map((first) => getRecord(database, first)))) as [
      number,
      ...Float32Array[],
    ];
    return {
      search(query, k) {
        const top = new TopK(k);
        records.forEach((rows, i) => {
          const first = firsts[i]!;
          for (let at = 0, id = first; at < rows.length; at += dimension, id++) {
            let score = 0;
            for (let j = 0; j < dimension; j++) score += query[j]! * rows[at + j]!;
            if (score > top.threshold) top.offer(id, score);
          }
        });
        return top.ids;
      },
    };
  },
};

export default system;
