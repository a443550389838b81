// Phrases: the rows in which words stand side by side.
import { maskWords, setBits } from '../mask.ts';
import type { TermEntry } from './dictionary-reader.ts';
import type { LexicalSegment } from './lexical-segment.ts';
import type { PositionsReader } from './positions.ts';
import type { PhraseTerm } from './query.ts';
import { TermBytes } from './term-bytes.ts';
import { TermRows } from './term-rows.ts';

interface Found {
  offset: number;
  entry: TermEntry;
}

/**
 * Finds the rows of a segment that have a phrase, each row by the rules of its own language. In a language in which the phrase
 * has stop words only, every row passes.
 * @param phrase terms by language
 * @param positions called only where all words are in the segment
 * @param withTitle whether the phrase may also stand in the title
 * @returns a mask as {@link LexicalPart.live}
 */
export async function phraseRows(
  segment: LexicalSegment,
  phrase: ReadonlyMap<string, readonly PhraseTerm[]>,
  positions: () => Promise<PositionsReader>,
  withTitle: boolean,
): Promise<Uint16Array> {
  const mask = new Uint16Array(maskWords(segment.rows));
  for (const [index, language] of segment.languages.entries()) {
    const terms = phrase.get(language);
    const ofLanguage = (row: number) => segment.languageOf(row) === index;
    if (!terms) {
      for (let row = 0; row < segment.rows; row++) if (ofLanguage(row)) setBits(mask, row, row + 1);
      continue;
    }
    const found = findAll(segment, terms);
    if (!found) continue;
    for (const row of rowsWithPhrase(segment, found, await positions(), withTitle))
      if (ofLanguage(row)) setBits(mask, row, row + 1);
  }
  return mask;
}

function findAll(segment: LexicalSegment, terms: readonly PhraseTerm[]): Found[] | undefined {
  const found: Found[] = [];
  for (const { term, offset } of terms) {
    const entry = segment.find(new TermBytes().encode(term));
    if (!entry) return undefined;
    found.push({ offset, entry });
  }
  return found;
}

/** Where a phrase may start in a row: place of its first word, less the word's offset; title and text apart. */
type Starts = Map<number, { text: Set<number>; title: Set<number> }>;

function rowsWithPhrase(
  segment: LexicalSegment,
  found: readonly Found[],
  positions: PositionsReader,
  withTitle: boolean,
): Iterable<number> {
  const read = new TermRows();
  let starts: Starts | undefined;
  // The rarest word first leaves the least to look at.
  for (const { offset, entry } of [...found].sort((a, b) => a.entry.rows - b.entry.rows)) {
    segment.read(entry, read);
    positions.read(entry, read);
    const next: Starts = new Map();
    let at = 0;
    for (let i = 0; i < read.count; i++) {
      const row = read.rows[i]!;
      const titleAt = at + read.text[i]!;
      const end = titleAt + read.title[i]!;
      const before = starts?.get(row);
      if (!starts || before) {
        const text = startsIn(read.positions.subarray(at, titleAt), offset, before?.text);
        const title = startsIn(read.positions.subarray(titleAt, withTitle ? end : titleAt), offset, before?.title);
        if (text.size > 0 || title.size > 0) next.set(row, { text, title });
      }
      at = end;
    }
    starts = next;
  }
  return starts?.keys() ?? [];
}

function startsIn(positions: Uint32Array, offset: number, among: ReadonlySet<number> | undefined): Set<number> {
  const starts = new Set<number>();
  for (const position of positions) if (!among || among.has(position - offset)) starts.add(position - offset);
  return starts;
}
