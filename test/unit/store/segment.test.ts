// Segments keep rows exactly, and any altered byte is noticed.
import { expect, test } from 'vitest';
import {
  countRows,
  decodeSegment,
  encodeSegment,
  joinRows,
  type Rows,
  rowsPerSegment,
  sliceRows,
  withoutDocuments,
} from '../../../src/store/segment.ts';
import { createRandom } from '../../../src/util/random.ts';

const dimension = 5;

function createRows(count: number, seed = 1): Rows {
  const random = createRandom(seed);
  return {
    table: Uint32Array.from({ length: count * 4 }, (_, word) => (word % 4 === 0 ? Math.floor(word / 12) : random() * 2 ** 32)),
    vectors: Float32Array.from({ length: count * dimension }, () => random() - 0.5),
  };
}

test('what is decoded is what was encoded', () => {
  for (const count of [1, 2, 100]) {
    const rows = createRows(count);
    const { segment, buffer } = encodeSegment(7, dimension, rows);
    expect(new TextDecoder().decode(buffer.slice(0, 4))).toBe('INPG');
    expect(segment.entry).toMatchObject({ id: 7, rows: count, bytes: 24 + count * 4 * (4 + dimension) });
    expect(decodeSegment(segment.entry, dimension, structuredClone(buffer))).toEqual({ ...rows, entry: segment.entry });
  }
});

test('a full segment has at most one mebibyte, and nearly that', () => {
  for (const size of [1, 8, 384, 1024, 4096]) {
    const bytes = 24 + rowsPerSegment(size) * 4 * (4 + size);
    expect(bytes).toBeLessThanOrEqual(2 ** 20);
    expect(bytes).toBeGreaterThan(2 ** 20 - 24 - 4 * (4 + size));
  }
});

test('any altered byte, a cut and a loss are errors that name the segment', () => {
  const { segment, buffer } = encodeSegment(42, dimension, createRows(10));
  const corrupt = expect.objectContaining({ code: 'data-corrupt', message: expect.stringContaining('Segment 42') });
  for (let at = 0; at < buffer.byteLength; at++) {
    const altered = buffer.slice(0);
    new Uint8Array(altered)[at]! ^= 1 << (at % 8);
    expect(() => decodeSegment(segment.entry, dimension, altered)).toThrow(corrupt);
  }
  expect(() => decodeSegment(segment.entry, dimension, buffer.slice(0, -1))).toThrow(corrupt);
  expect(() => decodeSegment(segment.entry, dimension, buffer.slice(0, 3))).toThrow(corrupt);
  expect(() => decodeSegment(segment.entry, dimension, undefined)).toThrow(corrupt);
  expect(() => decodeSegment(segment.entry, dimension + 1, buffer)).toThrow(corrupt);
  const other = encodeSegment(42, dimension, createRows(10, 2));
  expect(() => decodeSegment(segment.entry, dimension, other.buffer)).toThrow(corrupt);
});

test('rows are joined, cut and thinned out in order', () => {
  const rows = createRows(20);
  const parts = [sliceRows(rows, dimension, 0, 3), sliceRows(rows, dimension, 3, 3), sliceRows(rows, dimension, 3, 20)];
  expect(joinRows(parts, dimension)).toEqual(rows);
  // Three rows a document.
  expect(withoutDocuments(rows, dimension, new Set([0, 3, 6]))).toEqual(
    joinRows([sliceRows(rows, dimension, 3, 9), sliceRows(rows, dimension, 12, 18)], dimension),
  );
  expect(countRows(withoutDocuments(rows, dimension, new Set([0, 1, 2, 3, 4, 5, 6])))).toBe(0);
});
