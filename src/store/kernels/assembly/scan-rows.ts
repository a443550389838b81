// Scores of rows: dot products of 8-bit rows with a 16-bit query.
import { count, push, threshold } from './found.ts';
import { rowScale } from './scale.ts';

/**
 * Takes in rows by their scores.
 * @param query `dimension` 16-bit integers, zeros up to a multiple of 16
 * @param scales 16 bits a row
 * @param sizes 256 floats: sizes of steps
 * @param row the first row to look at
 * @param mask one bit a row, or 0 for all rows
 * @param limit room for rows found
 * @returns the row to go on with: `rows`, or less where there is no more room
 */
export function scanRows(
  query: usize,
  bytes: usize,
  scales: usize,
  rows: u32,
  row: u32,
  dimension: u32,
  sizes: usize,
  integerScale: f64,
  first: u32,
  mask: usize,
  scores: usize,
  positions: usize,
  limit: u32,
): u32 {
  for (; row < rows && count + 4 <= limit; row += 4) {
    let wanted: u32 = rows - row < 4 ? (1 << (rows - row)) - 1 : 15;
    if (mask !== 0) wanted &= <u32>load<u16>(mask + ((<usize>row >> 4) << 1)) >> (row & 15);
    if (wanted === 0) continue;
    const last: usize = rows - 1;
    const sums = fourDots(
      query,
      bytes + <usize>row * dimension,
      bytes + min<usize>(row + 1, last) * dimension,
      bytes + min<usize>(row + 2, last) * dimension,
      bytes + min<usize>(row + 3, last) * dimension,
      dimension,
    );
    const a = score(i32x4.extract_lane(sums, 0), scales + ((<usize>row) << 1), sizes, integerScale);
    if (a > threshold && wanted & 1) push(scores, positions, a, first + row);
    const b = score(i32x4.extract_lane(sums, 1), scales + ((<usize>row + 1) << 1), sizes, integerScale);
    if (b > threshold && wanted & 2) push(scores, positions, b, first + row + 1);
    const c = score(i32x4.extract_lane(sums, 2), scales + ((<usize>row + 2) << 1), sizes, integerScale);
    if (c > threshold && wanted & 4) push(scores, positions, c, first + row + 2);
    const d = score(i32x4.extract_lane(sums, 3), scales + ((<usize>row + 3) << 1), sizes, integerScale);
    if (d > threshold && wanted & 8) push(scores, positions, d, first + row + 3);
  }
  return min<u32>(row, rows);
}

function score(sum: i32, scale: usize, sizes: usize, integerScale: f64): f64 {
  return <f64>sum * <f64>rowScale(scale, sizes) * integerScale;
}

/**
 * Dot products of the query with some rows.
 * @param indices numbers of rows, `length` of them
 * @param results out, one 32-bit integer an index; room for four more
 */
export function dots(query: usize, bytes: usize, dimension: u32, indices: usize, length: u32, results: usize): void {
  const last: u32 = length - 1;
  for (let at: u32 = 0; at < length; at += 4) {
    const sums = fourDots(
      query,
      bytes + rowNumber(indices, at) * dimension,
      bytes + rowNumber(indices, min<u32>(at + 1, last)) * dimension,
      bytes + rowNumber(indices, min<u32>(at + 2, last)) * dimension,
      bytes + rowNumber(indices, min<u32>(at + 3, last)) * dimension,
      dimension,
    );
    v128.store(results + ((<usize>at) << 2), sums);
  }
}

function rowNumber(indices: usize, at: u32): usize {
  return <usize>load<u32>(indices + ((<usize>at) << 2));
}

/** Dot products of the query with four rows, one after the other: memory read at four places in turn comes at a third of the speed. */
function fourDots(query: usize, row0: usize, row1: usize, row2: usize, row3: usize, dimension: u32): v128 {
  const sums0 = partialDots(query, row0, dimension);
  const sums1 = partialDots(query, row1, dimension);
  const sums2 = partialDots(query, row2, dimension);
  const sums3 = partialDots(query, row3, dimension);
  const sums01 = i32x4.add(v128.shuffle<i32>(sums0, sums1, 0, 4, 1, 5), v128.shuffle<i32>(sums0, sums1, 2, 6, 3, 7));
  const sums23 = i32x4.add(v128.shuffle<i32>(sums2, sums3, 0, 4, 1, 5), v128.shuffle<i32>(sums2, sums3, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(sums01, sums23, 0, 1, 4, 5), v128.shuffle<i32>(sums01, sums23, 2, 3, 6, 7));
}

/** Four sums that make up a dot product; what follows the row meets the zeros after the query. */
function partialDots(query: usize, row: usize, dimension: u32): v128 {
  const end: usize = row + dimension;
  let even = i32x4.splat(0);
  let odd = i32x4.splat(0);
  for (; row < end; row += 16, query += 32) {
    even = i32x4.add(even, i32x4.dot_i16x8_s(v128.load(query), v128.load_ext<i8>(row)));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(v128.load(query, 16), v128.load_ext<i8>(row, 8)));
  }
  return i32x4.add(even, odd);
}
