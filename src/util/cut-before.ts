// Where to cut a run that is too long: at white space, else between words, else between graphemes (UAX #29).
import { codePointStart, isSpace } from './characters.ts';

/** Code units around a cut that Intl.Segmenter sees; its cost grows with them. */
const searchLength = 96;

let wordSegmenter: Intl.Segmenter | undefined;
let graphemeSegmenter: Intl.Segmenter | undefined;

/**
 * The best place to cut `text` after `start` and at or before `limit`. Only where the first grapheme alone goes beyond the
 * limit is the place after it.
 */
export function cutBefore(text: string, start: number, limit: number): number {
  if (limit >= text.length || isSpace(text.charCodeAt(limit))) return Math.max(limit, start + 1);
  const enough = start + ((limit - start) >> 1);
  for (let at = limit; at > enough; at--) if (isSpace(text.charCodeAt(at - 1))) return at;

  const from = codePointStart(text, Math.max(start, limit - searchLength));
  wordSegmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const word = wordSegmenter.segment(text.slice(from, limit + searchLength)).containing(limit - from);
  // What reaches back to the start of the search is longer than a word of any dictionary.
  for (const place of word && word.index > 0 ? [from + word.index, limit] : [limit]) {
    const boundary = graphemeStart(text, start, place);
    if (boundary > enough || (boundary > start && place === limit)) return boundary;
  }
  return graphemeEnd(text, start);
}

/** The last grapheme boundary at or before `offset`; `start` where there is none after it. */
function graphemeStart(text: string, start: number, offset: number): number {
  graphemeSegmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const from = codePointStart(text, Math.max(start, offset - searchLength));
  const index = graphemeSegmenter.segment(text.slice(from, offset + searchLength)).containing(offset - from)?.index ?? 0;
  if (index > 0) return from + index;
  // Nothing tells whether the place where the search began is a boundary: such a long "grapheme" may be cut.
  return from > start ? codePointStart(text, offset) : start;
}

function graphemeEnd(text: string, start: number): number {
  graphemeSegmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const first = graphemeSegmenter.segment(text.slice(start, start + searchLength * 2)).containing(0);
  return start + (first?.segment.length ?? 1);
}
