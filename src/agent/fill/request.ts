// Request: a text with everything that was read in it, and vectors of what is compared.
import type { Embedder } from '../../spec/embedder.ts';
import type { Mention } from './mention.ts';
import type { Parameter } from './parameter.ts';
import { type DateMention, readDates, readTimes } from './read-dates.ts';
import { readNumberLists, readNumbers } from './read-numbers.ts';
import { readPhraseLists, readPhrases } from './read-phrases.ts';
import { readWords, type Word } from './words.ts';

/** A text, read. */
export interface Request {
  text: string;
  words: readonly Word[];
  stems: ReadonlySet<string>;
  numbers: readonly Mention[];
  numberLists: readonly Mention[];
  dates: readonly DateMention[];
  times: readonly Mention[];
  phrases: readonly Mention[];
  phraseLists: readonly Mention[];
}

/** Reads a request. */
export function readRequest(text: string): Request {
  const words = readWords(text);
  const numbers = readNumbers(text);
  const phrases = readPhrases(text);
  return {
    text,
    words,
    stems: new Set(words.map((word) => word.stem)),
    numbers,
    numberLists: readNumberLists(text, numbers),
    dates: readDates(text),
    times: readTimes(text),
    phrases,
    phraseLists: readPhraseLists(text, phrases),
  };
}

/** Cosines of texts that were embedded together. */
export type Similarity = (first: string, second: string) => number;

/** Characters around a number that say what it is. */
const windowSize = 36;

/** The words around a mention. */
export function windowOf({ text }: Request, { start, end }: Mention): string {
  return text.slice(Math.max(0, start - windowSize), end + windowSize).replace(/^\S*\s|\s\S*$/g, '');
}

/** Embeds what the arguments of tools are compared with, in one batch. */
export async function compareAll(
  request: Request,
  parameters: readonly Parameter[],
  embedder: Embedder,
  signal?: AbortSignal,
): Promise<Similarity> {
  const texts = new Set([request.text]);
  for (const { text, options } of parameters) {
    texts.add(text);
    for (const option of options) texts.add(String(option));
  }
  const types = new Set(parameters.map(({ type }) => type));
  if (types.has('text') || types.has('texts')) for (const { value } of request.phrases) texts.add(value as string);
  if (types.has('number')) for (const number of request.numbers) texts.add(windowOf(request, number));
  if (types.has('option') || types.has('options')) for (const { value } of request.phrases) texts.add(value as string);
  const list = [...texts];
  const { data, dimension } = await embedder.embed(list, { kind: 'passage', priority: 0, ...(signal && { signal }) });
  const rows = new Map(list.map((text, i) => [text, data.subarray(i * dimension, (i + 1) * dimension)]));
  return (first, second) => {
    const [a, b] = [rows.get(first), rows.get(second)];
    if (!a || !b) return 0;
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  };
}
