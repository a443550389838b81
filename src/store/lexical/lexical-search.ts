// Lexical search: a prepared query run over the segments, term by term into one array of scores a segment.

import { hasRow } from '../mask.ts';
import type { Scorer } from './bm25.ts';
import { type LocatedTerm, TermReader } from './located-term.ts';
import type { LexicalPart } from './statistics.ts';
import { type TieOrder, TopRows } from './top-rows.ts';

/** A row found. */
export interface LexicalHit {
  position: number;
  /** Of BM25; greater than 0. */
  score: number;
  /** How the score came about, where it was asked for. The scores of the terms sum to `score`. */
  terms?: TermScore[];
}

/** What a term of the query added to a score. */
export interface TermScore {
  /** As it was asked for. */
  word: string;
  /** Stems that were looked for. */
  variants: readonly string[];
  /** Live passages that have it. */
  documents: number;
  idf: number;
  /** Occurrences in the text and in the title. */
  text: number;
  title: number;
  score: number;
}

/** How {@link LexicalSearch.search} goes about it. */
export interface LexicalSearchOptions {
  /** For each part the rows that may be found, as a mask like `live`; a part without one is not filtered. The ranking stays the same. */
  filters?: readonly (Uint16Array | undefined)[];
  /** Order of rows with equal scores. Default: by position */
  ties?: TieOrder;
  /** Adds `terms` to the hits. @default false */
  explain?: boolean;
}

/** One query on one state of a collection. Nothing in it waits. */
export class LexicalSearch {
  readonly #parts: readonly LexicalPart[];
  readonly #terms: readonly LocatedTerm[];
  readonly #scorer: Scorer;
  readonly #phrases: readonly (Uint16Array | undefined)[];
  readonly #reader = new TermReader();
  readonly #scores: Float64Array;

  /** @param phrases masks of the rows that have the quoted phrases, by part */
  constructor(
    parts: readonly LexicalPart[],
    terms: readonly LocatedTerm[],
    scorer: Scorer,
    phrases: readonly (Uint16Array | undefined)[],
  ) {
    this.#parts = parts;
    this.#terms = terms;
    this.#scorer = scorer;
    this.#phrases = phrases;
    this.#scores = new Float64Array(parts.reduce((most, { lexical }) => Math.max(most, lexical.rows), 0));
  }

  /** The k best rows with at least one of the words and all of the phrases. */
  search(k: number, { filters = [], ties, explain = false }: LexicalSearchOptions = {}): LexicalHit[] {
    const top = new TopRows(k, ties);
    for (const [index, { lexical, live, firstPosition }] of this.#parts.entries()) {
      if (!this.#scorePart(index)) continue;
      const scores = this.#scores;
      const [phrase, filter] = [this.#phrases[index], filters[index]];
      let least = top.least;
      for (let row = 0; row < lexical.rows; row++) {
        const score = scores[row]!;
        if (score === 0 || score < least || !hasRow(live, row) || !hasRow(phrase, row) || !hasRow(filter, row)) continue;
        top.add(firstPosition + row, score);
        least = top.least;
      }
    }
    const hits: LexicalHit[] = top.take();
    return explain ? hits.map((hit) => ({ ...hit, terms: this.#explain(hit.position) })) : hits;
  }

  /** The score that a search without a filter finds each row with; 0 for rows that it does not find. */
  scoresOf(positions: ArrayLike<number>): Float64Array {
    const found = new Float64Array(positions.length);
    for (const [index, part] of this.#parts.entries()) {
      const wanted = Array.from(found.keys()).filter((i) => contains(part, positions[i]!));
      if (wanted.length === 0 || !this.#scorePart(index)) continue;
      for (const i of wanted) {
        const row = positions[i]! - part.firstPosition;
        if (hasRow(part.live, row) && hasRow(this.#phrases[index], row)) found[i] = this.#scores[row]!;
      }
    }
    return found;
  }

  /** Scores all rows of a part; false where it has none of the terms. */
  #scorePart(index: number): boolean {
    const { lexical } = this.#parts[index]!;
    const { textLengths, titleLengths } = lexical;
    const [scores, scorer] = [this.#scores, this.#scorer];
    let any = false;
    for (const { entries, weight } of this.#terms) {
      const found = entries[index]!;
      if (found.length === 0) continue;
      if (!any) scores.fill(0, 0, lexical.rows);
      any = true;
      const { count, rows, text, title } = this.#reader.read(lexical, found);
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        scores[row]! += weight * scorer.saturation(text[i]!, textLengths[row]!, title[i]!, titleLengths[row]!);
      }
    }
    return any;
  }

  #explain(position: number): TermScore[] {
    const index = this.#parts.findIndex((part) => contains(part, position));
    const { lexical, firstPosition } = this.#parts[index]!;
    const row = position - firstPosition;
    return this.#terms.map(({ term, entries, documents, weight }) => {
      const found = entries[index]!;
      let [text, title] = [0, 0];
      if (found.length > 0) {
        const read = this.#reader.read(lexical, found);
        const at = read.rows.subarray(0, read.count).indexOf(row);
        if (at >= 0) [text, title] = [read.text[at]!, read.title[at]!];
      }
      const score = weight * this.#scorer.saturation(text, lexical.textLengths[row]!, title, lexical.titleLengths[row]!);
      return { word: term.word, variants: term.variants, documents, idf: this.#scorer.idf(documents), text, title, score };
    });
  }
}

function contains({ lexical, firstPosition }: LexicalPart, position: number): boolean {
  return position >= firstPosition && position < firstPosition + lexical.rows;
}
