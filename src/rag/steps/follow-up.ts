// Follow-up questions made to stand by themselves: what they refer to is taken from the turns before, in the words used there.
import type { ChatMessage } from '../../spec/llm.ts';
import type { AskOptions, StepEvent } from '../../spec/strategy.ts';
import { words } from '../../util/text.ts';
import { contentWords } from './content-words.ts';
import { namesIn, namesInQuestion } from './names.ts';
import { pronouns } from './pronouns.ts';

/** How a question begins that leaves out what it shares with the one before. */
const elliptic =
  /^\s*(?:and|but|or|what about|how about|also|und|aber|oder|was ist mit|wie steht es|et|mais|ou|qu'en est-il|y|pero|o|e|ma|那|那么|وماذا عن|و)(?:\s|(?<=[那么]))/iu;

/** Content words that are taken over from an earlier question at most, and names from an earlier answer. */
const mostWords = 8;
const mostNames = 2;

/** The question as it stands by itself; the same where it does. */
export function standalone(question: string, history: readonly ChatMessage[] = []): string {
  let before: string | undefined;
  for (const [turn, { role, content }] of history.entries()) {
    if (role !== 'user') continue;
    before = complete(content, before, answerBefore(history, turn));
  }
  return complete(question, before, answerBefore(history, history.length));
}

/** Condenses a question with its history, and says so where that changes it. */
export async function* condensed(
  strategy: string,
  question: string,
  { history }: AskOptions,
): AsyncGenerator<StepEvent, string, undefined> {
  const whole = standalone(question, history);
  if (whole !== question) {
    yield {
      type: 'step',
      strategy,
      step: 'condense',
      reason: 'The question refers to an earlier turn.',
      detail: { question: whole },
    };
  }
  return whole;
}

function complete(question: string, before: string | undefined, answer: string): string {
  if (before === undefined) return question;
  const own = contentWords(question).filter(({ word }) => !pronouns.has(word));
  const leftOut = own.length === 0 || elliptic.test(question);
  if (!leftOut && (!words(question).some((word) => pronouns.has(word)) || namesInQuestion(question).length > 0)) return question;
  const names = namesInQuestion(before);
  const topic = names.length > 0 && !leftOut ? names : contentWords(before).map(({ word }) => word);
  const known = new Set(own.map(({ term }) => term));
  const fresh = [...topic.slice(0, mostWords), ...namesIn(answer).slice(0, mostNames)].filter((part) =>
    contentWords(part).some(({ term }) => {
      const missing = !known.has(term);
      known.add(term);
      return missing;
    }),
  );
  return fresh.length === 0 ? question : `${question} (${fresh.join(' ')})`;
}

/** The first sentence or so of the answer given before a turn. */
function answerBefore(history: readonly ChatMessage[], turn: number): string {
  const last = history[turn - 1];
  return last?.role === 'assistant' ? last.content.slice(0, 200) : '';
}
