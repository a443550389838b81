// Vectors to rows, and rows to codes.
import { rotate } from './rotate.ts';
import { rowScale } from './scale.ts';

/** Added and taken away again, it rounds a small float to a whole number, half to even. */
const rounding: f32 = 12582912;

/**
 * @param vectors `rows` × `dimension` floats; they are overwritten
 * @param limits 256 floats: the largest component that steps of each size hold
 * @param inverses 256 floats: steps per unit by size
 * @param sizes 256 floats: sizes of steps
 * @param bytes out, `rows` × `dimension`
 * @param scales out, 16 bits a row
 */
export function encodeRows(
  vectors: usize,
  rows: u32,
  dimension: u32,
  window: u32,
  factors: usize,
  rounds: u32,
  limits: usize,
  inverses: usize,
  sizes: usize,
  bytes: usize,
  scales: usize,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    rotate(vectors, dimension, window, factors, rounds);
    const size = smallestSize(largest(vectors, dimension), limits);
    const ratio = quantise(vectors, dimension, load<f32>(inverses + (size << 2)), load<f32>(sizes + (size << 2)), bytes);
    store<u16>(scales + ((<usize>row) << 1), <u16>((size << 8) + ratio));
    vectors += (<usize>dimension) << 2;
    bytes += dimension;
  }
}

/** The largest magnitude. */
function largest(vector: usize, dimension: u32): f32 {
  const end: usize = vector + ((<usize>dimension) << 2);
  let best = f32x4.splat(0);
  for (; vector + 16 <= end; vector += 16) best = f32x4.pmax(best, f32x4.abs(v128.load(vector)));
  best = f32x4.pmax(best, v128.shuffle<f32>(best, best, 2, 3, 0, 1));
  best = f32x4.pmax(best, v128.shuffle<f32>(best, best, 1, 0, 3, 2));
  let result = f32x4.extract_lane(best, 0);
  for (; vector < end; vector += 4) {
    const value = abs<f32>(load<f32>(vector));
    if (value > result) result = value;
  }
  return result;
}

/** The highest number, so the smallest step, that holds a magnitude. */
function smallestSize(magnitude: f32, limits: usize): usize {
  let size: usize = 0;
  for (let step: usize = 128; step > 0; step >>= 1) {
    if (magnitude <= load<f32>(limits + ((size + step) << 2))) size += step;
  }
  return size;
}

/** Rounds a vector to bytes; gives the low byte of its scale. */
function quantise(vector: usize, dimension: u32, inverse: f32, size: f32, bytes: usize): u32 {
  const end: usize = vector + ((<usize>dimension) << 2);
  const inverses = f32x4.splat(inverse);
  let dots = f32x4.splat(0);
  let squares = f32x4.splat(0);
  for (; vector + 64 <= end; vector += 64, bytes += 16) {
    const components0 = v128.load(vector);
    const components1 = v128.load(vector, 16);
    const components2 = v128.load(vector, 32);
    const components3 = v128.load(vector, 48);
    const words0 = rounded(components0, inverses);
    const words1 = rounded(components1, inverses);
    const words2 = rounded(components2, inverses);
    const words3 = rounded(components3, inverses);
    dots = f32x4.add(dots, products(words0, components0));
    dots = f32x4.add(dots, products(words1, components1));
    dots = f32x4.add(dots, products(words2, components2));
    dots = f32x4.add(dots, products(words3, components3));
    squares = f32x4.add(squares, f32x4.mul(components0, components0));
    squares = f32x4.add(squares, f32x4.mul(components1, components1));
    squares = f32x4.add(squares, f32x4.mul(components2, components2));
    squares = f32x4.add(squares, f32x4.mul(components3, components3));
    v128.store(bytes, i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(words0, words1), i16x8.narrow_i32x4_s(words2, words3)));
  }
  for (; vector < end; vector += 16, bytes += 4) {
    const left: u32 = <u32>(end - vector) >> 2;
    const components = v128.and(v128.load(vector), firstWords(left));
    const words = rounded(components, inverses);
    dots = f32x4.add(dots, products(words, components));
    squares = f32x4.add(squares, f32x4.mul(components, components));
    store<i8>(bytes, <i8>i32x4.extract_lane(words, 0));
    if (left > 1) store<i8>(bytes, <i8>i32x4.extract_lane(words, 1), 1);
    if (left > 2) store<i8>(bytes, <i8>i32x4.extract_lane(words, 2), 2);
    if (left > 3) store<i8>(bytes, <i8>i32x4.extract_lane(words, 3), 3);
  }
  return correction(lanesSum(squares), size * lanesSum(dots));
}

function products(words: v128, components: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(words), components);
}

/** The low byte of a scale, for a ratio of two numbers that are nearly the same. */
function correction(square: f32, dot: f32): u32 {
  if (!(dot > 0)) return 128;
  const steps = (square / dot - 1) * 16384;
  return <u32>(128 + <i32>(max<f32>(-128, min<f32>(127, steps)) + rounding - rounding));
}

/** All bits of the first floats, none of the others. */
function firstWords(lanes: u32): v128 {
  return i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(lanes));
}

/** Component × inverse as whole numbers from −127 to 127. */
function rounded(components: v128, inverses: v128): v128 {
  const steps = f32x4.pmax(f32x4.pmin(f32x4.mul(components, inverses), f32x4.splat(127)), f32x4.splat(-127));
  const zero = f32x4.splat(rounding);
  return i32x4.sub(f32x4.add(steps, zero), zero);
}

/** Four components of a row as floats; `bytes` are in the lowest 32 bits. */
function decoded(words: v128, step: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(words), step);
}

/**
 * Adds rows to their sums, in order.
 * @param sizes 256 floats: sizes of steps
 * @param sums `dimension` floats, rounded up to 16
 */
export function sumRows(bytes: usize, scales: usize, rows: u32, dimension: u32, sizes: usize, sums: usize): void {
  for (let row: u32 = 0; row < rows; row++) {
    const step = f32x4.splat(rowScale(scales + ((<usize>row) << 1), sizes));
    let sum = sums;
    for (let at: usize = bytes; at < bytes + dimension; at += 16, sum += 64) {
      const low = v128.load_ext<i8>(at);
      const high = v128.load_ext<i8>(at, 8);
      v128.store(sum, f32x4.add(v128.load(sum), decoded(i32x4.extend_low_i16x8_s(low), step)));
      v128.store(sum, f32x4.add(v128.load(sum, 16), decoded(i32x4.extend_high_i16x8_s(low), step)), 16);
      v128.store(sum, f32x4.add(v128.load(sum, 32), decoded(i32x4.extend_low_i16x8_s(high), step)), 32);
      v128.store(sum, f32x4.add(v128.load(sum, 48), decoded(i32x4.extend_high_i16x8_s(high), step)), 48);
    }
    bytes += dimension;
  }
}

/**
 * @param centroid `dimension` floats, zeros up to a multiple of 16
 * @param codes out, groups of 16 rows
 * @param factors out, one float a row
 */
export function encodeCodes(
  bytes: usize,
  scales: usize,
  rows: u32,
  dimension: u32,
  sizes: usize,
  centroid: usize,
  codes: usize,
  factors: usize,
): void {
  const codeBytes: usize = (<usize>dimension + 7) >> 3;
  for (let row: u32 = 0; row < rows; row++) {
    const step = f32x4.splat(rowScale(scales + ((<usize>row) << 1), sizes));
    let code: usize = codes + (<usize>row >> 4) * (codeBytes << 4) + (row & 15);
    let center = centroid;
    let magnitudes = f32x4.splat(0);
    let squares = f32x4.splat(0);
    for (let at: u32 = 0; at < dimension; at += 16, center += 64) {
      let components = v128.load(bytes + at);
      let bits: u32 = 0xffff;
      if (dimension - at < 16) {
        bits = (1 << (dimension - at)) - 1;
        components = v128.and(components, firstLanes(dimension - at));
      }
      const low = i16x8.extend_low_i8x16_s(components);
      const high = i16x8.extend_high_i8x16_s(components);
      const a = f32x4.sub(decoded(i32x4.extend_low_i16x8_s(low), step), v128.load(center));
      const b = f32x4.sub(decoded(i32x4.extend_high_i16x8_s(low), step), v128.load(center, 16));
      const c = f32x4.sub(decoded(i32x4.extend_low_i16x8_s(high), step), v128.load(center, 32));
      const d = f32x4.sub(decoded(i32x4.extend_high_i16x8_s(high), step), v128.load(center, 48));
      magnitudes = f32x4.add(magnitudes, f32x4.abs(a));
      squares = f32x4.add(squares, f32x4.mul(a, a));
      magnitudes = f32x4.add(magnitudes, f32x4.abs(b));
      squares = f32x4.add(squares, f32x4.mul(b, b));
      magnitudes = f32x4.add(magnitudes, f32x4.abs(c));
      squares = f32x4.add(squares, f32x4.mul(c, c));
      magnitudes = f32x4.add(magnitudes, f32x4.abs(d));
      squares = f32x4.add(squares, f32x4.mul(d, d));
      bits &= i8x16.bitmask(
        i8x16.narrow_i16x8_s(
          i16x8.narrow_i32x4_s(atLeastZero(a), atLeastZero(b)),
          i16x8.narrow_i32x4_s(atLeastZero(c), atLeastZero(d)),
        ),
      );
      store<u8>(code, <u8>bits);
      if (dimension - at > 8) store<u8>(code + 16, <u8>(bits >> 8));
      code += 32;
    }
    const magnitude = lanesSum(magnitudes);
    store<f32>(factors + ((<usize>row) << 2), magnitude > 0 ? lanesSum(squares) / magnitude : 0);
    bytes += dimension;
  }
}

function atLeastZero(values: v128): v128 {
  return f32x4.ge(values, f32x4.splat(0));
}

function lanesSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** All bits of the first bytes, none of the others. */
function firstLanes(lanes: u32): v128 {
  return i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>lanes));
}
