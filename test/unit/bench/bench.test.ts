// The benchmark's own arithmetic: data that are the same for all, exact answers, figures, the picture.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/util/random.ts';
import { plotOf } from '../../bench/driver/plot.mjs';
import { mixedDataset } from '../../bench/page/dense/dataset.ts';
import { exactAnswers, recall } from '../../bench/page/dense/exact.ts';
import { percentiles, quantile, ratioOfMedians } from '../../bench/page/statistics.ts';
import { TopK } from '../../bench/page/top-k.ts';

const dimension = 24;

function unitRows(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: count * dimension }, () => random() - 0.5);
  for (let at = 0; at < data.length; at += dimension) {
    const row = data.subarray(at, at + dimension);
    const length = Math.hypot(...row);
    row.forEach((value, i) => {
      row[i] = value / length;
    });
  }
  return data;
}

const all = (rows: number, batch: number) => {
  const data: number[] = [];
  let next = 0;
  for (const { first, data: part } of mixedDataset(unitRows(100, 1), dimension, rows).batches(batch)) {
    expect(first).toBe(next);
    data.push(...part);
    next += part.length / dimension;
  }
  return data;
};

describe('data', () => {
  test('begin with the real vectors; mixes have length 1 and do not depend on the batches', () => {
    const mixed = all(350, 64);
    expect(mixed).toHaveLength(350 * dimension);
    expect(mixed.slice(0, 100 * dimension)).toEqual([...unitRows(100, 1)]);
    expect(all(350, 7)).toEqual(mixed);
    for (let at = 0; at < mixed.length; at += dimension) {
      expect(Math.hypot(...mixed.slice(at, at + dimension))).toBeCloseTo(1, 5);
    }
  });

  test('fewer rows than there are real ones are the first of them', () => {
    expect(all(30, 8)).toEqual([...unitRows(100, 1).subarray(0, 30 * dimension)]);
  });
});

describe('exact answers', () => {
  const rows = Array.from({ length: 300 }, (_, i) => all(300, 300).slice(i * dimension, (i + 1) * dimension));
  const dataset = mixedDataset(unitRows(100, 1), dimension, 300);
  const queries = Array.from({ length: 5 }, (_, i) => unitRows(5, 2).subarray(i * dimension, (i + 1) * dimension));

  test.each([
    ['of all rows', () => true],
    ['of some rows', (row: number) => row % 7 === 0],
  ])('%s equal a plain sort', (_, allowed) => {
    const expected = queries.map((query) =>
      rows
        .map((row, id) => ({ id, score: row.reduce((sum, value, i) => sum + value * query[i]!, 0) }))
        .filter(({ id }) => allowed(id))
        .sort((a, b) => b.score - a.score)
        .slice(0, 10)
        .map(({ id }) => id),
    );
    expect(exactAnswers(dataset, queries, 10, allowed)).toEqual(expected);
    expect(recall(expected, expected, 10)).toBe(1);
    expect(
      recall(
        expected.map((ids) => ids.slice(5)),
        expected,
        10,
      ),
    ).toBe(0.5);
  });

  test('count what is equal to the last', () => {
    const twice = new Float32Array([1, 0, 0, 1, 1, 0, 0, -1]);
    expect(exactAnswers(mixedDataset(twice, 2, 4), [new Float32Array([1, 0])], 1)).toEqual([[0, 2]]);
  });

  test('the best k of a stream, of equal ones the first', () => {
    const top = new TopK(3);
    [1, 5, 5, 2, 5, 9].forEach((score, id) => {
      top.offer(id, score);
    });
    expect(top).toMatchObject({ ids: [5, 1, 2], scores: [9, 5, 5], threshold: 5 });
  });
});

test('figures', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(percentiles([[3, 1], [2]])).toEqual({ p50Ms: 2, p95Ms: 2.9 });
  const { ratio, ratioRange } = ratioOfMedians([[1], [2], [3], [40]], [[2], [4], [6], [8]]);
  expect(ratio).toBe(0.5);
  expect(ratioRange[0]).toBe(0.5);
  expect(ratioRange[1]).toBeGreaterThan(0.5);
});

test('the picture has every system, and a dash for what is not known', () => {
  const row = { n: 1000, dimension, buildPerSecond: 10, memoryBytes: 1, p95Ms: 1, ratio: 1, note: '' };
  const some = { ...row, bytesPerVector: 10, coldOpenMs: 10, pageStartMs: 1, p50Ms: 1, recallAt10: 0.99, residentBytes: 1e6 };
  const none = {
    ...row,
    bytesPerVector: null,
    coldOpenMs: null,
    pageStartMs: null,
    p50Ms: 5,
    recallAt10: 1,
    residentBytes: null,
  };
  const rows = [
    { ...some, system: 'inpage', ratioRange: null },
    { ...none, system: 'other', ratioRange: null },
  ];
  const svg = plotOf({ k: 10, device: { cores: 2 }, rows });
  expect(svg.match(/>inpage</g)).toHaveLength(2);
  expect(svg.match(/>other</g)).toHaveLength(2);
  expect(svg.match(/>–</g)).toHaveLength(3);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
