// Measures answers: each question of a test set is asked once, and what is said is compared with the right answers and the documents.
import type { ProgressOptions } from '../spec/call.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Filter } from '../spec/metadata.ts';
import type { AnswerEvent, AskOptions } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { containsAnswer, exactMatch, tokenF1 } from './answer-text.ts';
import { checkQuotes, type QuoteViolation, type TextReader } from './check-quotes.ts';
import type { CaseResult, EvaluationProgress } from './evaluate-retrieval.ts';
import type { Judge } from './judge.ts';
import { bleu, rougeL } from './overlap.ts';
import { answerRelevance, citedShare, contextPrecision, contextRecall, contextRelevance, faithfulness } from './quality.ts';
import type { TestCase } from './test-set.ts';

/** What answers: an assistant, or anything that has this of it. */
export interface Answerer extends TextReader {
  ask(question: string, options?: AskOptions): AsyncIterable<AnswerEvent>;
}

/** A question with what limits its documents. */
export interface AnswerCase extends TestCase {
  filter?: Filter;
}

/** Options of {@link evaluateAnswers}: what every question is asked with, progress, and who judges. */
export interface EvaluateAnswersOptions extends Omit<AskOptions, 'filter' | 'history'>, ProgressOptions<EvaluationProgress> {
  /** Judges passages and answers too. @default none */
  judge?: Judge;
  /** Tells how near an answer is to its question. @default none */
  embedder?: Embedder;
}

/** What one question gave. */
export interface AnswerResult extends CaseResult {
  answer: string;
  reason: 'stop' | 'length' | 'abstained';
  /** Sentences of the answer, and those that a quote supports. */
  sentences: number;
  supported: number;
  /** Quotes that are not where they should be. */
  violations: QuoteViolation[];
  /** Tokens that the chat model read and wrote. */
  tokens: number;
}

/**
 * Asks each question, one after the other.
 * @returns one result a question, in their order: `abstained`; where it did not abstain `cited` (share of sentences supported); where
 *   right answers are known `em`, `f1`, `contained`, `bleu`, `rouge-l`, which an abstention has as 0; with a judge `context-relevance`,
 *   `context-precision`, where right answers are known `context-recall`, and `faithfulness` of what is no abstention; with an embedder
 *   its `answer-relevance`
 * @throws AbortError; what `ask` throws
 */
export async function evaluateAnswers(
  answerer: Answerer,
  cases: readonly AnswerCase[],
  { onProgress, judge, embedder, ...options }: EvaluateAnswersOptions = {},
): Promise<AnswerResult[]> {
  const results: AnswerResult[] = [];
  for (const item of cases) {
    options.signal?.throwIfAborted();
    results.push(await askOne(answerer, item, options, { judge, embedder }));
    onProgress?.({ done: results.length, total: cases.length });
  }
  return results;
}

async function askOne(
  answerer: Answerer,
  item: AnswerCase,
  options: AskOptions,
  judges: Pick<EvaluateAnswersOptions, 'judge' | 'embedder'>,
): Promise<AnswerResult> {
  const { id, question, answers, filter } = item;
  const started = performance.now();
  for await (const event of answerer.ask(question, { ...options, filter })) {
    if (event.type !== 'done') continue;
    const ms = performance.now() - started;
    const { answer, reason, citations, usage } = event;
    const abstained = reason === 'abstained';
    const violations = await checkQuotes(answer, citations, answerer, options);
    const values: Record<string, number> = { abstained: abstained ? 1 : 0, ...(!abstained && { cited: citedShare(citations) }) };
    if (answers) {
      const said = abstained ? '' : answer;
      values.em = exactMatch(said, answers);
      values.f1 = tokenF1(said, answers);
      values.contained = containsAnswer(said, answers);
      values.bleu = bleu(said, answers);
      values['rouge-l'] = rougeL(said, answers);
    }
    Object.assign(values, await judged(item, event, judges, options));
    return {
      id,
      values,
      ms,
      answer,
      reason,
      sentences: citations.length,
      supported: citations.filter(({ supported }) => supported).length,
      violations,
      tokens: usage.promptTokens + usage.completionTokens,
    };
  }
  throw new InpageError(
    'generation-failed',
    `The answer to "${question}" ended without its last event. The strategy must give a "done".`,
  );
}

type Done = Extract<AnswerEvent, { type: 'done' }>;

/** What judges say of an answer and its passages. */
async function judged(
  { question, answers }: AnswerCase,
  { answer, reason, hits }: Done,
  { judge, embedder }: Pick<EvaluateAnswersOptions, 'judge' | 'embedder'>,
  { signal }: AskOptions,
): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  const call = { signal };
  if (judge) {
    values['context-relevance'] = await contextRelevance(judge, question, hits, call);
    values['context-precision'] = await contextPrecision(judge, question, hits, call);
    if (answers?.[0]) values['context-recall'] = await contextRecall(judge, answers[0], hits, call);
    if (reason !== 'abstained') values.faithfulness = await faithfulness(judge, answer, hits, call);
  }
  if (embedder && reason !== 'abstained') values['answer-relevance'] = await answerRelevance(embedder, question, answer, call);
  return values;
}
