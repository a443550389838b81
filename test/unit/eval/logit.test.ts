// The two linear models find what decides.
import { expect, test } from 'vitest';
import { fitChoices, fitLogistic } from '../../../src/eval/logit.ts';
import { softmax, weightedSum } from '../../../src/util/log-linear.ts';
import { createRandom } from '../../../src/util/random.ts';

test('choices: the sign that decides is weighed, the others little', () => {
  const random = createRandom(3);
  const choices = Array.from({ length: 80 }, () => {
    const signs = Array.from({ length: 4 }, () => ({ good: random(), noise: random() }));
    const best = Math.max(...signs.map(({ good }) => good));
    return { signs, right: signs.map(({ good }) => good === best) };
  });
  const weights = fitChoices(choices);
  expect(weights.good).toBeGreaterThan(3);
  expect(Math.abs(weights.noise!)).toBeLessThan(weights.good! / 4);
  const hits = choices.filter(({ signs, right }) => {
    const scores = signs.map((one) => weightedSum(one, weights));
    return right[scores.indexOf(Math.max(...scores))];
  });
  expect(hits.length).toBeGreaterThan(72);
});

test('choices that teach nothing give no weights', () => {
  expect(fitChoices([{ signs: [{ a: 1 }, { a: 2 }], right: [false, false] }])).toEqual({});
});

test('logistic: probabilities on both sides of the border', () => {
  const random = createRandom(5);
  const rows = Array.from({ length: 200 }, () => {
    const x = random() * 10;
    return { signs: { bias: 1, x }, yes: x > 4 };
  });
  const weights = fitLogistic(rows, { penalty: 1e-4 });
  const chance = (x: number) => 1 / (1 + Math.exp(-weightedSum({ bias: 1, x }, weights)));
  expect(chance(2)).toBeLessThan(0.2);
  expect(chance(6)).toBeGreaterThan(0.8);
});

test('softmax sums to one, however large the scores', () => {
  const chances = softmax([1000, 1001, -1000]);
  expect(chances.reduce((sum, value) => sum + value)).toBeCloseTo(1);
  expect(chances[1]).toBeCloseTo(1 / (1 + Math.exp(-1)));
});
