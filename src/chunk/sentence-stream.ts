// The sentences of a streamed document with their offsets, in a bounded buffer; a section's start always starts a sentence.
import type { ChunkOptions } from '../spec/chunker.ts';
import type { LoadedDocument } from '../spec/document.ts';
import { cutBefore } from '../util/cut-before.ts';
import { type Boundary, splitUnits, type TextUnit } from '../util/sentences.ts';
import { textWeight, weightEnd } from '../util/text.ts';
import { readWindows, windowLength } from './read-windows.ts';

/** A sentence, or a part of one that is too long for a passage. */
export interface Sentence {
  /** Offsets in the document. */
  start: number;
  end: number;
  text: string;
  /** White space since the sentence before. */
  gap: string;
  /** Of `text` and of `gap`, as `textWeight` counts. */
  weight: number;
  gapWeight: number;
  boundary: Boundary;
}

/** White space kept between sentences; longer gaps always end a passage. UTF-16 code units. */
const longestGap = 32_768;

/**
 * Gives all sentences in order, none heavier than `maxWeight` but for a single grapheme.
 * @throws AbortError
 */
export async function* sentenceStream(
  document: LoadedDocument,
  maxWeight: number,
  options?: ChunkOptions,
): AsyncGenerator<Sentence> {
  const cuts = (document.sections ?? []).map(({ start }) => start);
  let nextCut = 0;
  let buffer = '';
  /** Offset of the buffer in the document. */
  let base = 0;
  let fence = '';
  let lineStart = true;
  /** What lies before the first unit of the buffer, where the window before has seen it. */
  let carried: Boundary | undefined;
  /** White space since the last sentence that is no longer in the buffer. */
  let gap = '';

  const parts = function* (unit: TextUnit): Generator<TextUnit> {
    let { start, boundary } = unit;
    while (nextCut < cuts.length && cuts[nextCut]! - base < unit.end) {
      const cut = cuts[nextCut++]! - base;
      if (cut <= start) boundary = 'heading';
      else {
        yield { ...unit, start, end: cut, boundary };
        start = cut;
        boundary = 'heading';
      }
    }
    yield { ...unit, start, boundary };
  };

  const sentences = function* (units: readonly TextUnit[]): Generator<Sentence> {
    let before = 0;
    for (const unit of units) {
      for (const part of parts(unit)) {
        let { boundary } = part;
        for (let at = part.start; at < part.end; ) {
          const run = buffer.slice(at, part.end);
          const limit = weightEnd(run, 0, maxWeight);
          const to = limit < run.length ? cutBefore(run, 0, limit) : limit;
          const start = at + run.length - run.trimStart().length;
          const end = at + run.slice(0, to).trimEnd().length;
          at += to;
          if (end <= start) continue;
          gap = (gap + buffer.slice(before, start)).slice(0, longestGap);
          const content = buffer.slice(start, end);
          yield {
            start: base + start,
            end: base + end,
            text: content,
            gap,
            weight: textWeight(content),
            gapWeight: textWeight(gap),
            boundary,
          };
          gap = '';
          before = end;
          boundary = 'sentence';
        }
      }
    }
    gap = (gap + buffer.slice(before)).slice(0, longestGap);
  };

  const split = (): TextUnit[] => {
    const units = splitUnits(buffer, { fence, lineStart });
    if (units[0] && carried) units[0].boundary = carried;
    return units;
  };

  for await (const window of readWindows(document, options)) {
    buffer += window;
    const units = split();
    // What follows may still change where the last sentences end, unless they are far behind.
    const behind = buffer.length - (units.at(-1)?.end ?? 0);
    const kept = behind < windowLength / 2 ? units.splice(-2)[0] : undefined;
    const tail = kept ? buffer.slice(kept.start) : '';
    fence = (kept ?? units.at(-1))?.fence ?? fence;
    buffer = buffer.slice(0, buffer.length - tail.length);
    if (kept) carried = kept.boundary;
    else carried = /\n\s*\n/.test(buffer.slice(units.at(-1)?.end ?? 0)) ? 'paragraph' : 'line';
    lineStart = startsLine(buffer);
    yield* sentences(units);
    base += buffer.length;
    buffer = tail;
  }
  yield* sentences(split());
}

/** Whether nothing but white space lies between the last line break of a text and its end. */
function startsLine(text: string): boolean {
  return /(?:^|\n)[^\S\n]*$/.test(text.slice(-256));
}
