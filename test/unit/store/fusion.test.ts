// Fusion of rankings: the formulas, what is missing, ties.
import { expect, test } from 'vitest';
import { type Candidate, convexCombination, reciprocalRankFusion } from '../../../src/store/search/fusion.ts';
import { createRandom } from '../../../src/util/random.ts';

const candidates: Candidate[] = [
  { position: 4, dense: 0.9 },
  { position: 2, dense: 0.5, lexical: 3 },
  { position: 7, lexical: 12 },
  { position: 1, dense: 0.1, lexical: 0 },
];

test('reciprocal ranks are summed', () => {
  const fused = reciprocalRankFusion(candidates);
  expect(fused.map(({ position }) => position)).toEqual([2, 1, 4, 7]);
  expect(fused.map(({ score }) => score)).toEqual([1 / 62 + 1 / 62, 1 / 63 + 1 / 63, 1 / 61, 1 / 61]);
  expect(fused[0]).toMatchObject({ dense: 0.5, lexical: 3 });
  expect(reciprocalRankFusion(candidates, { k: 1 })[0]!.score).toBe(1 / 3 + 1 / 3);
});

test('equal scores are ranked by position, in the stages and in the end', () => {
  const tied = [3, 1, 2].map((position) => ({ position, dense: 0.5, lexical: 2 }));
  for (const fused of [reciprocalRankFusion(tied), convexCombination(tied)]) {
    expect(fused.map(({ position }) => position)).toEqual([1, 2, 3]);
  }
});

test('a convex combination weighs normalised scores', () => {
  const fused = convexCombination(candidates, { alpha: 0.75 });
  const scores = new Map(fused.map(({ position, score }) => [position, score]));
  expect(scores.get(4)).toBeCloseTo(0.75, 12);
  expect(scores.get(2)).toBeCloseTo(0.75 * 0.5 + 0.25 * 0.25, 12);
  expect(scores.get(7)).toBeCloseTo(0.25, 12);
  expect(scores.get(1)).toBe(0);
  expect(fused.map(({ position }) => position)).toEqual([4, 2, 7, 1]);
});

test('a known least score takes the place of the least found', () => {
  const found = [
    { position: 0, dense: 0.4, lexical: 5 },
    { position: 1, dense: 0.8, lexical: 10 },
  ];
  expect(convexCombination(found, { alpha: 0.5 })[1]!.score).toBe(0);
  expect(convexCombination(found, { alpha: 0.5, least: { lexical: 0 } })[1]!.score).toBe(0.25);
  expect(convexCombination(found, { alpha: 0.5, least: { dense: 0, lexical: 0 } })[1]!.score).toBe(0.5);
});

test('alone, none, and all the same', () => {
  for (const fuse of [reciprocalRankFusion, convexCombination]) expect(fuse([])).toEqual([]);
  expect(convexCombination([{ position: 5, lexical: 2 }])).toEqual([{ position: 5, lexical: 2, score: 0.5 }]);
  expect(convexCombination([{ position: 5, dense: -1, lexical: 2 }])[0]!.score).toBe(1);
});

test('one stage keeps its order; alpha 1 and 0 are the stages themselves', () => {
  const random = createRandom(1);
  const found = Array.from({ length: 50 }, (_, position) => ({ position, dense: random() * 2 - 1, lexical: random() * 20 }));
  const by = (stage: 'dense' | 'lexical') => [...found].sort((a, b) => b[stage] - a[stage]).map(({ position }) => position);
  expect(convexCombination(found, { alpha: 1 }).map(({ position }) => position)).toEqual(by('dense'));
  expect(convexCombination(found, { alpha: 0 }).map(({ position }) => position)).toEqual(by('lexical'));
  expect(reciprocalRankFusion(found.map(({ position, dense }) => ({ position, dense }))).map(({ position }) => position)).toEqual(
    by('dense'),
  );
  for (const { score } of convexCombination(found)) expect(score >= 0 && score <= 1).toBe(true);
});

test('options out of range are refused', () => {
  const refused = expect.objectContaining({ code: 'invalid-argument' });
  for (const k of [0, -1, Number.NaN]) expect(() => reciprocalRankFusion([], { k })).toThrow(refused);
  for (const alpha of [-0.1, 1.1, Number.NaN]) expect(() => convexCombination([], { alpha })).toThrow(refused);
});
