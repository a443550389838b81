// Estimated scores of rows from their codes: one table lookup takes a half byte of 16 rows at once. One group of rows is done at
// a time: with two, tables are loaded half as often, but memory that is read at two places in turn comes at half the speed.
// The layout of codes and the sums of small lookups follow André, Kermarrec and Le Scouarnec, "Cache locality is not enough" (VLDB 2015).
import { count, push, threshold } from './found.ts';

/**
 * Takes in rows by their estimated scores.
 * @param codes groups of 16 rows
 * @param factors one float a row
 * @param group the first group to look at
 * @param tables 16 lookups for each half byte of a code
 * @param mask one bit a row, or 0 for all rows
 * @param limit room for rows found; 64 bytes after the scores are overwritten
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
  const base = f32x4.splat(tableBase);
  const step = f32x4.splat(tableStep);
  const offsets = f32x4.splat(offset);
  const floor = f32x4.splat(below(threshold));
  for (; group < groups && count + 16 <= limit; group++) {
    let wanted: u32 = wantedRows(mask, rows, group);
    if (wanted === 0) continue;
    let code: usize = codes + <usize>group * groupBytes;
    const end: usize = code + pairs;
    let table: usize = tables;
    // Sums of whole 16-bit lanes, and of their upper bytes alone.
    let whole = i16x8.splat(0);
    let upper = i16x8.splat(0);
    for (; code < end; code += 32, table += 64) {
      const c0 = v128.load(code);
      const c1 = v128.load(code, 16);
      const s0 = i8x16.add(
        i8x16.swizzle(v128.load(table), v128.and(c0, nibble)),
        i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(c0, 4), nibble)),
      );
      const s1 = i8x16.add(
        i8x16.swizzle(v128.load(table, 32), v128.and(c1, nibble)),
        i8x16.swizzle(v128.load(table, 48), v128.and(i16x8.shr_u(c1, 4), nibble)),
      );
      const sum = i8x16.add(s0, s1);
      whole = i16x8.add(whole, sum);
      upper = i16x8.add(upper, i16x8.shr_u(sum, 8));
    }
    if (codeBytes & 1) {
      const c0 = v128.load(code);
      const sum = i8x16.add(
        i8x16.swizzle(v128.load(table), v128.and(c0, nibble)),
        i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(c0, 4), nibble)),
      );
      whole = i16x8.add(whole, sum);
      upper = i16x8.add(upper, i16x8.shr_u(sum, 8));
    }
    // Even rows are in the lower bytes, odd rows in the upper ones.
    const lower = i16x8.sub(whole, i16x8.shl(upper, 8));
    const sums0 = v128.shuffle<i16>(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11);
    const sums8 = v128.shuffle<i16>(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15);
    const factor: usize = factors + ((<usize>group) << 6);
    const e0 = estimate(i32x4.extend_low_i16x8_u(sums0), base, step, offsets, v128.load(factor));
    const e4 = estimate(i32x4.extend_high_i16x8_u(sums0), base, step, offsets, v128.load(factor, 16));
    const e8 = estimate(i32x4.extend_low_i16x8_u(sums8), base, step, offsets, v128.load(factor, 32));
    const e12 = estimate(i32x4.extend_high_i16x8_u(sums8), base, step, offsets, v128.load(factor, 48));
    const low = i16x8.narrow_i32x4_s(f32x4.gt(e0, floor), f32x4.gt(e4, floor));
    const high = i16x8.narrow_i32x4_s(f32x4.gt(e8, floor), f32x4.gt(e12, floor));
    wanted &= i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
    if (wanted === 0) continue;
    const estimates: usize = scores + ((<usize>limit) << 3);
    v128.store(estimates, e0);
    v128.store(estimates, e4, 16);
    v128.store(estimates, e8, 32);
    v128.store(estimates, e12, 48);
    const position: u32 = first + (group << 4);
    do {
      const row: u32 = ctz<u32>(wanted);
      push(scores, positions, <f64>load<f32>(estimates + ((<usize>row) << 2)), position + row);
      wanted &= wanted - 1;
    } while (wanted !== 0);
  }
  return group;
}

/** Sums are below 2¹⁶, so they are positive as signed numbers too, which are converted faster. */
function estimate(sums: v128, base: v128, step: v128, offset: v128, factors: v128): v128 {
  const products = f32x4.add(base, f32x4.mul(step, f32x4.convert_i32x4_s(sums)));
  return f32x4.add(offset, f32x4.mul(factors, products));
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
