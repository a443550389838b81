// A strategy out of its own part, finding passages; checks of the options and the way from passages to an answer are common to all.
import type { AskOptions, Retrieval, StepEvent, Strategy, StrategyContext } from '../spec/strategy.ts';
import { InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { type AnswerTexts, answerFrom } from './answer/answer-from.ts';
import { judgeConfidence } from './answer/confidence.ts';
import { Stopwatch } from './answer/stopwatch.ts';

/** Options common to all strategies. */
export interface StrategyOptions extends AnswerTexts {}

/** Passages that a strategy gives, unless the question says otherwise. */
export const defaultK = 4;

/** Options of a question with their defaults filled in. */
export type RetrieveOptions = AskOptions & { k: number };

/** What a strategy is made of. */
export interface StrategyParts {
  name: string;
  needs?: Strategy['needs'];
  /** Finds passages; `k` has been checked. */
  retrieve(question: string, context: StrategyContext, options: RetrieveOptions): AsyncGenerator<StepEvent, Retrieval, undefined>;
  /** Answers from them. @default answerFrom */
  answer?: typeof answerFrom;
}

/** Makes a strategy. Its calls throw InpageError `invalid-argument` for a `k` that is not a whole number from 1 to 50. */
export function defineStrategy({ name, needs, answer = answerFrom, ...parts }: StrategyParts, texts: AnswerTexts = {}): Strategy {
  /** Finds, has the page's reranker look, and judges whether what is found answers, where the strategy itself has not. */
  async function* retrieve(question: string, context: StrategyContext, options: RetrieveOptions) {
    const retrieval = yield* context.reranker ? reranked(question, context, options) : parts.retrieve(question, context, options);
    if (retrieval.confidence !== undefined || retrieval.hits.length === 0) return retrieval;
    const { confidence } = await judgeConfidence(retrieval.question, context.retriever, options);
    return confidence === undefined ? retrieval : { ...retrieval, confidence };
  }
  async function* reranked(question: string, context: StrategyContext, options: RetrieveOptions) {
    const { rerank, rerankDefaults } = await import('./steps/rerank.ts');
    const { k, signal } = options;
    // Strategies that call others are reranked once, at the end.
    const { reranker, ...others } = context;
    const found = yield* parts.retrieve(question, others, { ...options, k: Math.max(rerankDefaults.depth, k) });
    if (found.hits.length < 2) return found;
    yield { type: 'step', strategy: name, step: 'rerank', reason: 'A model scores the passages anew.' } as const;
    return { ...found, hits: (await rerank(found.question, found.hits, reranker!, { signal })).slice(0, k) };
  }
  return {
    name,
    ...(needs && { needs }),
    retrieve: (question, context, ask = {}) => retrieve(question, context, checked(ask)),
    async *answer(question, context, ask = {}) {
      const watch = new Stopwatch();
      const retrieval = yield* retrieve(question, context, checked(ask));
      watch.retrieved();
      yield* answer(retrieval, context, ask, texts, watch);
    },
  };
}

function checked(ask: AskOptions): RetrieveOptions {
  const options = withDefaults({ k: defaultK }, ask);
  const { k } = options;
  if (!Number.isInteger(k) || k < 1 || k > 50) {
    throw new InpageError('invalid-argument', `k is ${k}; it must be a whole number from 1 to 50.`, { detail: { k } });
  }
  return options;
}
