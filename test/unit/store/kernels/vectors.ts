// Seeded vectors for the tests of kernels.
import { createRandom } from '../../../../src/util/random.ts';

/** Unit vectors in clusters around a common direction, as those of text are: `rows` × `dimension`. */
export function clusteredVectors(rows: number, dimension: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const clusters = Array.from({ length: 20 }, () =>
    Float64Array.from({ length: dimension }, (_, i) => normal() + (i % 7 ? 0 : 1)),
  );
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const center = clusters[Math.floor(random() * clusters.length)]!;
    const vector = center.map((value) => value + normal());
    const length = Math.hypot(...(dimension > 10_000 ? [1] : vector)) || 1;
    vectors.set(
      vector.map((value) => value / length),
      row * dimension,
    );
  }
  return vectors;
}

/** A mask over rows, 16 a word, each row taking part with a probability. */
export function randomMask(rows: number, probability: number, random: () => number): Uint16Array {
  const mask = new Uint16Array(Math.ceil(rows / 16));
  // Rows beyond the last have bits too: a kernel must not look at them.
  for (let row = 0; row < mask.length * 16; row++) if (random() < probability) mask[row >> 4]! |= 1 << (row & 15);
  return mask;
}
