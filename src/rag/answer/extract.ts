// An answer in the documents' own words: the sentences most likely to hold it, each with its place.
import type { CallOptions } from '../../spec/call.ts';
import type { Citation } from '../../spec/citation.ts';
import type { Embedder } from '../../spec/embedder.ts';
import type { Hit } from '../../spec/store.ts';
import { rankSentences } from './rank-sentences.ts';

/** Sentences of an extracted answer. */
export const extractedSentences = 2;

/** What was extracted. */
export interface Extracted {
  answer: string;
  /** One a sentence, all supported. */
  citations: Citation[];
}

/**
 * Takes the best sentences, in the order of their passages and places. What lies side by side in a document stays on one line.
 * @param question that stands by itself
 * @param hits best first; citations number them from 1
 * @param offset of the answer in the text that it becomes a part of
 */
export async function extract(
  question: string,
  hits: readonly Hit[],
  embedder: Embedder,
  { signal, sentences = extractedSentences, offset = 0 }: CallOptions & { sentences?: number; offset?: number } = {},
): Promise<Extracted> {
  const ranked = (await rankSentences(question, hits, embedder, { signal }))
    // Passages may overlap, and documents repeat each other.
    .filter((sentence, i, all) => all.findIndex((other) => textOf(other) === textOf(sentence)) === i)
    .slice(0, sentences)
    .sort((a, b) => a.source - b.source || a.place - b.place);
  let answer = '';
  const citations: Citation[] = [];
  for (const [i, { source, range }] of ranked.entries()) {
    const quote = textOf({ source, range });
    if (answer) answer += ranked[i - 1]!.source === source ? ' ' : '\n\n';
    const hit = hits[source]!;
    citations.push({
      answerStart: offset + answer.length,
      answerEnd: offset + answer.length + quote.length,
      sentence: quote,
      supported: true,
      score: 1,
      source: source + 1,
      document: hit.document,
      start: hit.start + range.start,
      end: hit.start + range.end,
      quote,
    });
    answer += quote;
  }
  return { answer, citations };

  function textOf({ source, range }: { source: number; range: { start: number; end: number } }): string {
    return hits[source]!.text.slice(range.start, range.end);
  }
}
