// A segment in a file: its documents are named by their places in the file, and the segment by its own.
import { decodeRowTable, encodeRowTable, type RowTable } from '../disk/row-table.ts';
import { decodeHead, replaceTable } from '../disk/segment-head.ts';
import { LexicalSegment } from '../lexical/lexical-segment.ts';
import { PositionsReader } from '../lexical/positions.ts';
import type { SegmentRecords } from '../write/new-segment.ts';
import { damagedFile } from './format.ts';

/** What came of a segment. */
export interface SegmentFrames {
  head?: Uint8Array;
  rows?: Uint8Array;
  postings?: Uint8Array;
  positions?: Uint8Array;
}

/** What a segment must fit to. */
export interface Expected {
  /** Its number in the file. */
  place: number;
  dimension: number;
  /** Length of each document's text, UTF-16 code units. */
  lengths: Uint32Array;
}

/** A segment of a file that fits together. */
export interface FileSegment extends SegmentRecords {
  table: RowTable;
}

/** Joins the frames of a segment. @throws InpageError `data-corrupt` where they do not fit together */
export function openSegment({ head, rows, postings, positions }: SegmentFrames, expected: Expected): FileSegment {
  const { place, dimension } = expected;
  const wrong = (what: string) => damagedFile(`${what} of segment ${place} does not fit`);
  if (!head || !rows || (postings === undefined) !== (positions === undefined))
    throw damagedFile(`a part of segment ${place} is missing`);
  const count = rows.length / dimension;
  const buffer = ownBuffer(head);
  const opened = Number.isInteger(count) && count > 0 ? decodeHead(buffer, { id: place, rows: count, dimension }) : undefined;
  if (!opened) throw wrong('the head');
  const table = openTable(opened.table, count, expected.lengths);
  if (!table) throw wrong('the row table');
  if (postings && positions) {
    const lexical = new LexicalSegment(postings);
    if (lexical.rows !== count) throw wrong('the lexical index');
    new PositionsReader(positions, lexical);
  }
  return {
    head: buffer,
    table,
    rows: new Int8Array(rows.buffer, rows.byteOffset, rows.length),
    ...(postings && positions && { lexical: { postings, positions } }),
  };
}

/** The head of a segment whose documents have other ordinals: each the one given for it, in the same order. */
export function renumberHead(head: ArrayBuffer, table: RowTable, ordinals: Uint32Array, id: number): ArrayBuffer {
  return replaceTable(head, encodeRowTable({ ...table, ordinals }), id);
}

/** The row table; undefined where it leads outside of the documents or of their texts. */
function openTable(bytes: Uint8Array, rows: number, lengths: Uint32Array): RowTable | undefined {
  if (!isComplete(bytes, rows)) return undefined;
  const { runs, spans: decode } = decodeRowTable(bytes);
  const { ordinals, starts } = runs;
  if (starts.at(-1) !== rows) return undefined;
  const spans = decode();
  for (let run = 0; run < ordinals.length; run++) {
    const ordinal = ordinals[run]!;
    if (ordinal >= lengths.length || (run > 0 && ordinal < ordinals[run - 1]!)) return undefined;
    for (let row = starts[run]!; row < starts[run + 1]!; row++)
      if (spans[row * 2]! > spans[row * 2 + 1]! || spans[row * 2 + 1]! > lengths[ordinal]!) return undefined;
  }
  return { ...runs, spans };
}

/** Whether the varints of a row table are as many as it needs, so that reading it comes to an end. */
function isComplete(bytes: Uint8Array, rows: number): boolean {
  let runs = 0;
  let ends = 0;
  let width = 0;
  for (const byte of bytes) {
    if (ends === 0) runs += (byte & 0x7f) * 128 ** width;
    width = byte < 0x80 ? 0 : width + 1;
    if (byte < 0x80) ends++;
    if (width > 4) return false;
  }
  return width === 0 && runs <= rows && ends === 1 + runs * 3 + rows * 2;
}

/** The bytes as a buffer of their own. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return (whole ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
}
