// The vector suite: its systems, its vectors, its queries.
import type { Suite, System } from '../system.ts';
import { type Dataset, type DatasetSettings, fetchRows, openDataset, type RowSettings } from './dataset.ts';

/** A system that stores unit vectors and gives the nearest ones of a unit vector. */
export type VectorSystem = System<Dataset, Float32Array>;

/** Everything that `npm run bench -- index` compares. */
export const dense: Suite<DatasetSettings, Dataset, RowSettings, Float32Array> = {
  systems: {
    'float32-scan': () => import('./float32-scan.ts'),
    inpage: async () => (await import('./inpage.ts')).whole,
    'inpage-small': async () => (await import('./inpage.ts')).small,
    'client-vector-search': () => import('./client-vector-search.ts'),
    edgevec: () => import('./edgevec.ts'),
    'entity-db': () => import('./entity-db.ts'),
    'hnswlib-wasm': () => import('./hnswlib-wasm.ts'),
    orama: () => import('./orama.ts'),
    pglite: () => import('./pglite.ts'),
  },
  openData: openDataset,
  openQueries: fetchRows,
};
