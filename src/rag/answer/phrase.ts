// What a small model makes of quotes: sentence by sentence, and only those that the passages support.
import { attribute } from '../../cite/attribute.ts';
import type { Citation } from '../../spec/citation.ts';
import type { ChatMessage } from '../../spec/llm.ts';
import type { Hit } from '../../spec/store.ts';
import type { AnswerEvent, AskOptions, StrategyContext } from '../../spec/strategy.ts';
import { splitSentences } from '../../util/text.ts';
import { type Generated, generate } from './generate.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Tokens of what is added to quotes; they hold the answer already. */
const maxPhraseTokens = 48;

/** What was added. */
export type Phrased = Generated & { citations: Citation[] };

/**
 * Lets the model answer and passes on each sentence once it is whole and supported. What the quotes say word for word is not repeated.
 * @param quoted the answer so far
 */
export async function* phrase(
  messages: readonly ChatMessage[],
  quoted: string,
  sources: readonly Hit[],
  { llm, embedder }: StrategyContext,
  ask: AskOptions,
  watch: Stopwatch,
): AsyncGenerator<AnswerEvent, Phrased, undefined> {
  const generation = { ...ask.generation, maxTokens: Math.min(ask.generation?.maxTokens ?? maxPhraseTokens, maxPhraseTokens) };
  const run = generate(messages, llm, { ...ask, generation }, watch);
  let answer = '';
  const citations: Citation[] = [];
  let said = '';
  let taken = 0;
  let ended: Generated | undefined;
  while (!ended) {
    const { done, value } = await run.next();
    if (done) ended = value;
    else if (value.type === 'token') said += value.text;
    // What may yet go on is not a sentence, nor is what the length has cut.
    const whole = splitSentences(said).filter(({ end }, i, all) =>
      ended?.reason === 'stop' ? end <= ended.answer.length : i + 1 < all.length,
    );
    for (const { start, end } of whole.slice(taken)) {
      taken++;
      const sentence = said.slice(start, end);
      if (`${quoted}${answer}`.includes(sentence)) continue;
      const lead = answer ? ' ' : '\n\n';
      const offset = quoted.length + answer.length + lead.length;
      const checked = await attribute(sentence, sources, { embedder, signal: ask.signal });
      if (checked.length === 0 || checked.some(({ supported }) => !supported)) continue;
      for (const citation of checked)
        citations.push({ ...citation, answerStart: offset + citation.answerStart, answerEnd: offset + citation.answerEnd });
      answer += `${lead}${sentence}`;
      yield { type: 'token', text: `${lead}${sentence}` };
    }
  }
  // Where it was cut, the quotes before it are whole.
  return { ...ended, answer, citations, reason: 'stop' };
}
