// Whether an adapter is worth keeping: what questions that it has not seen gain by it.
import { bootstrap } from '../eval/bootstrap.ts';
import type { AdapterScores, AdaptResult } from '../spec/adapter.ts';
import { InpageError } from '../util/errors.ts';

/** Fewer questions tell nothing. */
const leastQuestions = 30;
/** Share of the questions that is held out. */
export const heldOutShare = 1 / 3;
/** Places of a ranking that count. */
export const depth = 10;
/** The interval is of so much probability. */
const level = 0.9;

/** @throws InpageError `invalid-argument` for too few questions */
export function checkEnough(questions: number): void {
  if (questions >= leastQuestions) return;
  throw new InpageError(
    'invalid-argument',
    `An adapter needs ${leastQuestions} questions with a passage that answers them, and there are ${questions}. Give more pairs.`,
    { detail: { questions } },
  );
}

/** Compares the same questions without the adapter and with it; it is kept if the whole interval of the gain is above 0. */
export function judge(
  before: readonly AdapterScores[],
  after: readonly AdapterScores[],
  pairs: AdaptResult['pairs'],
  seed: number,
): AdaptResult {
  const gain = bootstrap(
    after.map(({ ndcg }, i) => ndcg - before[i]!.ndcg),
    { level, seed },
  );
  return { kept: gain.low > 0, before: means(before), after: means(after), gain, pairs };
}

function means(scores: readonly AdapterScores[]): AdapterScores {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { ndcg: mean(scores.map(({ ndcg }) => ndcg)), mrr: mean(scores.map(({ mrr }) => mrr)) };
}
