// From the states of tokens to one vector a text.
import type { EmbeddingSpace } from '../spec/embedder.ts';

/**
 * Pools one text's token states into a vector.
 * @param states row-major, at least `length` × `dimension`
 * @param length tokens of the text, padding not included
 * @param out receives the vector
 */
export function pool(states: Float32Array, length: number, pooling: EmbeddingSpace['pooling'], out: Float32Array): void {
  const dimension = out.length;
  if (pooling !== 'mean') {
    const row = pooling === 'cls' ? 0 : length - 1;
    out.set(states.subarray(row * dimension, (row + 1) * dimension));
    return;
  }
  out.fill(0);
  for (let t = 0, at = 0; t < length; t++) for (let d = 0; d < dimension; d++) out[d]! += states[at++]!;
  for (let d = 0; d < dimension; d++) out[d]! /= length;
}

/** Scales a vector to length 1, in place; a zero vector stays. */
export function normalize(vector: Float32Array): void {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let d = 0; d < vector.length; d++) vector[d]! *= scale;
}
