// Measures how well passages are found: each question of a test set is asked once, and its ranking rated.
import type { ProgressOptions } from '../spec/call.ts';
import type { AskOptions, Retrieval } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { allAt, averagePrecision, hitAt, ndcgAt, precisionAt, recallAt, reciprocalRank } from './ranking.ts';
import { rankedIds, type TestCase, type TestSet } from './test-set.ts';

/** What finds passages: an assistant, or anything that has this of it. */
export interface Finder {
  retrieve(question: string, options?: AskOptions): Promise<Retrieval>;
}

/** How far a measurement is: questions. */
export interface EvaluationProgress {
  done: number;
  total: number;
}

/** Options of {@link evaluateRetrieval}. */
export interface EvaluateRetrievalOptions extends ProgressOptions<EvaluationProgress> {
  /** Passages asked for, 1–50. @default 10 */
  k?: number;
}

/** What one question gave. */
export interface CaseResult {
  id: string;
  /** Values by the name of the measure. */
  values: Record<string, number>;
  /** How long it took, ms. */
  ms: number;
  /** Probability that the passages hold the answer, where the strategy has judged it. */
  confidence?: number;
}

const cutoffs = [1, 2, 3, 5, 10];

/**
 * Asks each question for its passages, one after the other.
 * @returns one result a question, in their order: `recall@k`, `precision@k`, `hit@k`, `all@k` (everything found) for k of 1, 2, 3, 5
 *   and 10, `ndcg@10`, `mrr@3`, `mrr@10`, `map`
 * @throws InpageError `invalid-argument` for a question without gold; AbortError; what `retrieve` throws
 */
export async function evaluateRetrieval(
  finder: Finder,
  { cases }: TestSet,
  options: EvaluateRetrievalOptions = {},
): Promise<CaseResult[]> {
  const { k, signal, onProgress } = withDefaults({ k: 10 }, options);
  const results: CaseResult[] = [];
  for (const item of cases) {
    signal?.throwIfAborted();
    if (item.gold.length === 0) {
      throw new InpageError(
        'invalid-argument',
        `Question "${item.id}" has no gold. Name at least one document that it should find.`,
      );
    }
    const started = performance.now();
    const { hits, confidence } = await finder.retrieve(item.question, { k, signal });
    const ms = performance.now() - started;
    results.push({ id: item.id, values: rate(hits, item), ms, ...(confidence !== undefined && { confidence }) });
    onProgress?.({ done: results.length, total: cases.length });
  }
  return results;
}

/** All measures of one ranking. */
function rate(hits: Retrieval['hits'], { gold }: TestCase): Record<string, number> {
  const { ranked, relevant } = rankedIds(hits, gold);
  const values: Record<string, number> = {
    'ndcg@10': ndcgAt(10, ranked, relevant),
    'mrr@3': reciprocalRank(ranked, relevant, 3),
    'mrr@10': reciprocalRank(ranked, relevant, 10),
    map: averagePrecision(ranked, relevant),
  };
  for (const k of cutoffs) {
    values[`recall@${k}`] = recallAt(k, ranked, relevant);
    values[`precision@${k}`] = precisionAt(k, ranked, relevant);
    values[`hit@${k}`] = hitAt(k, ranked, relevant);
    values[`all@${k}`] = allAt(k, ranked, relevant);
  }
  return values;
}
