// The rotation of vectors: a fixed orthogonal map that spreads the energy of every vector over all its components.
//
// It is part of the stored format: rows and codes are of rotated vectors. Version 1, for dimension D: four rounds, each of
// 1. in the third round, where D is no power of two: component i of the lower half and i of the upper half become their sum and
//    their difference; an odd component in the middle stays as it is;
// 2. multiplication by random signs, and by what makes the other steps of the round orthogonal;
// 3. a Walsh–Hadamard transform of the p first components in rounds 1 and 3, of the p last ones in rounds 2 and 4; p is the largest
//    power of two that is not above D.
// So every component meets a transform in each pair of rounds, and step 1 joins two windows that overlap little.
// After Ailon and Chazelle, "The fast Johnson–Lindenstrauss transform" (SIAM J. Comput. 39, 2009).
// All arithmetic is on 32-bit floats in the order written below, so that every kernel gives the same bits.
import { createRandom } from '../../util/random.ts';

/** What the rotation of one dimension needs. */
export interface Rotation {
  readonly dimension: number;
  /** Components of one Walsh–Hadamard transform, a power of two. */
  readonly window: number;
  /** Step 2 of each round, `dimension` floats each. */
  readonly factors: Float32Array;
}

/** Rounds of a rotation. */
export const rotationRounds = 4;

/** The round, from 0, that begins with step 1. */
const crossedRound = 2;

/** Part of the stored format, as is the generator. */
const seed = 0x1b17;

/** @param dimension 1 or more */
export function createRotation(dimension: number): Rotation {
  const window = 2 ** Math.floor(Math.log2(dimension));
  const half = dimension >> 1;
  const random = createRandom(seed);
  const factors = new Float32Array(rotationRounds * dimension);
  for (let round = 0; round < rotationRounds; round++) {
    const start = windowStart(round, dimension, window);
    for (let index = 0; index < dimension; index++) {
      const transformed = index >= start && index < start + window;
      const crossed = round === crossedRound && window < dimension && (index < half || index >= dimension - half);
      const sign = random() < 0.5 ? -1 : 1;
      factors[round * dimension + index] = (sign * (crossed ? Math.SQRT1_2 : 1)) / (transformed ? Math.sqrt(window) : 1);
    }
  }
  return { dimension, window, factors };
}

/** Rotates `dimension` floats in place. */
export function rotate(vector: Float32Array, { dimension, window, factors }: Rotation): void {
  for (let round = 0; round < rotationRounds; round++) {
    if (round === crossedRound && window < dimension) cross(vector, 0, dimension - (dimension >> 1), dimension >> 1);
    for (let index = 0; index < dimension; index++) vector[index]! *= factors[round * dimension + index]!;
    const start = windowStart(round, dimension, window);
    for (let stride = 1; stride < window; stride *= 2) {
      for (let block = start; block < start + window; block += 2 * stride) cross(vector, block, block + stride, stride);
    }
  }
}

/** Takes a rotation back: its transpose, which is its inverse. */
export function unrotate(vector: Float32Array, { dimension, window, factors }: Rotation): void {
  for (let round = rotationRounds - 1; round >= 0; round--) {
    const start = windowStart(round, dimension, window);
    for (let stride = 1; stride < window; stride *= 2) {
      for (let block = start; block < start + window; block += 2 * stride) cross(vector, block, block + stride, stride);
    }
    for (let index = 0; index < dimension; index++) vector[index]! *= factors[round * dimension + index]!;
    if (round === crossedRound && window < dimension) cross(vector, 0, dimension - (dimension >> 1), dimension >> 1);
  }
}

function windowStart(round: number, dimension: number, window: number): number {
  return round % 2 === 0 ? 0 : dimension - window;
}

/** Sum and difference of two runs of components. */
function cross(vector: Float32Array, low: number, high: number, length: number): void {
  for (let index = 0; index < length; index++) {
    const a = vector[low + index]!;
    const b = vector[high + index]!;
    vector[low + index] = a + b;
    vector[high + index] = a - b;
  }
}
