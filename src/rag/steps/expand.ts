// Parent–child retrieval: a small passage is found, and the text around it is read, to whole paragraphs.
import type { CallOptions } from '../../spec/call.ts';
import type { Retriever } from '../../spec/retriever.ts';
import type { Hit } from '../../spec/store.ts';

/** Options of {@link expand}. */
export interface ExpandOptions extends CallOptions {
  /** Code units on each side at most. @default 600 */
  around?: number;
}

/** Passages with what stands around them; one that lies in a better one's text, or touches it, becomes part of it. */
export async function expand(hits: readonly Hit[], retriever: Retriever, options: ExpandOptions = {}): Promise<Hit[]> {
  const { around = 600, signal } = options;
  const wide: Hit[] = [];
  for (const hit of hits) {
    const start = Math.max(0, hit.start - around);
    const text = await retriever.text(hit.document, { start, end: hit.end + around, signal });
    const from = startOfParagraph(text, hit.start - start, start === 0);
    const to = endOfParagraph(text, hit.end - start, hit.end - start + around > text.length);
    const found = { ...hit, start: start + from, end: start + to, text: text.slice(from, to) };
    const place = wide.findIndex(({ document, start, end }) => {
      return document === found.document && start <= found.end && end >= found.start;
    });
    if (place < 0) wide.push(found);
    else wide[place] = await union(wide[place]!, found, retriever, signal);
  }
  return wide;
}

async function union(better: Hit, other: Hit, retriever: Retriever, signal: AbortSignal | undefined): Promise<Hit> {
  const start = Math.min(better.start, other.start);
  const end = Math.max(better.end, other.end);
  return { ...better, start, end, text: await retriever.text(better.document, { start, end, signal }) };
}

/** Where the first paragraph begins that is there whole; the passage, where none is. */
function startOfParagraph(text: string, passage: number, atStart: boolean): number {
  if (atStart) return 0;
  const first = /\n\s*\n\s*/.exec(text.slice(0, passage));
  return first ? first.index + first[0].length : passage;
}

/** Where the last paragraph ends that is there whole. */
function endOfParagraph(text: string, passage: number, atEnd: boolean): number {
  if (atEnd) return text.trimEnd().length < passage ? passage : text.trimEnd().length;
  const last = [...text.slice(passage).matchAll(/\n\s*\n/g)].at(-1);
  return last ? passage + last.index : passage;
}
