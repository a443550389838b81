// Terms of a query as they are found in the segments of a collection.

import { hasRow } from '../mask.ts';
import type { Scorer } from './bm25.ts';
import type { TermEntry } from './dictionary-reader.ts';
import type { LexicalSegment } from './lexical-segment.ts';
import type { QueryTerm } from './query.ts';
import type { LexicalPart } from './statistics.ts';
import { TermBytes } from './term-bytes.ts';
import { TermRows } from './term-rows.ts';

/** A query term that is in the collection. */
export interface LocatedTerm {
  term: QueryTerm;
  /** For each part, those of its variants that are there. */
  entries: readonly (readonly TermEntry[])[];
  /** Live rows that have it. */
  documents: number;
  /** What it adds to a score at most: its weight in the query × the scorer's. */
  weight: number;
}

/** Looks terms up; those without a live row are left out. */
export function locateTerms(parts: readonly LexicalPart[], terms: readonly QueryTerm[], scorer: Scorer): LocatedTerm[] {
  const reader = new TermReader();
  return terms.flatMap((term) => {
    const variants = term.variants.map((variant) => new TermBytes().encode(variant));
    const entries = parts.map(({ lexical }) => variants.flatMap((variant) => lexical.find(variant) ?? []));
    const documents = parts.reduce((sum, part, i) => sum + countDocuments(part, entries[i]!, scorer.withTitle, reader), 0);
    return documents > 0 ? [{ term, entries, documents, weight: term.weight * scorer.weight(documents) }] : [];
  });
}

function countDocuments(
  { lexical, live }: LexicalPart,
  entries: readonly TermEntry[],
  withTitle: boolean,
  reader: TermReader,
): number {
  const [first] = entries;
  if (!first) return 0;
  if (!live && entries.length === 1) return withTitle ? first.rows : first.textRows;
  const { count, rows, text } = reader.read(lexical, entries);
  let documents = 0;
  for (let i = 0; i < count; i++) if ((withTitle || text[i]! > 0) && hasRow(live, rows[i]!)) documents++;
  return documents;
}

/** Reads the postings of all variants of a term as those of one. */
export class TermReader {
  #result = new TermRows();
  #other = new TermRows();
  #joined = new TermRows();

  /** @param entries at least one @returns valid until the next call; without positions */
  read(segment: LexicalSegment, entries: readonly TermEntry[]): TermRows {
    segment.read(entries[0]!, this.#result);
    for (let i = 1; i < entries.length; i++) {
      segment.read(entries[i]!, this.#other);
      join(this.#result, this.#other, this.#joined);
      [this.#result, this.#joined] = [this.#joined, this.#result];
    }
    return this.#result;
  }
}

/** Union of rows, occurrences summed. */
function join(a: TermRows, b: TermRows, into: TermRows): void {
  into.clear();
  let [i, j] = [0, 0];
  while (i < a.count || j < b.count) {
    const rowA = i < a.count ? a.rows[i]! : Number.POSITIVE_INFINITY;
    const rowB = j < b.count ? b.rows[j]! : Number.POSITIVE_INFINITY;
    const row = Math.min(rowA, rowB);
    let [text, title] = [0, 0];
    if (rowA === row) {
      text += a.text[i]!;
      title += a.title[i++]!;
    }
    if (rowB === row) {
      text += b.text[j]!;
      title += b.title[j++]!;
    }
    into.push(row, text, title);
  }
}
