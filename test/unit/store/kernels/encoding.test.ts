// What rows, codes and prepared queries mean, against plain double precision.
import { expect, test } from 'vitest';
import { codeBytes, rowScale, stepSizes } from '../../../../src/store/kernels/kernel.ts';
import { createRotation, rotate } from '../../../../src/store/kernels/rotation.ts';
import { createScalarKernel } from '../../../../src/store/kernels/scalar-kernel.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { clusteredVectors, dot, normal } from './vectors.ts';

test.each([1, 7, 100, 384])(
  'rows of %i dimensions are the rotated vectors, to half a step of the smallest scale that holds them',
  (dimension) => {
    const kernel = createScalarKernel(dimension);
    const random = createRandom(dimension);
    const rotation = createRotation(dimension);
    const vectors = Float32Array.from({ length: 60 * dimension }, () => normal(random));
    // From lengths that underflow the smallest scale to lengths that overflow the largest.
    for (let row = 0; row < 60; row++) {
      for (let index = row * dimension; index < (row + 1) * dimension; index++) vectors[index]! *= 10 ** (row / 6 - 7);
    }
    const { rows, scales } = kernel.encodeRows(vectors);
    for (let row = 0; row < 60; row++) {
      const vector = vectors.slice(row * dimension, (row + 1) * dimension);
      rotate(vector, rotation);
      const size = scales[row]! >> 8;
      const step = stepSizes[size]!;
      const largest = Math.max(...vector.map(Math.abs));
      if (largest > 127 * stepSizes[0]! * 1.000001) expect(size).toBe(0);
      else expect(largest).toBeLessThanOrEqual(127 * step * 1.000001);
      if (size < 255) expect(largest).toBeGreaterThan(127 * stepSizes[size + 1]! * 0.999999);
      for (let index = 0; index < dimension; index++) {
        const clamped = Math.max(-127 * step, Math.min(127 * step, vector[index]!));
        expect(Math.abs(rows[row * dimension + index]! * step - clamped)).toBeLessThanOrEqual(step * 0.50001);
      }
    }
  },
);

test('a vector has the right dot product with its own row', () => {
  const kernel = createScalarKernel(384);
  const vectors = clusteredVectors(200, 384, 5);
  const { rows, scales } = kernel.encodeRows(vectors);
  for (let row = 0; row < 200; row++) {
    const { integers, integerScale } = kernel.prepare(vectors.slice(row * 384, (row + 1) * 384));
    let dot = 0;
    for (let index = 0; index < 384; index++) dot += integers[index]! * rows[row * 384 + index]!;
    const vector = vectors.subarray(row * 384, (row + 1) * 384);
    const square = vector.reduce((sum, component) => sum + component * component, 0);
    expect(Math.abs((dot * rowScale(scales[row]!) * integerScale) / square - 1)).toBeLessThan(5e-5);
  }
});

test('a row does not depend on its neighbours', () => {
  const kernel = createScalarKernel(100);
  const vectors = clusteredVectors(20, 100, 1);
  const { rows, scales } = kernel.encodeRows(vectors);
  for (let row = 0; row < 20; row++) {
    const alone = kernel.encodeRows(vectors.subarray(row * 100, (row + 1) * 100));
    expect(alone).toEqual({ rows: rows.slice(row * 100, (row + 1) * 100), scales: scales.slice(row, row + 1) });
  }
});

test('no direction: rows of zeros, scores of zero', () => {
  const kernel = createScalarKernel(20);
  const { rows, scales } = kernel.encodeRows(new Float32Array(60));
  expect(rows).toEqual(new Int8Array(60));
  const { centroid, factors } = kernel.encodeCodes(rows, scales);
  expect(centroid).toEqual(new Float32Array(20));
  expect(factors).toEqual(new Float32Array(3));
  const query = kernel.prepare(new Float32Array(20));
  expect(query.integers).toEqual(new Int16Array(20));
  expect(query.integerScale).toBeGreaterThan(0);
  kernel.begin(query, 3);
  kernel.scanRows(rows, scales, 4);
  expect(kernel.finish()).toEqual({ positions: Uint32Array.of(4, 5, 6), scores: new Float64Array(3) });
});

test.each([1, 7, 100, 384])('codes of %i dimensions are signs around the mean, factors make estimates unbiased', (dimension) => {
  const kernel = createScalarKernel(dimension);
  const count = 45;
  const { rows, scales } = kernel.encodeRows(clusteredVectors(count, dimension, 8));
  const { centroid, factors, codes } = kernel.encodeCodes(rows, scales);
  const decoded = Array.from({ length: count }, (_, row) =>
    Float64Array.from({ length: dimension }, (_, index) => rows[row * dimension + index]! * rowScale(scales[row]!)),
  );
  for (let index = 0; index < dimension; index++) {
    const mean = decoded.reduce((sum, row) => sum + row[index]!, 0) / count;
    expect(centroid[index]).toBeCloseTo(mean, 6);
  }
  expect(codes.length).toBe(48 * codeBytes(dimension));
  for (let row = 0; row < 48; row++) {
    const residual = decoded[row]?.map((value, index) => Math.fround(Math.fround(value) - centroid[index]!));
    for (let index = 0; index < 8 * codeBytes(dimension); index++) {
      const byte = codes[(row >> 4) * 16 * codeBytes(dimension) + (index >> 3) * 16 + (row & 15)]!;
      expect((byte >> (index & 7)) & 1).toBe(residual && index < dimension && residual[index]! >= 0 ? 1 : 0);
    }
    if (!residual) continue;
    const magnitude = residual.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(factors[row]! / (dot(residual, residual) / magnitude || 1)).toBeCloseTo(magnitude > 0 ? 1 : 0, 5);
  }
});

test.each([1, 7, 100, 384, 1536])('integers and tables of %i dimensions are the rotated query', (dimension) => {
  const random = createRandom(dimension);
  const kernel = createScalarKernel(dimension);
  for (const size of [1, 1e-6, 1e6]) {
    const vector = Float32Array.from({ length: dimension }, () => normal(random) * size);
    const { rotated, integers, integerScale, tables, tableStep, tableBase } = kernel.prepare(vector);
    expect(dot(rotated, rotated) / dot(vector, vector)).toBeCloseTo(1, 5);
    const largest = Math.max(...rotated.map(Math.abs));
    integers.forEach((integer, index) => {
      expect(Math.abs(integer * integerScale - rotated[index]!)).toBeLessThan(integerScale * 0.51);
    });
    expect(integerScale).toBeLessThan(Math.max(1 / 32_000, dimension / 1.6e7) * largest);
    // The sum over any code, to half a step for each lookup.
    const halves = tables.length / 16;
    for (let trial = 0; trial < 20; trial++) {
      const bits = Array.from({ length: dimension }, () => random() < 0.5);
      let lookups = 0;
      for (let half = 0; half < halves; half++) {
        const number = [0, 1, 2, 3].reduce((sum, bit) => sum + (bits[4 * half + bit] ? 1 << bit : 0), 0);
        lookups += tables[16 * half + number]!;
      }
      const exact = rotated.reduce((sum, value, index) => sum + (bits[index] ? value : -value), 0);
      expect(Math.abs(tableBase + tableStep * lookups - exact)).toBeLessThan(tableStep * (halves / 2 + 1));
    }
    expect(tableStep).toBeLessThan((8 * largest) / 62);
  }
});
