// When threads are worth it.
import { expect, test } from 'vitest';
import { Trial } from '../../../../src/store/shards/trial.ts';

/** A trial at 4 ns a row that has seen scans of 1000 rows. */
function tried(samples: number, milliseconds: readonly number[]): Trial {
  const trial = new Trial(4, samples);
  for (const each of milliseconds) trial.add({ milliseconds: each, rows: 1000, threads: 2 });
  return trial;
}

test('the median counts, against the time of one thread', () => {
  expect(tried(3, [0.002, 9, 0.002])).toMatchObject({ share: 0.5, failed: false });
  expect(tried(3, [0.0038, 0, 0.0038])).toMatchObject({ failed: true });
  expect(tried(3, [0.0036, 0.0035, 0.0035])).toMatchObject({ failed: false });
});

test('nothing is judged before enough scans, or after', () => {
  expect(tried(3, [9, 9])).toMatchObject({ share: undefined, failed: false });
  expect(tried(3, [0.001, 0.001, 0.001, 9, 9, 9, 9])).toMatchObject({ share: 0.25, failed: false });
  expect(tried(0, [9, 9, 9])).toMatchObject({ failed: false });
});
