// Draft: rows on their way into a new segment.
import type { ChunkSpan } from '../../spec/store.ts';
import { encodeRowTable, type RowTable } from '../disk/row-table.ts';
import { encodeHead, roundFactors } from '../disk/segment-head.ts';
import type { EncodedCodes, EncodedRows } from '../kernels/kernel.ts';

/** Consecutive passages of one document. */
export interface Part extends EncodedRows {
  ordinal: number;
  /** Number of the first passage. */
  chunk: number;
  /** Start and end of each passage in turn. */
  spans: Uint32Array;
}

/** Rows in the order of their documents and passages. */
export interface Draft extends EncodedRows {
  table: RowTable;
}

/** Start and end of each passage in turn. */
export function packSpans(spans: readonly ChunkSpan[]): Uint32Array {
  const packed = new Uint32Array(spans.length * 2);
  for (let index = 0; index < spans.length; index++) {
    packed[index * 2] = spans[index]!.start;
    packed[index * 2 + 1] = spans[index]!.end;
  }
  return packed;
}

/** Number of rows. */
export function countRows(part: { scales: Uint16Array }): number {
  return part.scales.length;
}

/** Joins parts, which it sorts by document and passage. Copies. */
export function joinParts(parts: readonly Part[], dimension: number): Draft {
  const sorted = [...parts].sort((a, b) => a.ordinal - b.ordinal || a.chunk - b.chunk);
  const count = sorted.reduce((sum, part) => sum + countRows(part), 0);
  const spans = new Uint32Array(count * 2);
  const rows = new Int8Array(count * dimension);
  const scales = new Uint16Array(count);
  const ordinals: number[] = [];
  const chunks: number[] = [];
  const starts: number[] = [];
  let row = 0;
  for (const [index, part] of sorted.entries()) {
    const before = sorted[index - 1];
    const follows = before?.ordinal === part.ordinal && before.chunk + countRows(before) === part.chunk;
    if (!follows) {
      ordinals.push(part.ordinal);
      chunks.push(part.chunk);
      starts.push(row);
    }
    spans.set(part.spans, row * 2);
    rows.set(part.rows, row * dimension);
    scales.set(part.scales, row);
    row += countRows(part);
  }
  const table = {
    ordinals: Uint32Array.from(ordinals),
    starts: Uint32Array.from([...starts, count]),
    chunks: Uint32Array.from(chunks),
    spans,
  };
  return { table, rows, scales };
}

/** Packs the head of a new segment. */
export function packHead(id: number, { table, scales }: Draft, { centroid, factors, codes }: EncodedCodes): ArrayBuffer {
  const head = { rows: scales.length, centroid, factors: roundFactors(factors), scales, codes, table: encodeRowTable(table) };
  return encodeHead(head, id);
}
