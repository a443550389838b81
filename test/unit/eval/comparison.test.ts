// Areas, differences and prediction-powered means: known cases, and how often they are right.
import { describe, expect, test } from 'vitest';
import { auc, aucInterval } from '../../../src/eval/auc.ts';
import { compare } from '../../../src/eval/paired.ts';
import { normalQuantile, predictionPowered } from '../../../src/eval/prediction-powered.ts';
import { compareRuns, summarize } from '../../../src/eval/summarize.ts';
import { createRandom } from '../../../src/util/random.ts';

describe('AUC', () => {
  test('counts pairs in the right order, ties half', () => {
    expect(auc([3, 4], [1, 2])).toBe(1);
    expect(auc([1, 2], [3, 4])).toBe(0);
    expect(auc([1, 1, 1], [1, 1])).toBe(0.5);
    // 0.8 beats all four, 0.4 beats two and ties with one: (4 + 2.5) / 8.
    expect(auc([0.8, 0.4], [0.1, 0.3, 0.4, 0.6])).toBeCloseTo(6.5 / 8, 12);
  });

  test('is the same as counting, on random scores with ties', () => {
    const random = createRandom(2);
    const scores = (n: number) => Array.from({ length: n }, () => Math.floor(random() * 10));
    const [positive, negative] = [scores(40), scores(60)];
    let pairs = 0;
    for (const p of positive) for (const n of negative) pairs += p > n ? 1 : p === n ? 0.5 : 0;
    expect(auc(positive, negative)).toBeCloseTo(pairs / 2400, 12);
    const { low, mean, high } = aucInterval(positive, negative, { rounds: 500 });
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  test('needs both groups', () => {
    expect(() => auc([], [1])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describe('paired runs', () => {
  test('the same run does not differ', () => {
    const run = [1, 0, 0.5, 1, 0];
    expect(compare(run, run)).toEqual({ mean: 0, low: 0, high: 0, p: 1 });
  });

  test('p is that of all sign flips: 5 differences of one sign, 2 of 32', () => {
    const { mean, p } = compare([1, 1, 1, 1, 1], [0, 0, 0, 0, 0], { rounds: 20_000 });
    expect(mean).toBe(1);
    expect(p).toBeCloseTo(2 / 32, 2);
  });

  test('a small lead on every question is found, where each interval alone is wide', () => {
    const base = Array.from({ length: 60 }, (_, i) => (i % 10) / 10);
    const better = base.map((value) => value + 0.02);
    const { low, p } = compare(better, base);
    expect(low).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.01);
    expect(compare(base, better).mean).toBeCloseTo(-0.02, 12);
  });

  test('equal runs are called different about as often as 5 of 100 times', () => {
    const random = createRandom(9);
    let different = 0;
    for (let trial = 0; trial < 200; trial++) {
      const run = () => Array.from({ length: 40 }, () => (random() < 0.5 ? 1 : 0));
      if (compare(run(), run(), { rounds: 200, seed: trial }).p < 0.05) different++;
    }
    expect(different / 200).toBeLessThan(0.1);
  });

  test('other questions cannot be paired', () => {
    expect(() => compare([1], [1, 0])).toThrow('cannot be paired');
    expect(() => compare([], [])).toThrow('at least one');
  });
});

describe('prediction-powered means', () => {
  test('quantiles of the normal distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 6);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 5);
  });

  test('by hand', () => {
    const { mean, low, high } = predictionPowered({ labels: [1, 0], judged: [1, 1], unlabeled: [1, 1, 0, 1] });
    // 3/4 and a rectifier of −1/2; variances 1/4 of 4 and 1/2 of 2.
    expect(mean).toBeCloseTo(0.25, 12);
    expect(high - mean).toBeCloseTo(1.959964 * Math.sqrt(0.25 / 4 + 0.5 / 2), 5);
    expect(mean - low).toBeCloseTo(high - mean, 12);
  });

  test('a judge that is too kind is set right, and the interval covers the truth 95 % of the time', () => {
    const random = createRandom(4);
    const truth = 0.6;
    let covered = 0;
    let kind = 0;
    for (let trial = 0; trial < 300; trial++) {
      /** The judge lets a third of the wrong ones pass. */
      const draw = () => {
        const label = random() < truth ? 1 : 0;
        return { label, judged: label === 1 || random() < 1 / 3 ? 1 : 0 };
      };
      const labelled = Array.from({ length: 60 }, draw);
      const unlabeled = Array.from({ length: 600 }, () => draw().judged);
      const [labels, judged] = [labelled.map(({ label }) => label), labelled.map((one) => one.judged)];
      const { low, high } = predictionPowered({ labels, judged, unlabeled });
      if (low <= truth && truth <= high) covered++;
      kind += unlabeled.reduce((sum, value) => sum + value, 0) / unlabeled.length / 300;
    }
    expect(kind).toBeGreaterThan(0.7);
    expect(covered / 300).toBeGreaterThan(0.91);
    expect(covered / 300).toBeLessThan(0.99);
  });

  test('needs labels of both kinds', () => {
    expect(() => predictionPowered({ labels: [1], judged: [1], unlabeled: [1, 0] })).toThrow('at least two');
    expect(() => predictionPowered({ labels: [1, 0], judged: [1], unlabeled: [1, 0] })).toThrow('for each');
  });
});

describe('rows of strategies', () => {
  const results = (values: number[]) => values.map((value, i) => ({ id: String(i), ms: 10, values: { 'recall@5': value } }));

  test('are compared by question, whatever the order', () => {
    const baseline = { strategy: 'naive', results: results([0, 0, 1, 0, 0, 1, 0, 0]).reverse() };
    const { versus } = summarize('better', results([1, 1, 1, 1, 1, 1, 1, 1]), { baseline });
    expect(versus).toMatchObject({ strategy: 'naive', metrics: { 'recall@5': { mean: 0.75 } } });
    expect(versus!.metrics['recall@5']!.p).toBeLessThan(0.05);
  });

  test('are not compared over other questions', () => {
    expect(() => compareRuns(results([1, 0]), results([1]))).toThrow('same questions');
    expect(() => compareRuns(results([1]), results([1, 0]))).toThrow('same questions');
  });
});
