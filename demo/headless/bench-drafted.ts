// Tokens per second with prompt lookup decoding and without, on answers that quote their source and on free text.
import type { ChatMessage, Llm } from '../../src/index.ts';
import { generation } from './generation.ts';
import { handbookPassages } from './passages.ts';
import { ratiosOf } from './statistics.ts';

const topics = [
  'the sea',
  'a lighthouse keeper',
  'winter in a small town',
  'how bread is baked',
  'a robot',
  'bicycles',
  'sleep',
  'bees',
];

const user = (content: string): ChatMessage[] => [{ role: 'user', content }];

/** @param n tokens of an answer, at most */
export async function benchDrafted(llm: Llm, n: number, rounds: number) {
  const passages = await handbookPassages(rounds);
  const quoting = await compare(
    llm,
    passages.map((text) => user(`Repeat the following text word for word:\n\n${text}`)),
    n,
  );
  const free = await compare(
    llm,
    Array.from({ length: rounds }, (_, i) => user(`Write a short story about ${topics[i % topics.length]}.`)),
    n,
  );
  const { identical, ...figures } = quoting;
  return {
    ...figures,
    unit: 'tokens/s',
    identical: identical && free.identical,
    freeTextRatio: free.ratio,
    freeTextRange: free.range,
    freeText: { with: free.with, without: free.without, acceptedShare: free.acceptedShare },
  };
}

/** Each prompt once with drafts and once without, taking turns in going first. */
async function compare(llm: Llm, prompts: readonly (readonly ChatMessage[])[], n: number) {
  const measured: { with: number; without: number }[] = [];
  let identical = true;
  let drafted = 0;
  let accepted = 0;
  // The first prompt warms up.
  for (const [i, messages] of [prompts[0]!, ...prompts].entries()) {
    const run = (promptLookup: boolean) => generation(llm, messages, { maxTokens: n, promptLookup });
    const [first, second] = [await run(i % 2 === 0), await run(i % 2 !== 0)];
    identical &&= first.text === second.text;
    if (i === 0) continue;
    const [drafts, plain] = i % 2 === 0 ? [first, second] : [second, first];
    drafted += drafts.usage.draftedTokens ?? 0;
    accepted += drafts.usage.acceptedTokens ?? 0;
    measured.push({ with: rate(drafts), without: rate(plain) });
  }
  return { ...ratiosOf(measured), identical, acceptedShare: drafted ? accepted / drafted : 0 };
}

/** From the first token on: what comes before is the same with drafts. */
function rate({ usage, timings }: Awaited<ReturnType<typeof generation>>): number {
  return ((usage.completionTokens - 1) / timings.decodeMs) * 1000;
}
