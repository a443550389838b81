// Positions of a lexical segment's terms: where in the text and in the title they occur.
import { ByteReader } from '../varint.ts';
import type { TermEntry } from './dictionary-reader.ts';
import { blockTerms, corrupt, openStored, positionsHeaderWords, positionsMagic, type Stored, wordsOf } from './layout.ts';
import type { LexicalSegment } from './lexical-segment.ts';
import type { TermRows } from './term-rows.ts';

/** The second buffer of a segment. */
export class PositionsReader {
  readonly #blocks: Uint32Array;
  readonly #data: Uint8Array;

  /** @throws InpageError `data-corrupt`, also where it belongs to another segment */
  constructor(positions: Stored | undefined, segment: LexicalSegment) {
    const bytes = openStored(positions, 'positions', positionsMagic, positionsHeaderWords);
    const header = wordsOf(bytes, 0, positionsHeaderWords);
    const blocks = Math.ceil(segment.terms / blockTerms);
    const dataStart = (positionsHeaderWords + blocks) * 4;
    if (header[3] !== segment.rows || header[4] !== segment.terms || dataStart > bytes.length) {
      throw corrupt('positions', 'belongs to another segment');
    }
    this.#blocks = wordsOf(bytes, positionsHeaderWords * 4, blocks);
    this.#data = bytes.subarray(dataStart);
  }

  /** Reads the positions of a term whose postings are in `into`. */
  read({ ordinal }: TermEntry, into: TermRows): void {
    const block = Math.floor(ordinal / blockTerms);
    const reader = new ByteReader(this.#data, this.#blocks[block]!);
    for (let i = block * blockTerms; i < ordinal; i++) {
      const bytes = reader.varint();
      reader.at += bytes;
    }
    reader.varint();
    const { count, text, title } = into;
    for (let i = 0; i < count; i++) {
      readDeltas(reader, text[i]!, into);
      readDeltas(reader, title[i]!, into);
    }
  }
}

function readDeltas(reader: ByteReader, count: number, into: TermRows): void {
  let position = 0;
  for (let i = 0; i < count; i++) {
    position += reader.varint();
    into.pushPosition(position);
  }
}
