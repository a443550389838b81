// Lexical segment: opened without copying or decoding; terms are looked up in its bytes.
import { lastFitting } from '../../util/search.ts';
import { ByteReader } from '../varint.ts';
import { DictionaryReader, type TermEntry } from './dictionary-reader.ts';
import {
  blockTerms,
  corrupt,
  firstSizeWord,
  openStored,
  paddedSize,
  postingsHeaderWords,
  postingsMagic,
  type Stored,
  sections,
  wordsOf,
} from './layout.ts';
import type { TermBytes } from './term-bytes.ts';
import type { TermRows } from './term-rows.ts';

/** Dictionary, postings and row table of a segment. */
export class LexicalSegment {
  readonly rows: number;
  readonly terms: number;
  /** Codes of the languages that its rows were analysed in, sorted. */
  readonly languages: readonly string[];
  /** Lengths of the fields of each row, in terms. */
  readonly textLengths: Uint32Array;
  readonly titleLengths: Uint32Array;
  readonly #rowLanguages: Uint8Array;
  readonly #blocks: Uint32Array;
  readonly #dictionary: Uint8Array;
  readonly #reader: ByteReader;
  readonly #postings: Uint8Array;

  /** @throws InpageError `data-corrupt`; what lies behind the header is taken as it is, so check a checksum first */
  constructor(postings: Stored | undefined) {
    const bytes = openStored(postings, 'postings', postingsMagic, postingsHeaderWords);
    const header = wordsOf(bytes, 0, postingsHeaderWords);
    this.rows = header[3]!;
    this.terms = header[4]!;
    const [blocks, text, title, language, languages, dictionary, lists] = cutSections(bytes, header);
    this.#blocks = new Uint32Array(blocks!.buffer, blocks!.byteOffset, blocks!.length / 4);
    this.textLengths = widen(text!, this.rows);
    this.titleLengths = widen(title!, this.rows);
    this.#rowLanguages = language!;
    this.languages = languages!.length > 0 ? new TextDecoder().decode(languages).split(' ') : [];
    this.#dictionary = dictionary!;
    this.#reader = new ByteReader(dictionary!);
    this.#postings = lists!;
    const languageBytes = this.languages.length > 1 ? this.rows : 0;
    if (language!.length !== languageBytes || this.#blocks.length !== Math.ceil(this.terms / blockTerms) * 2) {
      throw corrupt('postings', 'has a wrong header');
    }
  }

  /** Place of a row's language in `languages`. */
  languageOf(row: number): number {
    return this.#rowLanguages[row] ?? 0;
  }

  find(term: TermBytes): TermEntry | undefined {
    if (this.terms === 0) return undefined;
    const block = lastFitting(this.#blocks.length / 2, (index) => this.#compareFirst(index, term) <= 0);
    const reader = this.dictionary(block);
    for (let i = 0; i < blockTerms && reader.next(); i++) {
      const order = reader.term.compare(term);
      if (order >= 0) return order === 0 ? reader.entry : undefined;
    }
    return undefined;
  }

  /** Reads the dictionary from a block on. */
  dictionary(block = 0): DictionaryReader {
    return new DictionaryReader(this.#dictionary, this.terms, {
      ordinal: block * blockTerms,
      dictionary: this.#blocks[block * 2] ?? 0,
      postings: this.#blocks[block * 2 + 1] ?? 0,
    });
  }

  /** Decodes a term's postings, without positions. */
  read({ rows: count, offset }: TermEntry, into: TermRows): void {
    into.clear();
    into.reserveRows(count);
    into.count = count;
    const { rows, text, title } = into;
    const reader = new ByteReader(this.#postings, offset);
    let row = -1;
    for (let i = 0; i < count; i++) {
      const value = reader.varint();
      row += (value >>> 2) + 1;
      rows[i] = row;
      const form = value & 3;
      text[i] = form === 0 ? 1 : reader.varint();
      title[i] = form === 3 ? reader.varint() : form >>> 1;
    }
  }

  /** Order of a block's first term and another. */
  #compareFirst(block: number, term: TermBytes): number {
    // Its shared length, 0, comes before.
    const { bytes } = this.#reader;
    this.#reader.at = this.#blocks[block * 2]! + 1;
    const length = this.#reader.varint();
    const start = this.#reader.at;
    for (let i = 0; i < length && i < term.length; i++) {
      const difference = bytes[start + i]! - term.bytes[i]!;
      if (difference !== 0) return difference;
    }
    return length - term.length;
  }
}

function cutSections(bytes: Uint8Array, header: Uint32Array): Uint8Array[] {
  let at = postingsHeaderWords * 4;
  const sizes = sections.map((_, index) => header[firstSizeWord + index]!);
  if (at + sizes.reduce((sum, size) => sum + paddedSize(size), 0) !== bytes.length) {
    throw corrupt('postings', 'has a wrong length');
  }
  return sizes.map((size) => {
    const section = bytes.subarray(at, at + size);
    at += paddedSize(size);
    return section;
  });
}

/** Numbers of 1, 2 or 4 bytes each. */
function widen(section: Uint8Array, count: number): Uint32Array {
  const width = count === 0 ? 1 : section.length / count;
  if (width === 1) return Uint32Array.from(section);
  if (width === 2) return Uint32Array.from(new Uint16Array(section.buffer, section.byteOffset, count));
  if (width === 4) return new Uint32Array(section.buffer, section.byteOffset, count);
  throw corrupt('postings', 'has a wrong header');
}
