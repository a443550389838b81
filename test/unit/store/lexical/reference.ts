// What the lexical index is compared with: BM25F over plain arrays of terms, and seeded corpora.
import type { AnalyzedRow, AnalyzedText } from '../../../../src/store/lexical/analyzer.ts';
import type { Bm25Parameters } from '../../../../src/store/lexical/bm25.ts';
import { encodeLexical } from '../../../../src/store/lexical/encode.ts';
import type { LexicalBuffers } from '../../../../src/store/lexical/layout.ts';
import { LexicalSegment } from '../../../../src/store/lexical/lexical-segment.ts';
import type { LexicalPart } from '../../../../src/store/lexical/statistics.ts';
import { Vocabulary } from '../../../../src/store/lexical/vocabulary.ts';

const known = new Vocabulary();

/** Terms as if a text had been analysed. */
export function analyzed(terms: readonly string[], positions = Uint32Array.from(terms.keys())): AnalyzedText {
  const pairs = terms.flatMap((term, i) => [known.numberOf(term), positions[i]!]);
  return { vocabulary: known, terms: Uint32Array.from(pairs) };
}

/** The terms of a text. */
export function termsOf({ vocabulary, terms }: AnalyzedText): string[] {
  return Array.from({ length: terms.length / 2 }, (_, i) => vocabulary.terms[terms[2 * i]!]!);
}

/** Where they are. */
export function positionsOf({ terms }: AnalyzedText): number[] {
  return Array.from({ length: terms.length / 2 }, (_, i) => terms[2 * i + 1]!);
}

/** Terms with positions that leave gaps, as stop words do. */
export function text(random: () => number, vocabulary: readonly string[], length: number): AnalyzedText {
  const positions = new Uint32Array(length);
  let position = 0;
  for (let i = 0; i < length; i++) {
    position += random() < 0.2 ? 2 : 1;
    positions[i] = position - 1;
  }
  // Squared, so that some terms are common and many rare.
  const terms = Array.from({ length }, () => vocabulary[Math.floor(random() ** 2 * vocabulary.length)]!);
  return analyzed(terms, positions);
}

export const vocabulary = Array.from({ length: 60 }, (_, i) => `w${i}`);

export function randomRows(random: () => number, count: number): AnalyzedRow[] {
  return Array.from({ length: count }, () => ({
    language: 'und',
    text: text(random, vocabulary, Math.floor(random() * 30)),
    title: text(random, vocabulary, Math.floor(random() * 4)),
  }));
}

/** Rows as segments of at most `size` rows, from `first` on. */
export function partsOf(
  rows: readonly AnalyzedRow[],
  size: number,
): { parts: (LexicalPart & { live: Uint16Array })[]; buffers: LexicalBuffers[] } {
  const parts = [];
  const buffers = [];
  for (let first = 0; first < rows.length; first += size) {
    const encoded = encodeLexical(rows.slice(first, first + size));
    const lexical = new LexicalSegment(encoded.postings);
    parts.push({ lexical, live: new Uint16Array(Math.ceil(lexical.rows / 16)).fill(0xffff), firstPosition: first });
    buffers.push(encoded);
  }
  return { parts, buffers };
}

/** A mask of the rows for which `has` holds. */
export function maskOf(rows: number, has: (row: number) => boolean): Uint16Array {
  const mask = new Uint16Array(Math.ceil(rows / 16));
  for (let row = 0; row < rows; row++) if (has(row)) mask[row >> 4]! |= 1 << (row & 15);
  return mask;
}

/** Scores by position of all rows that have a term of the query; straight from the formula. */
export function referenceScores(
  rows: ReadonlyMap<number, AnalyzedRow>,
  query: readonly (readonly string[])[],
  { k1, b, titleWeight, titleB }: Required<Bm25Parameters>,
): Map<number, number> {
  const all = [...rows.values()];
  const average = (field: 'text' | 'title') => all.reduce((sum, row) => sum + row[field].terms.length / 2, 0) / all.length;
  const [averageText, averageTitle] = [average('text'), average('title')];
  const count = (field: AnalyzedText, variants: readonly string[]) =>
    termsOf(field).filter((term) => variants.includes(term)).length;
  const scores = new Map<number, number>();
  for (const variants of query) {
    const frequency = (row: AnalyzedRow) => {
      const inText = count(row.text, variants);
      const inTitle = count(row.title, variants);
      return (
        (inText && inText / (1 - b + (b * row.text.terms.length) / 2 / averageText)) +
        (inTitle && (titleWeight * inTitle) / (1 - titleB + (titleB * row.title.terms.length) / 2 / averageTitle))
      );
    };
    const documents = all.filter((row) => frequency(row) > 0).length;
    const idf = Math.log(1 + (all.length - documents + 0.5) / (documents + 0.5));
    for (const [position, row] of rows) {
      const tf = frequency(row);
      if (tf > 0) scores.set(position, (scores.get(position) ?? 0) + (idf * tf * (k1 + 1)) / (tf + k1));
    }
  }
  return scores;
}
