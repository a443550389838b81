// Encodes analysed rows as a lexical segment.

import type { AnalyzedRow, AnalyzedText } from './analyzer.ts';
import { encodeTerm } from './bytes.ts';
import type { LexicalBuffers } from './layout.ts';
import { SegmentWriter } from './segment-writer.ts';
import { TermRows } from './term-rows.ts';

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
  readonly #numbers = new Map<string, number>();
  /** Of each occurrence: number of the term, row × 2 (+ 1 in the title), position. */
  #data = new Uint32Array(3 * 4096);
  #length = 0;

  add({ terms, positions }: AnalyzedText, field: number): void {
    this.#reserve(terms.length * 3);
    const data = this.#data;
    for (let i = 0; i < terms.length; i++) {
      const term = terms[i]!;
      let number = this.#numbers.get(term);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(term, number);
      }
      data[this.#length++] = number;
      data[this.#length++] = field;
      data[this.#length++] = positions[i]!;
    }
  }

  write(writer: SegmentWriter): void {
    const starts = this.#starts();
    const order = this.#byTerm(starts);
    const found = new TermRows();
    // Strings sort as their bytes do, see encodeTerm.
    for (const term of [...this.#numbers.keys()].sort()) {
      const number = this.#numbers.get(term)!;
      found.clear();
      for (let i = starts[number]!; i < starts[number + 1]!; i++) {
        const field = this.#data[order[i]! + 1]!;
        const row = field >>> 1;
        if (found.count === 0 || found.rows[found.count - 1] !== row) found.push(row, 0, 0);
        const counts = field & 1 ? found.title : found.text;
        counts[found.count - 1]!++;
        found.pushPosition(this.#data[order[i]! + 2]!);
      }
      writer.add(encodeTerm(term), found);
    }
  }

  /** Where each term's occurrences start when they are sorted by term. */
  #starts(): Uint32Array {
    const starts = new Uint32Array(this.#numbers.size + 1);
    for (let at = 0; at < this.#length; at += 3) starts[this.#data[at]! + 1]!++;
    for (let number = 1; number < starts.length; number++) starts[number]! += starts[number - 1]!;
    return starts;
  }

  /** Offsets of the occurrences, sorted by term, otherwise in order. */
  #byTerm(starts: Uint32Array): Uint32Array {
    const next = starts.slice();
    const order = new Uint32Array(this.#length / 3);
    for (let at = 0; at < this.#length; at += 3) {
      const number = this.#data[at]!;
      order[next[number]!++] = at;
    }
    return order;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#data.length) return;
    const grown = new Uint32Array(Math.max(this.#length + more, this.#data.length * 2));
    grown.set(this.#data);
    this.#data = grown;
  }
}
