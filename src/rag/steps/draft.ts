// A short text by the chat model on the way to an answer: a draft, or other words for a question.
import type { Llm } from '../../spec/llm.ts';
import type { AskOptions } from '../../spec/strategy.ts';

/** What the model is to write. */
export interface DraftOptions {
  instruction: string;
  question: string;
  /** Tokens at most. */
  maxTokens: number;
  /** With a seed drafts of one question differ, and are the same each time. */
  seed?: number;
}

/** What the model wrote, without white space around it. */
export async function draft(
  llm: Llm,
  { instruction, question, maxTokens, seed }: DraftOptions,
  { signal }: AskOptions,
): Promise<string> {
  const sampling = seed === undefined ? {} : { temperature: 0.8, seed };
  let text = '';
  const messages = [
    { role: 'system', content: instruction },
    { role: 'user', content: question },
  ] as const;
  for await (const event of llm.generate(messages, { maxTokens, ...sampling, signal })) {
    if (event.type === 'token') text += event.text;
  }
  return text.trim();
}

/** Lines that the model wrote, without the numbers and marks of a list; those that repeat are left out. */
export function linesOf(text: string, most: number): string[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s*/u, '').trim());
  return [...new Set(lines.filter((line) => line !== ''))].slice(0, most);
}
