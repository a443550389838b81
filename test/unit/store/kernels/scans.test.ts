// Scans against a full sort of the scores that the contract defines, and how well estimates choose.
import { expect, test } from 'vitest';
import { codeBytes, type Kernel, type PreparedQuery, rowScale } from '../../../../src/store/kernels/kernel.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { bothKernels, clusteredVectors, dot, randomMask, segmentOf } from './vectors.ts';

interface Row {
  position: number;
  score: number;
}

function best(rows: Row[], capacity: number) {
  const sorted = rows.sort((a, b) => b.score - a.score || a.position - b.position).slice(0, capacity);
  return {
    positions: Uint32Array.from(sorted, ({ position }) => position),
    scores: Float64Array.from(sorted, ({ score }) => score),
  };
}

/** The estimate of one row, as the contract has it. */
function estimate(kernel: Kernel, query: PreparedQuery, codes: Uint8Array, factor: number, row: number, offset: number): number {
  const bytes = codeBytes(kernel.dimension);
  let sum = 0;
  for (let index = 0; index < bytes; index++) {
    const byte = codes[(row >> 4) * 16 * bytes + index * 16 + (row & 15)]!;
    sum += query.tables[32 * index + (byte & 15)]! + query.tables[32 * index + 16 + (byte >> 4)]!;
  }
  const products = Math.fround(query.tableBase + Math.fround(query.tableStep * sum));
  return Math.fround(Math.fround(offset) + Math.fround(factor * products));
}

test('the best rows, whatever the masks, capacities and ties', async () => {
  const random = createRandom(11);
  for (const dimension of [3, 20, 64]) {
    for (const kernel of await bothKernels(dimension)) {
      for (let round = 0; round < 25; round++) {
        const capacity = 1 + Math.floor(random() * random() * 400);
        const query = kernel.prepare(clusteredVectors(1, dimension, round));
        const [byCodes, byRows]: [Row[], Row[]] = [[], []];
        let first = Math.floor(random() * 1e6);
        const segments = Array.from({ length: 3 }, () => {
          const count = 1 + Math.floor(random() * 500);
          const vectors = clusteredVectors(count, dimension, round);
          // Rows that are the same have the same score: the order of positions decides.
          for (let row = 1; row < count; row++)
            if (random() < 0.5) vectors.copyWithin(row * dimension, (row - 1) * dimension, row * dimension);
          const mask = random() < 0.5 ? randomMask(count, random(), random) : undefined;
          const offset = random() - 0.5;
          const segment = segmentOf(kernel, vectors);
          const { rows, scales, encoded } = segment;
          for (let row = 0; row < count; row++) {
            if (mask && ((mask[row >> 4]! >> (row & 15)) & 1) === 0) continue;
            const whole = dot(query.integers, rows, row * dimension);
            byRows.push({ position: first + row, score: whole * rowScale(scales[row]!) * query.integerScale });
            const score = estimate(kernel, query, encoded.codes, encoded.factors[row]!, row, offset);
            byCodes.push({ position: first + row, score });
          }
          const scanned = { ...segment, mask, offset, first };
          first += count + Math.floor(random() * 3);
          return scanned;
        });
        kernel.begin(query, capacity);
        for (const { codes, factors, scales, offset, first, mask } of segments) {
          kernel.scanCodes(codes, factors, scales.length, offset, first, mask);
        }
        expect(kernel.finish()).toEqual(best(byCodes, capacity));
        kernel.begin(query, capacity);
        for (const { rows, scales, first, mask } of segments) kernel.scanRows(rows, scales, first, mask);
        expect(kernel.finish()).toEqual(best(byRows, capacity));
        for (const { codes, factors } of segments) {
          codes.free();
          factors.free();
        }
      }
    }
  }
});

test('a scan of nothing finds nothing, and leaves nothing for the next', async () => {
  for (const kernel of await bothKernels(10)) {
    const query = kernel.prepare(clusteredVectors(1, 10, 1));
    const { codes, factors, rows, scales } = segmentOf(kernel, clusteredVectors(40, 10, 2));
    kernel.begin(query, 5);
    kernel.scanCodes(codes, factors, 40, 0, 0);
    expect(kernel.finish().positions.length).toBe(5);
    kernel.begin(query, 5);
    kernel.scanCodes(codes, factors, 0, 0, 0);
    kernel.scanRows(rows.subarray(0, 0), scales.subarray(0, 0), 0);
    kernel.scanCodes(codes, factors, 40, 0, 0, new Uint16Array(3));
    expect(kernel.finish()).toEqual({ positions: new Uint32Array(), scores: new Float64Array() });
  }
});

test('candidates by codes hold the nearest rows, and rows rank as vectors do', async () => {
  const dimension = 384;
  const count = 5000;
  const [, kernel] = await bothKernels(dimension);
  const vectors = clusteredVectors(count + 50, dimension, 9);
  const { rows, scales, encoded, codes, factors } = segmentOf(kernel, vectors.subarray(0, count * dimension));
  let [byCodes, byRows] = [0, 0];
  for (let number = 0; number < 50; number++) {
    const vector = vectors.subarray((count + number) * dimension, (count + number + 1) * dimension);
    const query = kernel.prepare(vector);
    const exact = best(
      Array.from({ length: count }, (_, row) => ({ position: row, score: dot(vector, vectors, row * dimension) })),
      10,
    );
    kernel.begin(query, 10);
    kernel.scanRows(rows, scales, 0);
    const near = kernel.finish();
    kernel.begin(query, 200);
    kernel.scanCodes(codes, factors, count, dot(query.rotated, encoded.centroid), 0);
    const candidates = new Set(kernel.finish().positions);
    byRows += near.positions.filter((position) => exact.positions.includes(position)).length;
    byCodes += exact.positions.filter((position) => candidates.has(position)).length;
    near.scores.forEach((score, rank) => {
      expect(score).toBeCloseTo(dot(vector, vectors, near.positions[rank]! * dimension), 2);
    });
  }
  expect(byRows / 500).toBeGreaterThan(0.97);
  expect(byCodes / 500).toBeGreaterThan(0.97);
});

test('estimates are unbiased: their mean error is far below their spread', async () => {
  const dimension = 384;
  const [, kernel] = await bothKernels(dimension);
  const vectors = clusteredVectors(3000, dimension, 21);
  const { encoded, codes, factors } = segmentOf(kernel, vectors);
  const errors: number[] = [];
  for (let number = 0; number < 10; number++) {
    const vector = clusteredVectors(1, dimension, 500 + number);
    const query = kernel.prepare(vector);
    kernel.begin(query, 3000);
    kernel.scanCodes(codes, factors, 3000, dot(query.rotated, encoded.centroid), 0);
    const { positions, scores } = kernel.finish();
    positions.forEach((position, rank) => {
      errors.push(scores[rank]! - dot(vector, vectors, position * dimension));
    });
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const spread = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
  // RaBitQ's bound: a unit vector's estimate errs by about 0.75 / √dimension, times the length of its residual.
  expect(spread).toBeLessThan(0.76 / Math.sqrt(dimension));
  expect(Math.abs(mean)).toBeLessThan(spread / 10);
});
