// Passages of equal size that overlap, cut between words: the plain method, and the one that needs no structure.
import type { Chunk, Chunker } from '../spec/chunker.ts';
import { isSpace } from '../util/characters.ts';
import { cutBefore } from '../util/cut-before.ts';
import { headingPaths } from '../util/heading-path.ts';
import { textWeight, weightEnd, weightPerToken } from '../util/text.ts';
import type { ChunkSize } from './chunk-size.ts';
import { hasContent } from './pack.ts';
import { readWindows } from './read-windows.ts';

/** Cuts after `maxTokens`; the last `overlap` tokens of a passage open the next one. */
export function fixedChunker({ maxTokens, overlap }: ChunkSize): Chunker {
  const maxWeight = maxTokens * weightPerToken;
  const overlapWeight = overlap * weightPerToken;
  return {
    id: `fixed/1:${maxTokens}:${overlap}`,
    async *chunk(document, options) {
      const headings = headingPaths(document.sections);
      let buffer = '';
      /** Offset of the buffer in the document. */
      let base = 0;
      /** Text before this offset of the buffer is in a passage already, or is white space. */
      let seen = 0;

      const passages = function* (last: boolean): Generator<Chunk> {
        let start = 0;
        for (;;) {
          while (start < buffer.length && isSpace(buffer.charCodeAt(start))) start++;
          seen = Math.max(seen, start);
          const limit = weightEnd(buffer, start, maxWeight);
          // The place of a cut depends on a little of what follows.
          if (seen >= buffer.length || (!last && limit + 256 > buffer.length)) break;
          const cut = limit < buffer.length ? cutBefore(buffer, start, limit) : limit;
          let end = cut;
          while (end > start && isSpace(buffer.charCodeAt(end - 1))) end--;
          if (end <= seen && start < seen) {
            // The overlap alone would fill the passage.
            start = seen;
            continue;
          }
          const text = buffer.slice(start, end);
          if (hasContent(text)) {
            yield { start: base + start, end: base + end, text, headings: headings(base + start, base + end) };
          }
          seen = end;
          start = overlapStart(buffer, start, end);
        }
        buffer = buffer.slice(start);
        base += start;
        seen -= start;
      };

      for await (const window of readWindows(document, options)) {
        buffer += window;
        yield* passages(false);
      }
      yield* passages(true);
    },
  };

  /** Where the passage after [start, end) starts: at a word, about the overlap before its end. */
  function overlapStart(text: string, start: number, end: number): number {
    if (overlapWeight === 0) return end;
    let from = end;
    let weight = 0;
    while (from > start + 1) {
      weight += textWeight(text, from - 1, from);
      if (weight > overlapWeight) break;
      from--;
    }
    return cutBefore(text, start, from);
  }
}
