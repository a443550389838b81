// The true answers: every row against every query, in double precision.

import { TopK } from '../top-k.ts';
import type { Dataset } from './dataset.ts';

/** Rows a block: they stay in the cache while the queries pass. */
const blockRows = 512;

/** Scores closer than this count as equal, so that the order of equals decides nothing. */
const tie = 1e-6;

/**
 * @param allowed whether a row takes part
 * @returns for each query the ids that may stand among the best `k`: the best `k` and those equal to the last of them
 */
export function exactAnswers(
  dataset: Dataset,
  queries: readonly Float32Array[],
  k: number,
  allowed: (row: number) => boolean = () => true,
): number[][] {
  const { dimension } = dataset;
  const best = queries.map(() => new TopK(2 * k));
  for (const { first, rows, data } of dataset.batches(blockRows)) {
    const inBlock: number[] = [];
    for (let row = 0; row < rows; row++) if (allowed(first + row)) inBlock.push(row);
    queries.forEach((query, q) => {
      const top = best[q]!;
      for (const row of inBlock) {
        const score = dot(query, data, row * dimension);
        if (score > top.threshold) top.offer(first + row, score);
      }
    });
  }
  return best.map(({ ids, scores }) => ids.filter((_, i) => i < k || scores[i]! >= scores[k - 1]! - tie));
}

/** Share of the `k` nearest, or of all where there are fewer, that answers have found. @param right of {@link exactAnswers} */
export function recall(answers: readonly (readonly number[])[], right: readonly (readonly number[])[], k: number): number {
  const shares = answers.map((ids, i) => ids.filter((id) => right[i]!.includes(id)).length / Math.min(k, right[i]!.length));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
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
