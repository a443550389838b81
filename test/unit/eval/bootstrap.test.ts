// Intervals: known cases, and how often they cover the truth.
import { expect, test } from 'vitest';
import { bootstrap, mean, quantile } from '../../../src/eval/bootstrap.ts';
import { createRandom } from '../../../src/util/random.ts';

test('quantiles lie between neighbours', () => {
  expect([0, 0.25, 0.5, 1].map((at) => quantile([1, 2, 3, 5], at))).toEqual([1, 1.75, 2.5, 5]);
  expect(quantile([7], 0.3)).toBe(7);
});

test('equal values, and one value, have an interval of no width', () => {
  expect(bootstrap([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  expect(bootstrap([1])).toEqual({ mean: 1, low: 1, high: 1 });
});

test('no value has no mean', () => {
  expect(() => bootstrap([])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  expect(() => mean([])).toThrow('at least one');
});

test('the same seed gives the same interval, another one nearly the same', () => {
  const values = Array.from({ length: 50 }, (_, i) => i % 2);
  expect(bootstrap(values, { seed: 3 })).toEqual(bootstrap(values, { seed: 3 }));
  expect(bootstrap(values, { seed: 4 }).low).toBeCloseTo(bootstrap(values, { seed: 3 }).low, 1);
});

test('a 95 % interval covers the true mean in about 95 of 100 samples', () => {
  const random = createRandom(5);
  const trials = 300;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: 80 }, () => (random() < 0.3 ? 1 : 0));
    const { low, high } = bootstrap(values, { rounds: 400, seed: trial });
    if (low <= 0.3 && 0.3 <= high) covered++;
  }
  expect(covered / trials).toBeGreaterThan(0.9);
  expect(covered / trials).toBeLessThan(0.99);
});

test('a lower level is a narrower interval', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i * 7) % 10);
  const [wide, narrow] = [bootstrap(values), bootstrap(values, { level: 0.5 })];
  expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
});
