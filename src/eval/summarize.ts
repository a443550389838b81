// A run in figures: one row a strategy, with how far it is from another one on the same questions.
import { InpageError } from '../util/errors.ts';
import { bootstrap, type Estimate, mean, type ResampleOptions } from './bootstrap.ts';
import type { CaseResult } from './evaluate-retrieval.ts';
import { compare, type Difference } from './paired.ts';

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
  /** Differences from another strategy of the run, by measure, this one first. */
  versus?: { strategy: string; metrics: Record<string, Difference> };
}

/** Options of {@link summarize}. */
export interface SummarizeOptions extends ResampleOptions {
  /** That the chat model read and wrote, for all questions together. @default 0 */
  tokens?: number;
  /** What to compare with. */
  baseline?: { strategy: string; results: readonly CaseResult[] };
}

/**
 * Means with intervals, of each measure that the results have.
 * @throws InpageError `invalid-argument` where there is no result, or the baseline is of other questions
 */
export function summarize(strategy: string, results: readonly CaseResult[], options: SummarizeOptions = {}): Row {
  const { tokens = 0, baseline } = options;
  const metrics: Row['metrics'] = {};
  for (const name of new Set(results.flatMap(({ values }) => Object.keys(values)))) {
    const values = results.map((result) => result.values[name]).filter((value) => value !== undefined);
    metrics[name] = bootstrap(values, options);
  }
  return {
    strategy,
    n: results.length,
    metrics,
    msPerQuery: mean(results.map(({ ms }) => ms)),
    tokens: tokens / results.length,
    ...(baseline && { versus: { strategy: baseline.strategy, metrics: compareRuns(results, baseline.results, options) } }),
  };
}

/**
 * Differences between two runs over the same questions, whatever their order, for each measure that both have.
 * @throws InpageError `invalid-argument` where a question is in one of them only
 */
export function compareRuns(
  first: readonly CaseResult[],
  second: readonly CaseResult[],
  options?: ResampleOptions,
): Record<string, Difference> {
  const others = new Map(second.map((result) => [result.id, result.values]));
  const pairs = first.map(({ id, values }) => {
    const other = others.get(id);
    if (!other || others.size !== first.length) {
      throw new InpageError(
        'invalid-argument',
        `The runs are not of the same questions ("${id}"). Measure both on one test set.`,
      );
    }
    return [values, other] as const;
  });
  const differences: Record<string, Difference> = {};
  for (const name of new Set(pairs.flatMap(([values]) => Object.keys(values)))) {
    const both = pairs.filter(([values, other]) => values[name] !== undefined && other[name] !== undefined);
    if (both.length === 0) continue;
    const of = (side: 0 | 1) => both.map((pair) => pair[side][name]!);
    differences[name] = compare(of(0), of(1), options);
  }
  return differences;
}
