// The vector suite: its vectors and its queries.
import type { Suite, System } from '../system.ts';
import { type Dataset, type DatasetSettings, fetchRows, openDataset, type RowSettings } from './dataset.ts';

/** A system that stores unit vectors and gives the nearest ones of a unit vector. */
export type VectorSystem = System<Dataset, Float32Array>;

/** What `npm run bench -- index` compares by. */
export const dense: Suite<DatasetSettings, Dataset, RowSettings, Float32Array> = {
  openData: openDataset,
  openQueries: fetchRows,
};
