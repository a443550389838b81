// Estimated scores of rows from their codes: table lookups for 16 rows at once, two groups of 16 together.
// The layout of codes and the sums of small lookups follow André, Kermarrec and Le Scouarnec, "Cache locality is not enough" (VLDB 2015).
import { count, push, threshold } from './found.ts';

/**
 * Takes in rows by their estimated scores.
 * @param codes groups of 16 rows
 * @param factors one float a row, in whole groups
 * @param group the first group to look at
 * @param tables 16 lookups for each half byte of a code
 * @param mask one bit a row, or 0 for all rows
 * @param limit room for rows found
 * @returns the group to go on with: the number of groups, or less where there is no more room
 */
export function scanCodes(
  codes: usize,
  factors: usize,
  rows: u32,
  group: u32,
  codeBytes: u32,
  tables: usize,
  tableBase: f32,
  tableStep: f32,
  offset: f32,
  first: u32,
  mask: usize,
  scores: usize,
  positions: usize,
  limit: u32,
): u32 {
  const groups: u32 = (rows + 15) >> 4;
  const groupBytes: usize = (<usize>codeBytes) << 4;
  const pairs: usize = (<usize>codeBytes >> 1) << 5;
  const nibble = i8x16.splat(15);
  while (group < groups && count + 32 <= limit) {
    const both = group + 1 < groups;
    let wanted: u32 = wantedRows(mask, rows, group);
    if (both) wanted |= wantedRows(mask, rows, group + 1) << 16;
    if (wanted === 0) {
      group += 2;
      continue;
    }
    let a: usize = codes + <usize>group * groupBytes;
    // The last group may have no partner: it is its own.
    let b: usize = both ? a + groupBytes : a;
    const end: usize = a + pairs;
    let table: usize = tables;
    // Sums of whole 16-bit lanes, and of their upper bytes alone.
    let sumsA = i16x8.splat(0);
    let upperA = i16x8.splat(0);
    let sumsB = i16x8.splat(0);
    let upperB = i16x8.splat(0);
    for (; a < end; a += 32, b += 32, table += 64) {
      const t0 = v128.load(table);
      const t1 = v128.load(table, 16);
      const t2 = v128.load(table, 32);
      const t3 = v128.load(table, 48);
      const a0 = v128.load(a);
      const a1 = v128.load(a, 16);
      const a01 = i8x16.add(lookup(t0, v128.and(a0, nibble)), lookup(t1, v128.and(i16x8.shr_u(a0, 4), nibble)));
      const a23 = i8x16.add(lookup(t2, v128.and(a1, nibble)), lookup(t3, v128.and(i16x8.shr_u(a1, 4), nibble)));
      const sumA = i8x16.add(a01, a23);
      sumsA = i16x8.add(sumsA, sumA);
      upperA = i16x8.add(upperA, i16x8.shr_u(sumA, 8));
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b01 = i8x16.add(lookup(t0, v128.and(b0, nibble)), lookup(t1, v128.and(i16x8.shr_u(b0, 4), nibble)));
      const b23 = i8x16.add(lookup(t2, v128.and(b1, nibble)), lookup(t3, v128.and(i16x8.shr_u(b1, 4), nibble)));
      const sumB = i8x16.add(b01, b23);
      sumsB = i16x8.add(sumsB, sumB);
      upperB = i16x8.add(upperB, i16x8.shr_u(sumB, 8));
    }
    if (codeBytes & 1) {
      const t0 = v128.load(table);
      const t1 = v128.load(table, 16);
      const a0 = v128.load(a);
      const sumA = i8x16.add(lookup(t0, v128.and(a0, nibble)), lookup(t1, v128.and(i16x8.shr_u(a0, 4), nibble)));
      sumsA = i16x8.add(sumsA, sumA);
      upperA = i16x8.add(upperA, i16x8.shr_u(sumA, 8));
      const b0 = v128.load(b);
      const sumB = i8x16.add(lookup(t0, v128.and(b0, nibble)), lookup(t1, v128.and(i16x8.shr_u(b0, 4), nibble)));
      sumsB = i16x8.add(sumsB, sumB);
      upperB = i16x8.add(upperB, i16x8.shr_u(sumB, 8));
    }
    const factor: usize = factors + ((<usize>group) << 6);
    const partner: usize = both ? factor + 64 : factor;
    const floor = f32x4.splat(below(threshold));
    const base = f32x4.splat(tableBase);
    const step = f32x4.splat(tableStep);
    const offsets = f32x4.splat(offset);
    const lowerA = i16x8.sub(sumsA, i16x8.shl(upperA, 8));
    const lowerB = i16x8.sub(sumsB, i16x8.shl(upperB, 8));
    // Even rows are in the lower bytes, odd rows in the upper ones.
    const rows0 = v128.shuffle<i16>(lowerA, upperA, 0, 8, 1, 9, 2, 10, 3, 11);
    const rows8 = v128.shuffle<i16>(lowerA, upperA, 4, 12, 5, 13, 6, 14, 7, 15);
    const rows16 = v128.shuffle<i16>(lowerB, upperB, 0, 8, 1, 9, 2, 10, 3, 11);
    const rows24 = v128.shuffle<i16>(lowerB, upperB, 4, 12, 5, 13, 6, 14, 7, 15);
    const e0 = estimate(i32x4.extend_low_i16x8_u(rows0), base, step, offsets, v128.load(factor));
    const e4 = estimate(i32x4.extend_high_i16x8_u(rows0), base, step, offsets, v128.load(factor, 16));
    const e8 = estimate(i32x4.extend_low_i16x8_u(rows8), base, step, offsets, v128.load(factor, 32));
    const e12 = estimate(i32x4.extend_high_i16x8_u(rows8), base, step, offsets, v128.load(factor, 48));
    const e16 = estimate(i32x4.extend_low_i16x8_u(rows16), base, step, offsets, v128.load(partner));
    const e20 = estimate(i32x4.extend_high_i16x8_u(rows16), base, step, offsets, v128.load(partner, 16));
    const e24 = estimate(i32x4.extend_low_i16x8_u(rows24), base, step, offsets, v128.load(partner, 32));
    const e28 = estimate(i32x4.extend_high_i16x8_u(rows24), base, step, offsets, v128.load(partner, 48));
    wanted &= above(e0, e4, e8, e12, floor) | (above(e16, e20, e24, e28, floor) << 16);
    if (wanted !== 0) {
      // The room after what was found holds the estimates for the moment.
      const scratch: usize = scores + ((<usize>limit) << 3);
      v128.store(scratch, e0);
      v128.store(scratch, e4, 16);
      v128.store(scratch, e8, 32);
      v128.store(scratch, e12, 48);
      v128.store(scratch, e16, 64);
      v128.store(scratch, e20, 80);
      v128.store(scratch, e24, 96);
      v128.store(scratch, e28, 112);
      const position: u32 = first + (group << 4);
      do {
        const row: u32 = ctz<u32>(wanted);
        push(scores, positions, <f64>load<f32>(scratch + ((<usize>row) << 2)), position + row);
        wanted &= wanted - 1;
      } while (wanted !== 0);
    }
    group += 2;
  }
  return min<u32>(group, groups);
}

function lookup(table: v128, indices: v128): v128 {
  return i8x16.swizzle(table, indices);
}

function estimate(sums: v128, base: v128, step: v128, offset: v128, factors: v128): v128 {
  const products = f32x4.add(base, f32x4.mul(step, f32x4.convert_i32x4_u(sums)));
  return f32x4.add(offset, f32x4.mul(factors, products));
}

/** One bit for each of 16 estimates that is above a floor. */
function above(e0: v128, e4: v128, e8: v128, e12: v128, floor: v128): u32 {
  const low = i16x8.narrow_i32x4_s(f32x4.gt(e0, floor), f32x4.gt(e4, floor));
  const high = i16x8.narrow_i32x4_s(f32x4.gt(e8, floor), f32x4.gt(e12, floor));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** The mask of a group, without the rows that pad the last one. */
function wantedRows(mask: usize, rows: u32, group: u32): u32 {
  const left: u32 = rows - (group << 4);
  const there: u32 = left < 16 ? (1 << left) - 1 : 0xffff;
  return mask !== 0 ? there & <u32>load<u16>(mask + ((<usize>group) << 1)) : there;
}

/** The largest 32-bit float that is not greater. */
function below(value: f64): f32 {
  const near = <f32>value;
  if (<f64>near <= value) return near;
  const bits = reinterpret<i32>(near);
  return reinterpret<f32>(near > 0 ? bits - 1 : near < 0 ? bits + 1 : <i32>0x80000001);
}
