// Vectors to rows and rows to codes in plain TypeScript: the definition of what is stored, bit for bit.
import { codeBytes, type EncodedCodes, type EncodedRows, groupRows, rowScale, stepSizes } from './kernel.ts';
import { type Rotation, rotate } from './rotation.ts';

/** The largest component that steps of each size hold. */
export const sizeLimits = stepSizes.map((step) => step * 127);

/** Steps per unit by size. */
export const sizeInverses = stepSizes.map((step) => 1 / step);

/** Added and taken away again in 32 bits, it rounds a small number to a whole one, half to even. */
const rounding = 12_582_912;

/**
 * A row has the smallest step that holds its largest component; a byte is component × inverse step, rounded half to even. The low
 * byte of the scale is |vector|² / dot(vector, bytes × step), see `rowScale`. Its sums run in four lanes, component i in lane i
 * modulo 4; then (0 + 1) + (2 + 3).
 */
export function encodeRows(vectors: Float32Array, rotation: Rotation): EncodedRows {
  const { dimension } = rotation;
  const count = vectors.length / dimension;
  const rows = new Int8Array(vectors.length);
  const scales = new Uint16Array(count);
  const dots = new Float32Array(4);
  const squares = new Float32Array(4);
  const vector = new Float32Array(dimension);
  for (let row = 0, at = 0; row < count; row++) {
    vector.set(vectors.subarray(at, at + dimension));
    rotate(vector, rotation);
    let largest = 0;
    for (const component of vector) largest = Math.max(largest, Math.abs(component));
    const size = smallestSize(largest);
    const inverse = sizeInverses[size]!;
    dots.fill(0);
    squares.fill(0);
    for (let index = 0; index < dimension; index++, at++) {
      const component = vector[index]!;
      rows[at] = roundHalfEven(Math.max(-127, Math.min(127, Math.fround(component * inverse))));
      dots[index % 4]! += Math.fround(rows[at]! * component);
      squares[index % 4]! += Math.fround(component * component);
    }
    scales[row] = size * 256 + correction(lanesSum(squares), Math.fround(stepSizes[size]! * lanesSum(dots)));
  }
  return { rows, scales };
}

/** The highest number, so the smallest step, that holds a magnitude. */
function smallestSize(magnitude: number): number {
  let size = 0;
  for (let step = 128; step > 0; step >>= 1) if (magnitude <= sizeLimits[size + step]!) size += step;
  return size;
}

/** The low byte of a scale, for a ratio of two numbers that are nearly the same. */
function correction(square: number, dot: number): number {
  if (!(dot > 0)) return 128;
  const steps = Math.fround(Math.fround(Math.fround(square / dot) - 1) * 16_384);
  return 128 + roundHalfEven(Math.max(-128, Math.min(127, steps)));
}

function roundHalfEven(value: number): number {
  return Math.fround(value + rounding) - rounding;
}

/** Adds rows to the sums of their components, in order, in 32-bit floats. */
export function sumRows(rows: Int8Array, scales: Uint16Array, sums: Float32Array): void {
  for (let row = 0, at = 0; row < scales.length; row++) {
    const step = rowScale(scales[row]!);
    for (let index = 0; index < sums.length; index++, at++) sums[index]! += Math.fround(rows[at]! * step);
  }
}

/** The mean of rows from their sums; zeros for no rows. */
export function meanOf(sums: Float32Array, rows: number): Float32Array {
  return sums.map((sum) => (rows > 0 ? sum / rows : 0));
}

/**
 * The signs of rows relative to their mean, and the factor |residual|² / Σ |component of the residual|, which makes the estimate
 * unbiased under random rotations. Both sums run in four lanes, component i in lane i modulo 4; then (0 + 1) + (2 + 3).
 */
export function encodeCodes(rows: Int8Array, scales: Uint16Array, dimension: number): EncodedCodes {
  const sums = new Float32Array(dimension);
  sumRows(rows, scales, sums);
  const centroid = meanOf(sums, scales.length);
  const bytes = codeBytes(dimension);
  const codes = new Uint8Array(Math.ceil(scales.length / groupRows) * groupRows * bytes);
  const factors = new Float32Array(scales.length);
  const magnitudes = new Float32Array(4);
  const squares = new Float32Array(4);
  for (let row = 0, at = 0; row < scales.length; row++) {
    const step = rowScale(scales[row]!);
    const code = (row - (row % groupRows)) * bytes + (row % groupRows);
    magnitudes.fill(0);
    squares.fill(0);
    for (let index = 0; index < dimension; index++, at++) {
      const residual = Math.fround(Math.fround(rows[at]! * step) - centroid[index]!);
      magnitudes[index % 4]! += Math.abs(residual);
      squares[index % 4]! += Math.fround(residual * residual);
      if (residual >= 0) codes[code + (index >> 3) * groupRows]! |= 1 << (index & 7);
    }
    const magnitude = lanesSum(magnitudes);
    factors[row] = magnitude > 0 ? lanesSum(squares) / magnitude : 0;
  }
  return { centroid, factors, codes };
}

function lanesSum(lanes: Float32Array): number {
  return Math.fround(Math.fround(lanes[0]! + lanes[1]!) + Math.fround(lanes[2]! + lanes[3]!));
}
