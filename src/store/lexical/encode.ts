// Encodes analysed rows as a lexical segment.

import type { AnalyzedRow, AnalyzedText } from './analyzer.ts';
import { encodeTerm } from './bytes.ts';
import type { LexicalBuffers } from './layout.ts';
import { SegmentWriter } from './segment-writer.ts';
import { TermRows } from './term-rows.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Encodes rows 0, 1, 2 … The bytes depend on the rows only.
 * @param rows as {@link Analyzer.row} gives them; read once, so they can be made as they are asked for
 */
export function encodeLexical(rows: Iterable<AnalyzedRow>): LexicalBuffers {
  const occurrences = new Occurrences();
  const text: number[] = [];
  const title: number[] = [];
  const languages: string[] = [];
  for (const row of rows) {
    occurrences.add(row.text, languages.length * 2);
    occurrences.add(row.title, languages.length * 2 + 1);
    text.push(row.text.terms.length);
    title.push(row.title.terms.length);
    languages.push(row.language);
  }
  const writer = new SegmentWriter({ text: Uint32Array.from(text), title: Uint32Array.from(title), languages });
  occurrences.write(writer);
  return writer.finish();
}

/** Every term of every row, in order of rows; the text of a row before its title. */
class Occurrences {
  /** Numbers of the segment's terms by vocabulary and number there, plus one. */
  readonly #numbers = new Map<Vocabulary, Uint32Array>();
  readonly #own = new Vocabulary();
  /** Of each occurrence: number of the term, row × 2 (+ 1 in the title), position. */
  #data = new Uint32Array(3 << 16);
  #length = 0;

  add({ vocabulary, terms, positions }: AnalyzedText, field: number): void {
    const numbers = this.#numbersOf(vocabulary);
    this.#reserve(terms.length * 3);
    const data = this.#data;
    let at = this.#length;
    for (let i = 0; i < terms.length; i++) {
      const term = terms[i]!;
      let number = numbers[term]!;
      if (number === 0) {
        number = this.#own.numberOf(vocabulary.terms[term]!) + 1;
        numbers[term] = number;
      }
      data[at] = number - 1;
      data[at + 1] = field;
      data[at + 2] = positions[i]!;
      at += 3;
    }
    this.#length = at;
  }

  write(writer: SegmentWriter): void {
    const { terms } = this.#own;
    const { starts, sorted } = this.#sortByTerm();
    const found = new TermRows();
    // Strings sort as their bytes do, see encodeTerm.
    for (const term of [...terms].sort()) {
      const number = this.#own.numberOf(term);
      gather(sorted, starts[number]!, starts[number + 1]!, found);
      writer.add(encodeTerm(term), found);
    }
  }

  /** Field and position of each occurrence, sorted by term and otherwise in order; and where each term's start. */
  #sortByTerm(): { starts: Uint32Array; sorted: Uint32Array } {
    const data = this.#data;
    const starts = new Uint32Array(this.#own.terms.length + 1);
    for (let at = 0; at < this.#length; at += 3) starts[data[at]! + 1]!++;
    for (let number = 1; number < starts.length; number++) starts[number]! += starts[number - 1]!;
    const next = starts.slice();
    const sorted = new Uint32Array((this.#length / 3) * 2);
    for (let at = 0; at < this.#length; at += 3) {
      const place = next[data[at]!]!++ * 2;
      sorted[place] = data[at + 1]!;
      sorted[place + 1] = data[at + 2]!;
    }
    return { starts, sorted };
  }

  #numbersOf(vocabulary: Vocabulary): Uint32Array {
    const known = this.#numbers.get(vocabulary);
    if (known && known.length >= vocabulary.terms.length) return known;
    const numbers = new Uint32Array(vocabulary.terms.length * 2);
    if (known) numbers.set(known);
    this.#numbers.set(vocabulary, numbers);
    return numbers;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#data.length) return;
    const grown = new Uint32Array(Math.max(this.#length + more, this.#data.length * 2));
    grown.set(this.#data);
    this.#data = grown;
  }
}

/** Occurrences `from` to before `to`, which are those of one term, by row. */
function gather(sorted: Uint32Array, from: number, to: number, into: TermRows): void {
  into.clear();
  into.reserveRows(to - from);
  into.reservePositions(to - from);
  const { rows, text, title, positions } = into;
  let last = -1;
  for (let i = from; i < to; i++) {
    const field = sorted[i * 2]!;
    const row = field >>> 1;
    if (last < 0 || rows[last] !== row) {
      last++;
      rows[last] = row;
      text[last] = 0;
      title[last] = 0;
    }
    if (field & 1) title[last]!++;
    else text[last]!++;
    positions[i - from] = sorted[i * 2 + 1]!;
  }
  into.count = last + 1;
  into.positionCount = to - from;
}
