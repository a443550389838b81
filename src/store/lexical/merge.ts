// Merges lexical segments, leaving out rows, without the text: what comes out is what encoding the rows kept would give.
import { InpageError } from '../../util/errors.ts';
import { compareBytes } from './bytes.ts';
import type { DictionaryReader } from './dictionary-reader.ts';
import type { LexicalBuffers } from './layout.ts';
import { LexicalSegment } from './lexical-segment.ts';
import { PositionsReader } from './positions.ts';
import { SegmentWriter } from './segment-writer.ts';
import { TermRows } from './term-rows.ts';

/** A segment to be merged. */
export interface MergePart extends LexicalBuffers {
  /** Rows that are kept, ascending. They are numbered on from those of the part before. */
  keep: Uint32Array;
}

/** A part while it is read. */
interface Source {
  segment: LexicalSegment;
  positions: PositionsReader;
  dictionary: DictionaryReader;
  /** The new number of each row, or −1. */
  renumbered: Int32Array;
}

/**
 * Merges parts in order.
 * @returns byte for byte what `encodeLexical` gives for the rows kept
 * @throws InpageError `data-corrupt`; `invalid-argument` for rows to keep that are not ascending or not there
 */
export function mergeLexical(parts: readonly MergePart[]): LexicalBuffers {
  const sources: Source[] = [];
  const text: number[] = [];
  const title: number[] = [];
  const languages: string[] = [];
  for (const { postings, positions, keep } of parts) {
    const segment = new LexicalSegment(postings);
    checkKeep(keep, segment.rows);
    const renumbered = new Int32Array(segment.rows).fill(-1);
    for (const row of keep) {
      renumbered[row] = text.length;
      text.push(segment.textLengths[row]!);
      title.push(segment.titleLengths[row]!);
      languages.push(segment.languages[segment.languageOf(row)]!);
    }
    const source = { segment, positions: new PositionsReader(positions, segment), dictionary: segment.dictionary(), renumbered };
    if (source.dictionary.next()) sources.push(source);
  }
  const writer = new SegmentWriter({ text: Uint32Array.from(text), title: Uint32Array.from(title), languages });
  mergeTerms(sources, writer);
  return writer.finish();
}

/** @param sources at their first terms; used up */
function mergeTerms(sources: Source[], writer: SegmentWriter): void {
  const read = new TermRows();
  const kept = new TermRows();
  while (sources.length > 0) {
    const term = sources
      .map(({ dictionary }) => dictionary.term)
      .reduce((a, b) => (compareBytes(b, a) < 0 ? b : a))
      .slice();
    kept.clear();
    for (const source of [...sources]) {
      if (compareBytes(source.dictionary.term, term) !== 0) continue;
      source.segment.read(source.dictionary.entry, read);
      source.positions.read(source.dictionary.entry, read);
      appendKept(read, source.renumbered, kept);
      if (!source.dictionary.next()) sources.splice(sources.indexOf(source), 1);
    }
    if (kept.count > 0) writer.add(term, kept);
  }
}

function appendKept(from: TermRows, renumbered: Int32Array, to: TermRows): void {
  let at = 0;
  for (let i = 0; i < from.count; i++) {
    const end = at + from.text[i]! + from.title[i]!;
    const row = renumbered[from.rows[i]!]!;
    if (row >= 0) {
      to.push(row, from.text[i]!, from.title[i]!);
      for (let p = at; p < end; p++) to.pushPosition(from.positions[p]!);
    }
    at = end;
  }
}

function checkKeep(keep: Uint32Array, rows: number): void {
  for (let i = 0; i < keep.length; i++) {
    if (keep[i]! < rows && (i === 0 || keep[i]! > keep[i - 1]!)) continue;
    throw new InpageError(
      'invalid-argument',
      `The rows to keep must be ascending and below ${rows}; row ${i} of them is ${keep[i]}.`,
    );
  }
}
