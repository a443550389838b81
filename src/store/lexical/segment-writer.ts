// Writer of lexical segments: takes terms in order, gives the two buffers. What it writes depends on its input only.
import { ByteWriter } from '../varint.ts';
import {
  blockTerms,
  firstSizeWord,
  type LexicalBuffers,
  paddedSize,
  positionsHeaderWords,
  positionsMagic,
  postingsHeaderWords,
  postingsMagic,
  type Section,
  sections,
  version,
} from './layout.ts';
import { TermBytes } from './term-bytes.ts';
import type { TermRows } from './term-rows.ts';

/** What is kept of each row beside its terms. */
export interface RowTable {
  /** Lengths in terms. */
  text: Uint32Array;
  title: Uint32Array;
  /** Code of each row's language. */
  languages: readonly string[];
}

/** Writes one segment. */
export class SegmentWriter {
  readonly #table: RowTable;
  readonly #blocks: number[] = [];
  readonly #positionBlocks: number[] = [];
  readonly #dictionary = new ByteWriter();
  readonly #postings = new ByteWriter();
  readonly #positions = new ByteWriter();
  readonly #scratch = new ByteWriter();
  #terms = 0;
  readonly #last = new TermBytes();

  constructor(table: RowTable) {
    this.#table = table;
  }

  /** @param term greater than the one before @param found at least one row, with positions */
  add(term: TermBytes, found: TermRows): void {
    const first = this.#terms % blockTerms === 0;
    if (first) {
      this.#blocks.push(this.#dictionary.length, this.#postings.length);
      this.#positionBlocks.push(this.#positions.length);
    }
    const postingsStart = this.#postings.length;
    const textRows = this.#addPostings(found);
    const dictionary = this.#dictionary;
    const shared = first ? 0 : this.#last.sharedWith(term);
    dictionary.varint(shared);
    dictionary.varint(term.length - shared);
    dictionary.append(term.bytes, shared, term.length);
    const titleOnly = textRows < found.count;
    dictionary.varint(found.count * 2 + (titleOnly ? 1 : 0));
    if (titleOnly) dictionary.varint(textRows);
    dictionary.varint(this.#postings.length - postingsStart);
    this.#addPositions(found);
    this.#last.replace(shared, term.bytes, shared, term.length - shared);
    this.#terms++;
  }

  finish(): LexicalBuffers {
    return { postings: this.#finishPostings(), positions: this.#finishPositions() };
  }

  /** @returns the number of rows that have the term in their text */
  #addPostings({ count, rows, text, title }: TermRows): number {
    const postings = this.#postings;
    let before = -1;
    let textRows = 0;
    for (let i = 0; i < count; i++) {
      const [inText, inTitle] = [text[i]!, title[i]!];
      const form = inTitle === 0 ? (inText === 1 ? 0 : 1) : inTitle === 1 ? 2 : 3;
      postings.varint(((rows[i]! - before - 1) << 2) | form);
      if (form > 0) postings.varint(inText);
      if (form === 3) postings.varint(inTitle);
      if (inText > 0) textRows++;
      before = rows[i]!;
    }
    return textRows;
  }

  #addPositions({ count, text, title, positions }: TermRows): void {
    const scratch = this.#scratch;
    scratch.clear();
    let at = 0;
    for (let i = 0; i < count; i++) {
      for (const occurrences of [text[i]!, title[i]!]) {
        let before = 0;
        for (const end = at + occurrences; at < end; at++) {
          scratch.varint(positions[at]! - before);
          before = positions[at]!;
        }
      }
    }
    this.#positions.varint(scratch.length);
    this.#positions.append(scratch.view());
  }

  #finishPostings(): ArrayBuffer {
    const { text, title, languages } = this.#table;
    const codes = [...new Set(languages)].sort();
    const parts: Record<Section, Uint8Array> = {
      blocks: bytesOf(Uint32Array.from(this.#blocks)),
      text: narrow(text),
      title: narrow(title),
      language: codes.length > 1 ? Uint8Array.from(languages, (language) => codes.indexOf(language)) : new Uint8Array(0),
      languages: new TextEncoder().encode(codes.join(' ')),
      dictionary: this.#dictionary.view(),
      postings: this.#postings.view(),
    };
    const header = new Uint32Array(postingsHeaderWords);
    header.set([postingsMagic, version, 0, text.length, this.#terms]);
    sections.forEach((section, index) => {
      header[firstSizeWord + index] = parts[section].length;
    });
    return join(header, Object.values(parts));
  }

  #finishPositions(): ArrayBuffer {
    const header = new Uint32Array(positionsHeaderWords);
    header.set([positionsMagic, version, 0, this.#table.text.length, this.#terms]);
    return join(header, [bytesOf(Uint32Array.from(this.#positionBlocks)), this.#positions.view()]);
  }
}

/** Numbers in as few bytes each as the largest needs. */
function narrow(values: Uint32Array): Uint8Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  if (largest < 0x100) return Uint8Array.from(values);
  return bytesOf(largest < 0x10000 ? Uint16Array.from(values) : values);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Header and parts in one buffer; the header's third word becomes its length. */
function join(header: Uint32Array, parts: readonly Uint8Array[]): ArrayBuffer {
  const bytes = header.byteLength + parts.reduce((sum, part) => sum + paddedSize(part.length), 0);
  header[2] = bytes;
  const joined = new Uint8Array(bytes);
  joined.set(bytesOf(header));
  let at = header.byteLength;
  for (const part of parts) {
    joined.set(part, at);
    at += paddedSize(part.length);
  }
  return joined.buffer;
}
