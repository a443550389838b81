// Statistics of a collection that BM25 needs, over the rows that live.
import { hasRow } from '../mask.ts';
import type { LexicalSegment } from './lexical-segment.ts';

/** A segment as a part of a collection. */
export interface LexicalPart {
  lexical: LexicalSegment;
  /** One bit a row, 16 rows a word, lowest bit first; 0 where the row was deleted. Default: all live */
  live?: Uint16Array;
  /** Position of its first row; parts are in order of it. */
  firstPosition: number;
}

/** Exact counts over the live rows. */
export interface Statistics {
  rows: number;
  /** Terms in all texts, and in all titles. */
  textLength: number;
  titleLength: number;
  /** Languages of the rows, sorted. */
  languages: readonly string[];
}

/** Counts the live rows of a collection. */
export function countLive(parts: readonly LexicalPart[]): Statistics {
  let [rows, textLength, titleLength] = [0, 0, 0];
  const languages = new Set<string>();
  for (const { lexical, live } of parts) {
    const found = new Uint8Array(lexical.languages.length);
    for (let row = 0; row < lexical.rows; row++) {
      if (!hasRow(live, row)) continue;
      rows++;
      textLength += lexical.textLengths[row]!;
      titleLength += lexical.titleLengths[row]!;
      found[lexical.languageOf(row)] = 1;
    }
    lexical.languages.forEach((language, index) => {
      if (found[index]) languages.add(language);
    });
  }
  return { rows, textLength, titleLength, languages: [...languages].sort() };
}
