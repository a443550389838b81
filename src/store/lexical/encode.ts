// Encodes analysed rows as a lexical segment.

import type { AnalyzedRow, AnalyzedText } from './analyzer.ts';
import type { LexicalBuffers } from './layout.ts';
import { SegmentWriter } from './segment-writer.ts';
import { TermBytes } from './term-bytes.ts';
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
    text.push(row.text.terms.length / 2);
    title.push(row.title.terms.length / 2);
    languages.push(row.language);
  }
  const writer = new SegmentWriter({ text: Uint32Array.from(text), title: Uint32Array.from(title), languages });
  occurrences.write(writer);
  return writer.finish();
}

/** Encodes rows without a word. */
export function encodeWordless(rows: number): LexicalBuffers {
  const none: AnalyzedText = { vocabulary: new Vocabulary(), terms: new Uint32Array(0) };
  return encodeLexical(Array<AnalyzedRow>(rows).fill({ language: 'und', text: none, title: none }));
}

/** Every term of every row, in order of rows; the text of a row before its title. */
class Occurrences {
  /** Terms of the segment by their number. */
  readonly #terms: string[] = [];
  /** For each vocabulary the number of each of its terms in the segment, plus one. */
  readonly #numbers = new Map<Vocabulary, Uint32Array>();
  /** Made when there is a second vocabulary. */
  #byTerm: Map<string, number> | undefined;
  /** Of each occurrence: number of the term, row × 2 (+ 1 in the title), position. */
  #data = new Uint32Array(3 << 16);
  #length = 0;

  add({ vocabulary, terms }: AnalyzedText, field: number): void {
    const numbers = this.#numbersOf(vocabulary);
    this.#reserve(terms.length * 1.5);
    const data = this.#data;
    let at = this.#length;
    for (let i = 0; i < terms.length; i += 2) {
      const term = terms[i]!;
      let number = numbers[term]!;
      if (number === 0) {
        number = this.#addTerm(vocabulary.terms[term]!) + 1;
        numbers[term] = number;
      }
      data[at] = number - 1;
      data[at + 1] = field;
      data[at + 2] = terms[i + 1]!;
      at += 3;
    }
    this.#length = at;
  }

  write(writer: SegmentWriter): void {
    const terms = this.#terms;
    const { starts, sorted } = this.#sortByTerm();
    const found = new TermRows();
    const bytes = new TermBytes();
    // Strings sort as their bytes do.
    for (const number of [...terms.keys()].sort((a, b) => (terms[a]! < terms[b]! ? -1 : 1))) {
      gather(sorted, starts[number]!, starts[number + 1]!, found);
      bytes.encode(terms[number]!);
      writer.add(bytes, found);
    }
  }

  /** Field and position of each occurrence, sorted by term and otherwise in order; and where each term's start. */
  #sortByTerm(): { starts: Uint32Array; sorted: Uint32Array } {
    const data = this.#data;
    const starts = new Uint32Array(this.#terms.length + 1);
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
    if (this.#numbers.size > 1) this.#byTerm ??= new Map(this.#terms.map((term, number) => [term, number]));
    return numbers;
  }

  #addTerm(term: string): number {
    const known = this.#byTerm?.get(term);
    if (known !== undefined) return known;
    const number = this.#terms.push(term) - 1;
    this.#byTerm?.set(term, number);
    return number;
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
