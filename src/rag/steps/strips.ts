// Knowledge strips (CRAG, Yan et al., arXiv:2401.15884): of each passage the few sentences in a row that are nearest to the question.
import { similarities } from '../../cite/similarity.ts';
import type { CallOptions } from '../../spec/call.ts';
import type { Embedder } from '../../spec/embedder.ts';
import type { Hit } from '../../spec/store.ts';
import { splitSentences } from '../../util/text.ts';

/** Options of {@link strips}. */
export interface StripOptions extends CallOptions {
  /** Sentences of a strip. @default 3 */
  sentences?: number;
}

/** Each passage cut to its best strip, with the offsets of what is left; one that is no longer than a strip stays as it is. */
export async function strips(
  question: string,
  hits: readonly Hit[],
  embedder: Embedder,
  options: StripOptions = {},
): Promise<Hit[]> {
  const { sentences = 3, signal } = options;
  const cut = hits.map((hit) => {
    const ranges = splitSentences(hit.text);
    const parts: { start: number; end: number; text: string }[] = [];
    for (let at = 0; at < ranges.length; at += sentences) {
      const start = ranges[at]!.start;
      const end = ranges[Math.min(ranges.length, at + sentences) - 1]!.end;
      parts.push({ start, end, text: hit.text.slice(start, end) });
    }
    return { hit, parts };
  });
  const texts = cut.flatMap(({ parts }) => (parts.length > 1 ? parts.map(({ text }) => text) : []));
  const scores = texts.length > 0 ? await similarities(question, texts, embedder, { signal }) : [];
  let at = 0;
  return cut.map(({ hit, parts }) => {
    if (parts.length < 2) return hit;
    const own = scores.slice(at, at + parts.length);
    at += parts.length;
    const { start, end, text } = parts[own.indexOf(Math.max(...own))]!;
    return { ...hit, start: hit.start + start, end: hit.start + end, text };
  });
}
