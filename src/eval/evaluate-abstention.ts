// Measures whether it is known when the documents hold no answer: each question is asked with its gold there, and with it away.
import type { ProgressOptions } from '../spec/call.ts';
import type { Filter } from '../spec/metadata.ts';
import type { AnswerEvent, AskOptions } from '../spec/strategy.ts';
import { aucInterval } from './auc.ts';
import { bootstrap, type Estimate, type ResampleOptions } from './bootstrap.ts';
import type { EvaluationProgress, Finder } from './evaluate-retrieval.ts';
import type { TestCase } from './test-set.ts';

/** What finds and answers: an assistant, or anything that has this of it. */
export interface Abstainer extends Finder {
  ask(question: string, options?: AskOptions): AsyncIterable<AnswerEvent>;
}

/** What one question gave, with its gold and without. */
export interface AbstentionResult {
  id: string;
  /** Probability that the passages hold the answer, as judged; where it was not, the best cosine or score. */
  confidence: { with: number; without: number };
  abstained: { with: boolean; without: boolean };
  ms: number;
}

/** Options of {@link evaluateAbstention}. */
export interface EvaluateAbstentionOptions extends ProgressOptions<EvaluationProgress> {
  /** Field of the metadata with a document's id. @default 'id' */
  idField?: string;
  /** Passages asked for, 1–50. @default by strategy */
  k?: number;
}

/** Asks each question twice, one after the other. The answers themselves are cut short: only whether there is one counts. */
export async function evaluateAbstention(
  assistant: Abstainer,
  cases: readonly TestCase[],
  { idField = 'id', k, signal, onProgress }: EvaluateAbstentionOptions = {},
): Promise<AbstentionResult[]> {
  const results: AbstentionResult[] = [];
  const judge = async (question: string, filter?: Filter) => {
    const { hits, confidence } = await assistant.retrieve(question, { filter, k, signal });
    const [best] = hits;
    return confidence ?? best?.scores.dense ?? best?.score ?? 0;
  };
  const abstains = async (question: string, filter?: Filter) => {
    for await (const event of assistant.ask(question, { filter, k, signal, generation: { maxTokens: 1 } })) {
      if (event.type === 'done') return event.reason === 'abstained';
    }
    return false;
  };
  for (const { id, question, gold } of cases) {
    signal?.throwIfAborted();
    const without = { [idField]: { $nin: gold.map(({ document }) => document) } };
    const started = performance.now();
    const confidence = { with: await judge(question), without: await judge(question, without) };
    const ms = (performance.now() - started) / 2;
    const abstained = { with: await abstains(question), without: await abstains(question, without) };
    results.push({ id, confidence, abstained, ms });
    onProgress?.({ done: results.length, total: cases.length });
  }
  return results;
}

/** `auc` of the confidence, share of answerable questions `refused`, share of the others `rejected`. */
export function summarizeAbstention(
  results: readonly AbstentionResult[],
  options?: ResampleOptions,
): Record<'auc' | 'refused' | 'rejected', Estimate> {
  const scores = (which: 'with' | 'without') => results.map(({ confidence }) => confidence[which]);
  const share = (which: 'with' | 'without') =>
    bootstrap(
      results.map(({ abstained }) => (abstained[which] ? 1 : 0)),
      options,
    );
  return { auc: aucInterval(scores('with'), scores('without'), options), refused: share('with'), rejected: share('without') };
}
