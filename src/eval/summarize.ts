// A run in figures: one row a strategy.
import { bootstrap, type Estimate, mean, type ResampleOptions } from './bootstrap.ts';
import type { CaseResult } from './evaluate-retrieval.ts';

/** Figures of a strategy over a test set. */
export interface Row {
  strategy: string;
  /** Questions. */
  n: number;
  metrics: Record<string, Estimate>;
  /** Mean time of a question. */
  msPerQuery: number;
  /** Mean tokens that the chat model read and wrote for a question. */
  tokens: number;
}

/**
 * Means with intervals, of each measure that the results have.
 * @param tokens of the chat model, all questions together
 * @throws InpageError `invalid-argument` where there is no result
 */
export function summarize(
  strategy: string,
  results: readonly CaseResult[],
  { tokens = 0, ...options }: ResampleOptions & { tokens?: number } = {},
): Row {
  const names = [...new Set(results.flatMap(({ values }) => Object.keys(values)))];
  const metrics = Object.fromEntries(
    names.map((name) => [
      name,
      bootstrap(
        results.map(({ values }) => values[name]).filter((value) => value !== undefined),
        options,
      ),
    ]),
  );
  const msPerQuery = mean(results.map(({ ms }) => ms));
  return { strategy, n: results.length, metrics, msPerQuery, tokens: tokens / results.length };
}
