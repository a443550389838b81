// Evaluation: test sets, measures, judges and comparisons, for pages and for build scripts. `npm run eval` is made of these.
export {
  type Abilities,
  type Ability,
  type AbilityCase,
  type MakeAbilitiesOptions,
  makeAbilities,
  rateAbility,
} from './abilities.ts';
export { containsAnswer, exactMatch, tokenF1 } from './answer-text.ts';
export { auc, aucInterval } from './auc.ts';
export { bootstrap, type Estimate, type ResampleOptions } from './bootstrap.ts';
export { type MadeCall, sameCalls, type WantedCall } from './call-match.ts';
export { checkQuotes, type QuoteViolation, type TextReader } from './check-quotes.ts';
export {
  type Abstainer,
  type AbstentionResult,
  type EvaluateAbstentionOptions,
  evaluateAbstention,
  summarizeAbstention,
} from './evaluate-abstention.ts';
export {
  type AnswerCase,
  type Answerer,
  type AnswerResult,
  type EvaluateAnswersOptions,
  evaluateAnswers,
} from './evaluate-answers.ts';
export {
  type CaseResult,
  type EvaluateRetrievalOptions,
  type EvaluationProgress,
  evaluateRetrieval,
  type Finder,
} from './evaluate-retrieval.ts';
export {
  type CallPlanner,
  evaluateTools,
  summarizeTools,
  type ToolCase,
  type ToolResult,
  type ToolRow,
} from './evaluate-tools.ts';
export { type EmbeddingJudgeOptions, embeddingJudge, type Judge, llmJudge } from './judge.ts';
export { type Library, type MakeTestSetOptions, makeTestSet } from './make-test-set.ts';
export { bleu, cosine, rougeL } from './overlap.ts';
export { compare, type Difference } from './paired.ts';
export { type Judgments, predictionPowered } from './prediction-powered.ts';
export {
  answerRelevance,
  citedShare,
  contextPrecision,
  contextRecall,
  contextRelevance,
  faithfulness,
} from './quality.ts';
export { allAt, averagePrecision, hitAt, ndcgAt, precisionAt, recallAt, reciprocalRank } from './ranking.ts';
export { compareRuns, type Row, type SummarizeOptions, summarize } from './summarize.ts';
export { type Gold, rankedIds, type TestCase, type TestSet } from './test-set.ts';
