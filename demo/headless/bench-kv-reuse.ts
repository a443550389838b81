// Time to the first token of a chat's second turn, with what is known of the first and without.
import type { ChatMessage, Llm } from '../../src/index.ts';
import { generation } from './generation.ts';
import { handbookPassages } from './passages.ts';
import { ratiosOf } from './statistics.ts';

/**
 * Each round has two chats of the same length over the same passages. They differ in their first words, so that nothing of the one
 * helps the other: the one is asked both turns, the other only the second.
 */
export async function benchKvReuse(llm: Llm, rounds: number) {
  const sources = (await handbookPassages(4)).join('\n\n');
  const first = (name: string): ChatMessage[] => [
    { role: 'system', content: `${name} answers questions about a handbook in one sentence.` },
    { role: 'user', content: `${sources}\n\nWhat is this handbook about?` },
  ];
  const second = (name: string, reply: string): ChatMessage[] => [
    ...first(name),
    { role: 'assistant', content: reply },
    { role: 'user', content: 'And whom is it written for?' },
  ];
  const names = ['Anna', 'Bert', 'Carl', 'Dora', 'Emma', 'Fred', 'Gina', 'Hugo', 'Ivan', 'Jane'];
  const measured: { with: number; without: number; promptTokens: number; cachedTokens: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [one, other] = [names[(2 * round) % names.length]!, names[(2 * round + 1) % names.length]!].map(
      (name) => `${name} ${round}`,
    );
    const reply = (await generation(llm, first(one!), { maxTokens: 24 })).text;
    const reuse = await generation(llm, second(one!, reply), { maxTokens: 1 });
    const afresh = await generation(llm, second(other!, reply), { maxTokens: 1 });
    const { promptTokens, cachedTokens = 0 } = reuse.usage;
    measured.push({ with: reuse.firstMs, without: afresh.firstMs, promptTokens, cachedTokens });
  }
  const { promptTokens, cachedTokens } = measured.at(-1)!;
  return { ...ratiosOf(measured), unit: 'ms to the first token', promptTokens, cachedTokens };
}
