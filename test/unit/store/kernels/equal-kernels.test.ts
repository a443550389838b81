// Every kernel gives the results of the scalar one, bit for bit.
import { describe, expect, test } from 'vitest';
import { prepareQuery } from '../../../../src/store/kernels/prepare-query.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { bits, bothKernels, clusteredVectors, randomMask, segmentOf } from './vectors.ts';

const dimensions = [1, 2, 3, 5, 8, 15, 16, 17, 31, 32, 33, 100, 127, 256, 384, 511, 768, 1000, 1024, 1536];

describe.each(dimensions)('%i dimensions', (dimension) => {
  test('rows, codes and queries', async () => {
    const [scalar, simd] = await bothKernels(dimension);
    for (const rows of [0, 1, 15, 16, 17, 173]) {
      const vectors = clusteredVectors(rows, dimension, rows + dimension);
      const encoded = scalar.encodeRows(vectors);
      expect(bits(simd.encodeRows(vectors))).toEqual(bits(encoded));
      expect(bits(simd.encodeCodes(encoded.rows, encoded.scales))).toEqual(
        bits(scalar.encodeCodes(encoded.rows, encoded.scales)),
      );
    }
    const query = clusteredVectors(1, dimension, 5);
    expect(bits(simd.prepare(query))).toEqual(bits(scalar.prepare(query)));
  });

  test('scans of several segments, with and without masks', async () => {
    const random = createRandom(dimension);
    const kernels = await bothKernels(dimension);
    const sizes = [1, 16, 33, 47, 64, 250];
    const parts = sizes.map((rows, index) => clusteredVectors(rows, dimension, index));
    const segments = kernels.map((kernel) => parts.map((vectors) => segmentOf(kernel, vectors)));
    for (const probability of [1, 0.5, 0.02, 0]) {
      const masks = sizes.map((rows) => (probability < 1 ? randomMask(rows, probability, random) : undefined));
      const query = kernels[0].prepare(clusteredVectors(1, dimension, 100 * probability));
      for (const capacity of [1, 10, 100, 1000]) {
        const [expected, actual] = kernels.map((kernel, which) => {
          kernel.begin(query, capacity);
          segments[which]!.forEach(({ codes, factors }, index) => {
            kernel.scanCodes(codes, factors, sizes[index]!, index / 100, 1000 * index, masks[index]);
          });
          const byCodes = kernel.finish();
          kernel.begin(query, capacity);
          segments[which]!.forEach(({ rows, scales }, index) => {
            kernel.scanRows(rows, scales, 1000 * index, masks[index]);
          });
          return { byCodes, byRows: kernel.finish() };
        });
        expect(actual).toEqual(expected);
      }
    }
  });

  test('dot products of some rows', async () => {
    const random = createRandom(dimension);
    const [scalar, simd] = await bothKernels(dimension);
    const { rows } = scalar.encodeRows(clusteredVectors(90, dimension, 3));
    const query = scalar.prepare(clusteredVectors(1, dimension, 4));
    for (const length of [0, 1, 3, 4, 5, 64]) {
      const indices = Uint32Array.from({ length }, () => random() * 90);
      expect(simd.dots(query, rows, indices)).toEqual(scalar.dots(query, rows, indices));
    }
  });
});

test('many rows: more than what is copied at a time, and than the room for rows found', async () => {
  const kernels = await bothKernels(24);
  const vectors = clusteredVectors(30_011, 24, 1);
  const query = kernels[0].prepare(clusteredVectors(1, 24, 2));
  const mask = randomMask(30_011, 0.7, createRandom(3));
  const results = kernels.map((kernel) => {
    const { rows, scales, encoded, codes, factors } = segmentOf(kernel, vectors);
    kernel.begin(query, 300);
    kernel.scanCodes(codes, factors, scales.length, 0, 7, mask);
    const byCodes = kernel.finish();
    kernel.begin(query, 300);
    kernel.scanRows(rows, scales, 7, mask);
    return bits({ rows, scales, encoded, byCodes, byRows: kernel.finish() });
  });
  expect(results[1]).toEqual(results[0]);
});

test('the largest numbers overflow nowhere', async () => {
  for (const dimension of [7, 384, 1536, 65_536]) {
    const [scalar, simd] = await bothKernels(dimension);
    const random = createRandom(dimension);
    const rows = Int8Array.from({ length: 33 * dimension }, (_, index) =>
      index < dimension ? 127 : index < 2 * dimension ? -127 : random() < 0.5 ? 127 : -127,
    );
    const scales = new Uint16Array(33);
    const encoded = scalar.encodeCodes(rows, scales);
    expect(bits(simd.encodeCodes(rows, scales))).toEqual(bits(encoded));
    const every = Uint32Array.from({ length: 33 }, (_, index) => index);
    // Every component as large as any: the largest sums that there are.
    const flat = new Float32Array(dimension).fill(0.1);
    const signs = Float32Array.from({ length: dimension }, () => (random() < 0.5 ? 1e4 : -1e4));
    for (const query of [prepareQuery(flat), prepareQuery(signs), scalar.prepare(signs)]) {
      const sum = query.integers.reduce((total, integer) => total + Math.abs(integer), 0);
      expect(sum * 127).toBeLessThan(2 ** 31);
      let largestSum = 0;
      for (let at = 0; at < query.tables.length; at += 16) largestSum += Math.max(...query.tables.subarray(at, at + 16));
      expect(largestSum).toBeLessThan(65_536);
      expect(query.tables.every((lookup) => lookup <= 63)).toBe(true);
      const wholes = scalar.dots(query, rows, every);
      expect(wholes[0]).toBe(127 * query.integers.reduce((total, integer) => total + integer, 0));
      expect(simd.dots(query, rows, every)).toEqual(wholes);
      const [expected, actual] = [scalar, simd].map((kernel) => {
        const codes = kernel.allocate(encoded.codes.length);
        const factors = kernel.allocate(encoded.factors.byteLength);
        codes.bytes().set(encoded.codes);
        factors.bytes().set(new Uint8Array(encoded.factors.buffer));
        kernel.begin(query, 33);
        kernel.scanCodes(codes, factors, 33, 0, 0);
        const found = kernel.finish();
        codes.free();
        factors.free();
        return found;
      });
      expect(actual).toEqual(expected);
    }
  }
});

test('rows and scales may lie in blocks, also when the memory grows during the call', async () => {
  const [scalar, simd] = await bothKernels(64);
  const { rows, scales } = scalar.encodeRows(clusteredVectors(20_000, 64, 1));
  const query = scalar.prepare(clusteredVectors(1, 64, 2));
  const indices = Uint32Array.from({ length: 9000 }, (_, index) => index * 2);
  const [rowBlock, scaleBlock] = [simd.allocate(rows.length), simd.allocate(scales.byteLength)];
  const inside = () => {
    const [rowView, scaleView] = [rowBlock.bytes(), scaleBlock.bytes()];
    return [
      new Int8Array(rowView.buffer, rowView.byteOffset, rows.length),
      new Uint16Array(scaleView.buffer, scaleView.byteOffset, scales.length),
    ] as const;
  };
  inside()[0].set(rows);
  inside()[1].set(scales);
  expect(bits(simd.encodeCodes(...inside()))).toEqual(bits(scalar.encodeCodes(rows, scales)));
  expect(simd.dots(query, inside()[0], indices)).toEqual(scalar.dots(query, rows, indices));
  const [expected, actual] = [scalar, simd].map((kernel) => {
    kernel.begin(query, 50);
    kernel.scanRows(...(kernel === simd ? inside() : ([rows, scales] as const)), 0);
    return kernel.finish();
  });
  expect(actual).toEqual(expected);
});
