// Answers with an option of generation that needs open logits, and plainly where the chat model has none.
import type { GenerateOptions } from '../../spec/llm.ts';
import type { AnswerEvent, AskOptions, Retrieval, StrategyContext } from '../../spec/strategy.ts';
import { type AnswerTexts, answerFrom } from './answer-from.ts';
import type { Stopwatch } from './stopwatch.ts';

/** @param strategy its name @param settings the one option */
export async function* answerWithLogits(
  strategy: string,
  settings: Pick<GenerateOptions, 'contrast'> | Pick<GenerateOptions, 'neighbours'>,
  retrieval: Retrieval,
  context: StrategyContext,
  ask: AskOptions,
  texts: AnswerTexts,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const { model, capabilities } = await context.llm.load({ signal: ask.signal });
  const option = 'contrast' in settings ? 'contrast' : 'neighbours';
  if (capabilities.logits.includes(option)) {
    yield* answerFrom(retrieval, context, { ...ask, generation: { ...ask.generation, ...settings } }, texts, watch);
    return;
  }
  const reason = `"${model}" does not open its logits for this, so it answers as it does by itself.`;
  yield { type: 'step', strategy, step: option, reason };
  yield* answerFrom(retrieval, context, ask, texts, watch);
}
