// The sentence of the passages that is nearest to a question: an answer in the source's own words.
import type { CallOptions } from '../spec/call.ts';
import type { Citation } from '../spec/citation.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { Hit } from '../spec/store.ts';
import { splitSentences } from '../util/text.ts';
import { similarities } from './similarity.ts';

/** A sentence of a passage. */
export type Quote = Required<Pick<Citation, 'source' | 'document' | 'start' | 'end' | 'quote' | 'score'>>;

/** Sentences shorter than this, in characters, are headings and crumbs. */
const minLength = 20;
/** More are not compared: a batch of this size takes less than a second on two cores. */
const maxSentences = 24;

/** @returns the sentence with the largest cosine to the question, or undefined if there is none to speak of */
export async function closestSentence(
  question: string,
  hits: readonly Hit[],
  embedder: Embedder,
  { signal }: CallOptions = {},
): Promise<Quote | undefined> {
  const candidates = hits
    .flatMap((hit, source) =>
      splitSentences(hit.text).map(({ start, end }) => ({
        source: source + 1,
        document: hit.document,
        start: hit.start + start,
        end: hit.start + end,
        quote: hit.text.slice(start, end),
      })),
    )
    .filter(({ quote }) => quote.length >= minLength && !quote.startsWith('#'))
    .slice(0, maxSentences);
  if (candidates.length === 0) return undefined;
  const scores = await similarities(
    question,
    candidates.map(({ quote }) => quote),
    embedder,
    { signal },
  );
  let best: Quote | undefined;
  for (const [i, candidate] of candidates.entries()) {
    const score = scores[i]!;
    if (!best || score > best.score) best = { ...candidate, score };
  }
  return best && { ...best, score: Math.max(0, Math.min(1, best.score)) };
}
