// Positions of a lexical segment's terms: where in the text and in the title they occur.
import { ByteReader } from './bytes.ts';
import type { TermEntry } from './dictionary-reader.ts';
import { blockTerms, checkHeader, corrupt, positionsHeaderWords, positionsMagic } from './layout.ts';
import type { LexicalSegment } from './lexical-segment.ts';
import type { TermRows } from './term-rows.ts';

/** The second buffer of a segment. */
export class PositionsReader {
  readonly #blocks: Uint32Array;
  readonly #data: Uint8Array;

  /** @throws InpageError `data-corrupt`, also where it belongs to another segment */
  constructor(buffer: ArrayBuffer | undefined, segment: LexicalSegment) {
    const header = checkHeader(buffer, 'positions', positionsMagic, positionsHeaderWords);
    const blocks = Math.ceil(segment.terms / blockTerms);
    const dataStart = (positionsHeaderWords + blocks) * 4;
    if (header[3] !== segment.rows || header[4] !== segment.terms || dataStart > buffer!.byteLength) {
      throw corrupt('positions', 'belongs to another segment');
    }
    this.#blocks = new Uint32Array(buffer!, positionsHeaderWords * 4, blocks);
    this.#data = new Uint8Array(buffer!, dataStart);
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
