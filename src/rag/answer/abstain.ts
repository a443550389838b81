// No answer, as a result of its own: with the reason, and what comes closest.
import type { Abstention, AnswerEvent, AskOptions, Retrieval } from '../../spec/strategy.ts';
import { withDefaults } from '../../util/options.ts';
import type { Stopwatch } from './stopwatch.ts';

/**
 * Below this confidence there is no answer. It refuses 2 of 100 questions that have one: on 636 held-out questions of NQ, and 1 of 40
 * on a product's documentation, which the weights have seen.
 */
export const leastConfidence = 0.15;
/** Cosine below which a passage is about something else. Those of the default embedding model rarely pass 0.5. */
const leastScore = 0.2;
/** Cosine of the closest passage from which a refusal is for want of the answer, not of the topic. */
const topicScore = 0.4;

/** Why nothing can be answered, if so, and the passages to answer from. */
export function weigh(
  { hits, confidence }: Retrieval,
  ask: AskOptions,
): { abstention?: Abstention; relevant: Retrieval['hits'] } {
  // A page that sets its own limit for passages has the say.
  const { minScore, minConfidence } = withDefaults(
    { minScore: leastScore, minConfidence: ask.minScore === undefined ? leastConfidence : 0 },
    { minScore: ask.minScore, minConfidence: ask.minConfidence },
  );
  const nearness = ({ scores, score }: Retrieval['hits'][number]) => scores.dense ?? score;
  const relevant = hits.filter((hit) => nearness(hit) >= minScore);
  if (relevant.length > 0 && (confidence ?? 1) >= minConfidence) return { relevant };
  const near = relevant.some((hit) => nearness(hit) >= topicScore);
  const reason = hits.length === 0 ? 'empty' : near ? 'unanswered' : 'irrelevant';
  return { abstention: { reason, confidence: confidence ?? 0, closest: hits }, relevant };
}

/** Says that there is no answer. */
export async function* abstain(
  text: string,
  abstention: Abstention,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const hits = abstention.closest;
  yield { type: 'retrieval', hits, used: 0 };
  watch.firstToken();
  yield { type: 'token', text };
  yield {
    type: 'done',
    answer: text,
    reason: 'abstained',
    method: 'extracted',
    abstention,
    hits,
    citations: [],
    timings: watch.finished(),
    usage: { promptTokens: 0, completionTokens: 0 },
  };
}
