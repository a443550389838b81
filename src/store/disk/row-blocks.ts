// Row blocks: the rows of a segment in sealed records small enough to be read at random.
import { groupRows } from '../kernels/kernel.ts';
import type { Writes } from './database.ts';
import { seal, unseal } from './sealed.ts';

const largestSegment = 4096;
const segmentBytes = 8 << 20;
// Above 64 KiB Chromium makes a file of each value, which is slower to write and much slower to read.
const targetBytes = 60 << 10;

/** Rows of a full segment: 4096, fewer above 2048 dimensions. */
export function segmentRows(dimension: number): number {
  return Math.min(largestSegment, Math.max(1, Math.floor(segmentBytes / dimension / groupRows)) * groupRows);
}

/** Rows of a full block: whole groups, at least one. */
export function blockRows(dimension: number): number {
  return Math.max(1, Math.floor(targetBytes / dimension / groupRows)) * groupRows;
}

/** Number of blocks of so many rows. */
export function countRowBlocks(rows: number, dimension: number): number {
  return Math.ceil(rows / blockRows(dimension));
}

/** Writes the rows of a new segment; gives their bytes on disk. */
export function putRows(tables: Writes, segment: number, dimension: number, rows: Int8Array): number {
  const step = blockRows(dimension) * dimension;
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.length);
  let written = 0;
  for (let block = 0; block * step < bytes.length; block++) {
    const sealed = seal(bytes.subarray(block * step, (block + 1) * step), place(segment, block));
    tables.put('rows', [segment, block], sealed);
    written += sealed.byteLength;
  }
  return written;
}

/** The rows of a block; undefined where it is damaged. */
export function openRowBlock(buffer: ArrayBuffer | undefined, segment: number, block: number): Int8Array | undefined {
  const bytes = unseal(buffer, place(segment, block));
  return bytes && new Int8Array(bytes.buffer, 0, bytes.length);
}

/** Deletes the rows of a segment. */
export function deleteRows(tables: Writes, segment: number, dimension: number, rows: number): void {
  for (let block = countRowBlocks(rows, dimension) - 1; block >= 0; block--) tables.delete('rows', [segment, block]);
}

function place(segment: number, block: number): number {
  return segment * 8192 + block;
}
