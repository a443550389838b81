// Questions made from passages without a language model: a sentence of a passage, whole or as its rarest words, asks for what is left
// of the passage (the inverse cloze task, Lee et al., arXiv:1906.00300).
import type { Hit } from '../spec/store.ts';
import { createRandom } from '../util/random.ts';
import { splitSentences, words } from '../util/text.ts';

/** What is needed of a passage. */
export type MadeFrom = Pick<Hit, 'title' | 'headings' | 'text'>;

/** A made question. */
export interface MadePair {
  question: string;
  /** Place of its passage among those given. */
  passage: number;
  /** The passage without the sentence that the question was made of, which would answer by being the same. */
  rest: string;
}

/** Options of {@link makePairs}. */
export interface MakePairsOptions {
  /** Pairs, at most one a passage. @default 1000 */
  count?: number;
  /** @default 1 */
  seed?: number;
}

/** Words of a question that is made of the rarest ones. */
const keyWords = 7;
/** Length of a sentence that a question is made of, and of what must be left, in characters. */
const sentenceLength = { least: 40, most: 240 };
const restLength = 80;

/** Makes questions of passages drawn at random. */
export function makePairs(passages: readonly MadeFrom[], { count = 1000, seed = 1 }: MakePairsOptions = {}): MadePair[] {
  const random = createRandom(seed);
  const rarity = rarityIn(passages);
  const order = passages.map((_, passage) => ({ passage, key: random() })).sort((a, b) => a.key - b.key);
  const pairs: MadePair[] = [];
  for (const { passage } of order) {
    if (pairs.length >= count) break;
    const { text } = passages[passage]!;
    const sentences = splitSentences(text)
      .map(({ start, end }) => ({ start, end, sentence: text.slice(start, end) }))
      .filter(({ sentence }) => sentence.length >= sentenceLength.least && sentence.length <= sentenceLength.most);
    const chosen = sentences[Math.floor(random() * sentences.length)];
    if (!chosen || text.length - chosen.sentence.length < restLength) continue;
    const rest = `${text.slice(0, chosen.start)}${text.slice(chosen.end)}`.trim();
    const question = pairs.length % 2 === 0 ? chosen.sentence : rarestWords(chosen.sentence, rarity);
    pairs.push({ question, passage, rest });
  }
  return pairs;
}

/** log(passages / passages with the word), for each word. */
function rarityIn(passages: readonly MadeFrom[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of passages) for (const word of new Set(words(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, Math.log(passages.length / count)]));
}

/** The rarest words of a sentence, in its order. */
function rarestWords(sentence: string, rarity: ReadonlyMap<string, number>): string {
  const all = [...new Set(words(sentence))];
  const kept = new Set([...all].sort((a, b) => (rarity.get(b) ?? 0) - (rarity.get(a) ?? 0)).slice(0, keyWords));
  return all.filter((word) => kept.has(word)).join(' ');
}
