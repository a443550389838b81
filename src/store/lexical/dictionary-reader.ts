// Reads the dictionary of a lexical segment term by term.
import { ByteReader } from './bytes.ts';

/** What the dictionary has of a term. */
export interface TermEntry {
  /** Number of the term in the segment. */
  ordinal: number;
  /** Rows that have it, and those of them that have it in the text. */
  rows: number;
  textRows: number;
  /** Where its postings begin. */
  offset: number;
}

/** Where a block of the dictionary begins. */
export interface BlockStart {
  /** Of its first term. */
  ordinal: number;
  dictionary: number;
  postings: number;
}

/** Goes through the terms in order, from the start of a block. */
export class DictionaryReader {
  readonly #reader: ByteReader;
  readonly #terms: number;
  #ordinal: number;
  #term = new Uint8Array(256);
  #termLength = 0;
  #rows = 0;
  #textRows = 0;
  #offset: number;
  #nextOffset: number;

  constructor(dictionary: Uint8Array, terms: number, start: BlockStart) {
    this.#reader = new ByteReader(dictionary, start.dictionary);
    this.#terms = terms;
    this.#ordinal = start.ordinal - 1;
    this.#offset = start.postings;
    this.#nextOffset = start.postings;
  }

  /** Goes to the next term; false after the last. */
  next(): boolean {
    if (this.#ordinal + 1 >= this.#terms) return false;
    this.#ordinal++;
    const reader = this.#reader;
    const shared = reader.varint();
    const rest = reader.varint();
    if (shared + rest > this.#term.length) {
      const larger = new Uint8Array((shared + rest) * 2);
      larger.set(this.#term);
      this.#term = larger;
    }
    for (let i = 0; i < rest; i++) this.#term[shared + i] = reader.bytes[reader.at + i]!;
    reader.at += rest;
    this.#termLength = shared + rest;
    const rows = reader.varint();
    this.#rows = rows >>> 1;
    this.#textRows = rows & 1 ? reader.varint() : this.#rows;
    this.#offset = this.#nextOffset;
    this.#nextOffset += reader.varint();
    return true;
  }

  /** Bytes of the term; valid until the next one. */
  get term(): Uint8Array {
    return this.#term.subarray(0, this.#termLength);
  }

  get entry(): TermEntry {
    return { ordinal: this.#ordinal, rows: this.#rows, textRows: this.#textRows, offset: this.#offset };
  }
}
