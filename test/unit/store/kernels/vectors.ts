// Seeded vectors and masks for the tests of kernels, and the kernels that are compared.
import { groupRows, type Kernel } from '../../../../src/store/kernels/kernel.ts';
import { createScalarKernel } from '../../../../src/store/kernels/scalar-kernel.ts';
import { createSimdKernel } from '../../../../src/store/kernels/simd-kernel.ts';
import { compileSimd } from '../../../../src/store/kernels/simd-module.ts';
import { createRandom } from '../../../../src/util/random.ts';

/** The reference first. */
export async function bothKernels(dimension: number): Promise<[scalar: Kernel, simd: Kernel]> {
  return [createScalarKernel(dimension), createSimdKernel(dimension, await compileSimd())];
}

/** A number of the standard normal distribution. (Box and Muller, 1958.) */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Unit vectors in 20 clusters around a common direction, as those of text are: `rows` × `dimension`. */
export function clusteredVectors(rows: number, dimension: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const clusters = Array.from({ length: 20 }, () =>
    Float64Array.from({ length: dimension }, (_, index) => normal(random) + (index % 7 === 0 ? 1 : 0)),
  );
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const cluster = clusters[Math.floor(random() * clusters.length)]!;
    const vector = cluster.map((value) => value + normal(random));
    const length = Math.sqrt(dot(vector, vector)) || 1;
    vectors.set(
      vector.map((value) => value / length),
      row * dimension,
    );
  }
  return vectors;
}

/** In double precision. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>, offset = 0): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[offset + index]!;
  return sum;
}

/** A mask over rows, 16 a word, each taking part with a probability. Rows beyond the last have bits too: nobody may look at them. */
export function randomMask(rows: number, probability: number, random: () => number): Uint16Array {
  const mask = new Uint16Array(Math.ceil(rows / groupRows));
  for (let row = 0; row < mask.length * groupRows; row++) if (random() < probability) mask[row >> 4]! |= 1 << (row & 15);
  return mask;
}

/** Vectors as a segment that a kernel can scan. */
export function segmentOf(kernel: Kernel, vectors: Float32Array) {
  const { rows, scales } = kernel.encodeRows(vectors);
  const encoded = kernel.encodeCodes(rows, scales);
  const codes = kernel.allocate(encoded.codes.length);
  const factors = kernel.allocate(Math.ceil(scales.length / groupRows) * groupRows * 4);
  codes.bytes().set(encoded.codes);
  // Whatever lies after the last row must not be found.
  const factorView = factors.bytes();
  new Float32Array(factorView.buffer, factorView.byteOffset, factors.length / 4).fill(1e30).set(encoded.factors);
  return { rows, scales, encoded, codes, factors };
}

/** Arrays of numbers as text that is equal where all bits are: comparing element by element takes seconds. */
export function bits(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, bits(part)]));
}
