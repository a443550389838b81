// The best of a stream of scores, against a full sort.
import { expect, test } from 'vitest';
import { Collector } from '../../../../src/store/kernels/collector.ts';
import { createRandom } from '../../../../src/util/random.ts';

test('it keeps the best, best first, equal scores in order of position', () => {
  const random = createRandom(4);
  const collector = new Collector();
  for (let round = 0; round < 300; round++) {
    const capacity = 1 + Math.floor(random() ** 3 * 500);
    const count = Math.floor(random() * 4000);
    const values = 1 + Math.floor(random() ** 2 * 1000);
    const drift = round % 3 === 0 ? random() - 0.5 : 0;
    const rows = Array.from({ length: count }, (_, at) => ({
      position: 3 * at,
      score: Math.floor(random() * values) / 7 + drift * at,
    }));
    const room = Collector.room(capacity);
    collector.begin(capacity, new Float64Array(room), new Uint32Array(room));
    for (const { score, position } of rows) collector.push(score, position);
    const expected = rows.sort((a, b) => b.score - a.score || a.position - b.position).slice(0, capacity);
    const { positions, scores } = collector.finish();
    expect([...positions]).toEqual(expected.map(({ position }) => position));
    expect([...scores]).toEqual(expected.map(({ score }) => score));
  }
});

test('a hundred thousand of a million', () => {
  const random = createRandom(5);
  const scores = Float64Array.from({ length: 1_000_000 }, () => Math.fround(random()));
  const collector = new Collector();
  const room = Collector.room(100_000);
  collector.begin(100_000, new Float64Array(room), new Uint32Array(room));
  scores.forEach((score, position) => {
    if (score > collector.threshold) collector.push(score, position);
  });
  const found = collector.finish();
  expect(found.scores).toEqual(scores.slice().sort().reverse().subarray(0, 100_000));
  found.positions.forEach((position, rank) => {
    if (scores[position] !== found.scores[rank]) throw new Error(`The score of rank ${rank} is of another row.`);
  });
});

test('a capacity below 1, or none at all, is refused', () => {
  for (const capacity of [0, -1, Number.NaN]) expect(() => Collector.room(capacity)).toThrow(`not ${capacity}`);
});
