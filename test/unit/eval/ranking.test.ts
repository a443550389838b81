// Measures of a ranking, against values computed by hand.
import { expect, test } from 'vitest';
import { allAt, averagePrecision, hitAt, ndcgAt, precisionAt, recallAt, reciprocalRank } from '../../../src/eval/ranking.ts';

const ranked = ['a', 'b', 'c', 'd', 'e'];
const relevant = new Set(['b', 'd', 'x']);

test('recall, precision, hit, all', () => {
  expect([1, 2, 4, 10].map((k) => recallAt(k, ranked, relevant))).toEqual([0, 1 / 3, 2 / 3, 2 / 3]);
  expect([1, 2, 4, 10].map((k) => precisionAt(k, ranked, relevant))).toEqual([0, 1 / 2, 2 / 4, 2 / 10]);
  expect([1, 2, 4].map((k) => hitAt(k, ranked, relevant))).toEqual([0, 1, 1]);
  expect([2, 4].map((k) => allAt(k, ranked, new Set(['b', 'd'])))).toEqual([0, 1]);
  expect(allAt(10, ranked, relevant)).toBe(0);
});

test('reciprocal rank, with and without a last rank', () => {
  expect(reciprocalRank(ranked, relevant)).toBe(1 / 2);
  expect(reciprocalRank(ranked, new Set(['d']), 3)).toBe(0);
  expect(reciprocalRank(ranked, new Set(['c']), 3)).toBe(1 / 3);
  expect(reciprocalRank(ranked, new Set(['x']))).toBe(0);
});

test('nDCG: ranks 2 and 4 of three relevant ones', () => {
  const gain = 1 / Math.log2(3) + 1 / Math.log2(5);
  const best = 1 + 1 / Math.log2(3) + 1 / 2;
  expect(ndcgAt(10, ranked, relevant)).toBeCloseTo(gain / best, 12);
  expect(ndcgAt(1, ranked, relevant)).toBe(0);
  // The best that can be done in one place is one right, whatever there is.
  expect(ndcgAt(1, ['b'], relevant)).toBe(1);
  expect(ndcgAt(10, ['x', 'd', 'b'], relevant)).toBeCloseTo(1, 12);
});

test('average precision: (1/2 + 2/4 + 0) / 3', () => {
  expect(averagePrecision(ranked, relevant)).toBeCloseTo(1 / 3, 12);
  expect(averagePrecision(['b', 'd', 'x'], relevant)).toBe(1);
});

test('nothing relevant, nothing found', () => {
  for (const measure of [recallAt, precisionAt, hitAt, allAt, ndcgAt]) {
    expect(measure(5, ranked, new Set())).toBe(0);
    expect(measure(5, [], relevant)).toBe(0);
  }
  expect(averagePrecision([], relevant)).toBe(0);
  expect(averagePrecision(ranked, new Set())).toBe(0);
  expect(reciprocalRank([], relevant)).toBe(0);
});
