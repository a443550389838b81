// Merges lexical segments, leaving out rows, without the text: what comes out is what encoding the rows kept would give.
import { InpageError } from '../../util/errors.ts';
import type { DictionaryReader } from './dictionary-reader.ts';
import type { LexicalBuffers, Stored } from './layout.ts';
import { LexicalSegment } from './lexical-segment.ts';
import { PositionsReader } from './positions.ts';
import { SegmentWriter } from './segment-writer.ts';
import { TermBytes } from './term-bytes.ts';
import { TermRows } from './term-rows.ts';

/** Rows of a segment that follow each other in what is merged. */
export interface MergePart {
  /** The buffers of the segment. The same segment may come in several parts; its `postings` are then the same object. */
  postings: Stored;
  positions: Stored;
  /** Rows that are kept, ascending. They are numbered on from those of the part before. */
  keep: Uint32Array;
}

/** A segment while it is read. */
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
 * @throws InpageError `data-corrupt`; `invalid-argument` for rows to keep that are not ascending, not there or there twice
 */
export function mergeLexical(parts: readonly MergePart[]): LexicalBuffers {
  const sources = new Map<Stored, Source>();
  const text: number[] = [];
  const title: number[] = [];
  const languages: string[] = [];
  for (const { postings, positions, keep } of parts) {
    const source = sources.get(postings) ?? openSource(postings, positions);
    sources.set(postings, source);
    const { segment, renumbered } = source;
    checkKeep(keep, renumbered);
    for (const row of keep) {
      renumbered[row] = text.length;
      text.push(segment.textLengths[row]!);
      title.push(segment.titleLengths[row]!);
      languages.push(segment.languages[segment.languageOf(row)]!);
    }
  }
  const writer = new SegmentWriter({ text: Uint32Array.from(text), title: Uint32Array.from(title), languages });
  mergeTerms([...sources.values()], writer);
  return writer.finish();
}

function openSource(postings: Stored, positions: Stored): Source {
  const segment = new LexicalSegment(postings);
  return {
    segment,
    positions: new PositionsReader(positions, segment),
    dictionary: segment.dictionary(),
    renumbered: new Int32Array(segment.rows).fill(-1),
  };
}

/** @param sources at the start of their dictionaries; used up */
function mergeTerms(sources: readonly Source[], writer: SegmentWriter): void {
  const read = new TermRows();
  const kept = new TermRows();
  const term = new TermBytes();
  let left = sources.filter(({ dictionary }) => dictionary.next());
  while (left.length > 0) {
    let first = left[0]!.dictionary.term;
    for (const { dictionary } of left) if (dictionary.term.compare(first) < 0) first = dictionary.term;
    term.replace(0, first.bytes, 0, first.length);
    kept.clear();
    let ended = false;
    for (const { segment, positions, dictionary, renumbered } of left) {
      if (dictionary.term.compare(term) !== 0) continue;
      const { entry } = dictionary;
      segment.read(entry, read);
      positions.read(entry, read);
      appendKept(read, renumbered, kept);
      ended = !dictionary.next() || ended;
    }
    if (kept.count > 0) writer.add(term, inOrder(kept));
    if (ended) left = left.filter(({ dictionary }) => !dictionary.done);
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

/** The same with rows ascending. Parts of several segments that take turns leave them in another order. */
function inOrder(kept: TermRows): TermRows {
  const { count, rows, text, title, positions } = kept;
  let ascending = true;
  for (let i = 1; i < count; i++) ascending &&= rows[i]! > rows[i - 1]!;
  if (ascending) return kept;
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i]! + text[i]! + title[i]!;
  const sorted = new TermRows();
  for (const i of Uint32Array.from({ length: count }, (_, at) => at).sort((a, b) => rows[a]! - rows[b]!)) {
    sorted.push(rows[i]!, text[i]!, title[i]!);
    for (let p = starts[i]!; p < starts[i + 1]!; p++) sorted.pushPosition(positions[p]!);
  }
  return sorted;
}

/** @param renumbered of the segment, where rows of earlier parts have a number */
function checkKeep(keep: Uint32Array, renumbered: Int32Array): void {
  for (let i = 0; i < keep.length; i++) {
    const row = keep[i]!;
    if (renumbered[row] === -1 && (i === 0 || row > keep[i - 1]!)) continue;
    throw new InpageError(
      'invalid-argument',
      `The rows to keep must be ascending, below ${renumbered.length}, and each in one part only; row ${row} is not.`,
    );
  }
}
