// hnswlib-wasm: an HNSW graph in WASM, written to IndexedDB through Emscripten's file system.
import { defaultParams, type HierarchicalNSW, loadHnswlib, syncFileSystem } from 'hnswlib-wasm';
import { getRecord, openRecords, putRecords } from '../idb.ts';
import type { VectorSystem } from './suite.ts';

const file = 'bench.dat';

/** Candidates kept while searching. */
const efSearch = 64;

const system: VectorSystem = {
  async build(dataset) {
    const library = await loadHnswlib();
    const index: HierarchicalNSW = new library.HierarchicalNSW('ip', dataset.dimension, '');
    const [m, efConstruction, seed] = defaultParams.initIndex;
    index.initIndex(dataset.n, m, efConstruction, seed);
    for (const { first, rows, data } of dataset.batches(1000)) {
      for (let i = 0; i < rows; i++) {
        index.addPoint(data.subarray(i * dataset.dimension, (i + 1) * dataset.dimension), first + i, false);
      }
    }
    // It stores by itself, but its promise does not wait for that.
    await index.writeIndex(file);
    while (!library.EmscriptenFileSystemManager.isSynced()) await new Promise((resolve) => setTimeout(resolve, 10));
    await putRecords(await openRecords('hnswlib'), [['shape', [dataset.dimension, dataset.n]]]);
    return { note: `HNSW, M ${m}, efConstruction ${efConstruction} (its defaults), efSearch ${efSearch}` };
  },

  async open() {
    const [dimension, n] = (await getRecord(await openRecords('hnswlib'), 'shape')) as [number, number];
    const library = await loadHnswlib();
    await syncFileSystem('read');
    const index: HierarchicalNSW = new library.HierarchicalNSW('ip', dimension, '');
    await index.readIndex(file, n);
    index.setEfSearch(efSearch);
    return { search: (query, k) => index.searchKnn(query, k, undefined).neighbors };
  },
};

export default system;
