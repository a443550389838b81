// The rotation: orthogonal, well mixed, and the same for ever.
import { expect, test } from 'vitest';
import { createRotation, rotate, unrotate } from '../../../../src/store/kernels/rotation.ts';
import { createScalarKernel } from '../../../../src/store/kernels/scalar-kernel.ts';
import { murmur3 } from '../../../../src/util/hash.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { dot, normal } from './vectors.ts';

function rotated(vector: Float32Array): Float32Array {
  const copy = vector.slice();
  rotate(copy, createRotation(vector.length));
  return copy;
}

test('lengths and dot products stay', () => {
  const random = createRandom(1);
  for (const dimension of [1, 2, 3, 4, 5, 8, 100, 384, 511, 512, 513, 768, 1000, 1536, 65_535, 65_536]) {
    const a = Float32Array.from({ length: dimension }, () => normal(random) / Math.sqrt(dimension));
    const b = Float32Array.from({ length: dimension }, () => normal(random) / Math.sqrt(dimension));
    const [ra, rb] = [rotated(a), rotated(b)];
    expect(dot(ra, ra)).toBeCloseTo(dot(a, a), 5);
    expect(dot(ra, rb)).toBeCloseTo(dot(a, b), 5);
  }
});

test('it can be taken back', () => {
  const random = createRandom(2);
  for (const dimension of [1, 2, 3, 5, 8, 100, 384, 511, 768, 1000]) {
    const vector = Float32Array.from({ length: dimension }, () => normal(random));
    const back = rotated(vector);
    unrotate(back, createRotation(dimension));
    for (let index = 0; index < dimension; index++) expect(back[index]).toBeCloseTo(vector[index]!, 4);
  }
});

test('a vector of one component, or of a few equal ones, is spread over all', () => {
  for (const dimension of [64, 100, 127, 129, 200, 255, 257, 300, 384, 500, 511, 768]) {
    // Each component of a random unit vector is about normal with variance 1 / dimension.
    const bound = 6 / Math.sqrt(dimension);
    const rotation = createRotation(dimension);
    let largest = 0;
    const energy = new Float64Array(dimension);
    for (let one = 0; one < dimension; one++) {
      const vector = new Float32Array(dimension);
      vector[one] = 1;
      rotate(vector, rotation);
      for (let index = 0; index < dimension; index++) {
        largest = Math.max(largest, Math.abs(vector[index]!));
        energy[index]! += vector[index]! ** 4 * dimension;
      }
    }
    expect(largest).toBeLessThan(bound);
    // The mean fourth power is 3 / dimension² for normal components.
    expect(Math.max(...energy)).toBeLessThan(6.5);
    for (const period of [2, 3, 8, dimension]) {
      const vector = new Float32Array(dimension).map((_, index) => (index % period === 0 ? 1 : 0));
      const length = Math.sqrt(dot(vector, vector));
      rotate(vector, rotation);
      expect(Math.max(...vector.map(Math.abs)) / length).toBeLessThan(bound);
    }
  }
});

test('rows are what stored collections were made with', () => {
  const digest = (dimension: number) => {
    const vector = Float32Array.from({ length: 4 * dimension }, (_, index) => ((index * 37) % 101) / 101 - 0.4);
    const { rows, scales } = createScalarKernel(dimension).encodeRows(vector);
    return murmur3(
      Uint32Array.of(murmur3(new Uint32Array(rotated(vector).buffer)), murmur3(new Uint32Array(rows.buffer)), ...scales),
    );
  };
  expect([1, 7, 384, 512, 1000].map(digest)).toMatchInlineSnapshot(`
    [
      69905588,
      1872280809,
      1502645262,
      3607371531,
      3292338246,
    ]
  `);
});
