// Lets the chat model answer from passages: as many as the prompt can carry, up to where the model begins to repeat itself.
import { answerPrompt, type PromptSource } from '../../prompt/answer-prompt.ts';
import { type FittedPrompt, fitPrompt } from '../../prompt/fit.ts';
import type { ChatMessage, Llm, LlmInfo, Usage } from '../../spec/llm.ts';
import type { AnswerEvent, AskOptions } from '../../spec/strategy.ts';
import { repetitionStart } from './repetition.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Tokens of an answer, where the question does not say. */
export const maxAnswerTokens = 160;

/**
 * Tokens that a prompt may use: what the device reads in a few seconds, far less than the model could take.
 * A WASM core reads about 100 tokens a second with a model of 135M parameters, which also answers best from few passages.
 */
function promptBudget({ device, software, contextTokens }: LlmInfo, maxTokens: number): number {
  const affordable = device === 'wasm' || software ? 300 : 3000;
  return Math.min(affordable, contextTokens - maxTokens);
}

/** The prompt over as many of the sources as fit. @throws InpageError `context-overflow` for a question that is too long */
export async function fitAnswerPrompt(
  question: string,
  sources: readonly PromptSource[],
  llm: Llm,
  { signal, history, promptTokens, generation }: AskOptions,
): Promise<FittedPrompt> {
  const info = await llm.load({ signal });
  const budget = promptTokens ?? promptBudget(info, generation?.maxTokens ?? maxAnswerTokens);
  return fitPrompt(llm, (fitting) => answerPrompt(question, fitting, history), sources, budget, { signal });
}

/** What the model said. */
export interface Generated {
  answer: string;
  reason: 'stop' | 'length';
  usage: Usage;
}

/** Where a small model leaves its answer and goes on with a prompt, or a page, of its own. */
export const answerEnds: readonly string[] = ['<source', '</source', '<script', '</script', '\nQuestion:'];

/** Streams the model's answer, up to where it begins to repeat itself or to write a source of its own. */
export async function* generate(
  messages: readonly ChatMessage[],
  llm: Llm,
  { signal, generation }: AskOptions,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, Generated, undefined> {
  let answer = '';
  let completionTokens = 0;
  const stop = [...answerEnds, ...(generation?.stop ?? [])];
  const settings = { maxTokens: maxAnswerTokens, ...generation, stop, signal };
  for await (const event of llm.generate(messages, settings)) {
    if (event.type === 'done') {
      Object.assign(watch.timings, event.timings);
      return { answer, reason: event.reason, usage: event.usage };
    }
    if (event.type === 'partial') continue;
    watch.firstToken();
    answer += event.text;
    completionTokens++;
    yield event;
    const cut = repetitionStart(answer);
    if (cut !== undefined) {
      watch.cutShort();
      const promptTokens = await llm.countTokens(messages, { signal });
      return { answer: answer.slice(0, cut), reason: 'stop', usage: { promptTokens, completionTokens } };
    }
  }
  return { answer, reason: 'stop', usage: { promptTokens: 0, completionTokens } };
}
