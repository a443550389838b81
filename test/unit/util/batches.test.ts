import { expect, test } from 'vitest';
import { normalize, pool } from '../../../src/embed/pooling.ts';
import { planBatches } from '../../../src/util/batches.ts';
import { createRandom } from '../../../src/util/random.ts';

test('every text is in one batch, batches keep to the budget, lengths within a batch are close', () => {
  const random = createRandom(5);
  for (let round = 0; round < 100; round++) {
    const lengths = Array.from({ length: Math.floor(random() * 60) }, () => 1 + Math.floor(random() * 600));
    const batches = planBatches(lengths, 512);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    for (const batch of batches) {
      const widths = batch.map((i) => lengths[i]!);
      if (batch.length > 1) expect(Math.max(...widths) * batch.length).toBeLessThanOrEqual(512);
    }
    const padded = batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => lengths[i]!)), 0);
    const exact = lengths.reduce((sum, length) => sum + length, 0);
    if (lengths.length > 20) expect(padded).toBeLessThan(exact * 1.3);
  }
});

test('mean pooling leaves padding out; cls and last take one row', () => {
  const states = Float32Array.from([1, 2, 3, 4, 100, 100]);
  const out = new Float32Array(2);
  pool(states, 2, 'mean', out);
  expect([...out]).toEqual([2, 3]);
  pool(states, 2, 'cls', out);
  expect([...out]).toEqual([1, 2]);
  pool(states, 2, 'last', out);
  expect([...out]).toEqual([3, 4]);
});

test('normalize makes length 1 and leaves zero alone', () => {
  const vector = Float32Array.from([3, 4]);
  normalize(vector);
  expect([...vector]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  const zero = new Float32Array(2);
  normalize(zero);
  expect([...zero]).toEqual([0, 0]);
});
