// The true answers: every row against every query, in double precision.
import type { Dataset } from './dataset.ts';
import { TopK } from './top-k.ts';

/** Rows a block: they stay in the cache while the queries pass. */
const blockRows = 512;

/** Scores closer than this count as equal, so that the order of equals decides nothing. */
const tie = 1e-6;

/**
 * @returns for each query the ids that may stand among the best `k`: the best `k` and those equal to the last of them
 */
export function exactAnswers(dataset: Dataset, queries: readonly Float32Array[], k: number): number[][] {
  const { dimension } = dataset;
  const best = queries.map(() => new TopK(2 * k));
  for (const { first, rows, data } of dataset.batches(blockRows)) {
    queries.forEach((query, q) => {
      const top = best[q]!;
      for (let row = 0, at = 0; row < rows; row++, at += dimension) {
        const score = dot(query, data, at);
        if (score > top.threshold) top.offer(first + row, score);
      }
    });
  }
  return best.map(({ ids, scores }) => ids.filter((_, i) => i < k || scores[i]! >= scores[k - 1]! - tie));
}

function dot(query: Float32Array, data: Float32Array, at: number): number {
  let first = 0;
  let second = 0;
  for (let i = 0; i < query.length; i += 2) {
    first += query[i]! * data[at + i]!;
    second += query[i + 1]! * data[at + i + 1]!;
  }
  return first + second;
}
