// Reads the dictionary of a lexical segment term by term.
import { ByteReader } from '../varint.ts';
import { TermBytes } from './term-bytes.ts';

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
  /** The term; overwritten by the next. */
  readonly term = new TermBytes();
  readonly #reader: ByteReader;
  readonly #terms: number;
  #ordinal: number;
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
    this.#ordinal++;
    if (this.done) return false;
    const reader = this.#reader;
    const shared = reader.varint();
    const rest = reader.varint();
    this.term.replace(shared, reader.bytes, reader.at, rest);
    reader.at += rest;
    const rows = reader.varint();
    this.#rows = rows >>> 1;
    this.#textRows = rows & 1 ? reader.varint() : this.#rows;
    this.#offset = this.#nextOffset;
    this.#nextOffset += reader.varint();
    return true;
  }

  /** Whether the last term was passed. */
  get done(): boolean {
    return this.#ordinal >= this.#terms;
  }

  get entry(): TermEntry {
    return { ordinal: this.#ordinal, rows: this.#rows, textRows: this.#textRows, offset: this.#offset };
  }
}
