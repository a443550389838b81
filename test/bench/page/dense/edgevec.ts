// EdgeVec: an HNSW graph in WASM with its own IndexedDB storage.
import init, { EdgeVec, EdgeVecConfig } from 'edgevec';
import type { OpenSystem } from '../system.ts';
import type { VectorSystem } from './suite.ts';

const name = 'bench';

const system: VectorSystem = {
  async build(dataset) {
    await init();
    const configuration = new EdgeVecConfig(dataset.dimension);
    // With `cosine` and `dot` it gives the least similar vectors; on unit vectors `l2` orders as the cosine does.
    configuration.metric = 'l2';
    const index = new EdgeVec(configuration);
    for (const { rows, data } of dataset.batches(1000)) index.insertBatchFlat(data, rows);
    await index.save(name);
    return { note: 'HNSW, l2, its defaults', inMemory: searcher(index) };
  },

  async open() {
    await init();
    return searcher(await EdgeVec.load(name));
  },
};

function searcher(index: EdgeVec): OpenSystem<Float32Array> {
  // It numbers from 1.
  return { search: (query, k) => (index.search(query, k) as { id: number }[]).map(({ id }) => id - 1) };
}

export default system;
