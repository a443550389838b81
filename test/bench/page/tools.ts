// What the driver needs besides the measurements: exact answers, words to look for, embeddings, statistics.
import { type DatasetSettings, fetchRows, openDataset, type RowSettings } from './dense/dataset.ts';
import { exactAnswers } from './dense/exact.ts';

export { conditions } from './dense/conditions.ts';
export { recall } from './dense/exact.ts';
export { embedTexts } from './embed.ts';
export { wordQueries } from './lexical/passages.ts';
export { retrieval } from './retrieval.ts';
export { percentiles, ratioOfMedians } from './statistics.ts';

/** For each query the ids that may be among its `k` nearest. */
export async function exact(dataset: DatasetSettings, queries: RowSettings, k: number): Promise<number[][]> {
  return exactAnswers(await openDataset(dataset), await fetchRows(queries), k);
}
