// Is one run better than another on the same questions? The paired bootstrap for how much, the randomization test for whether.
import { InpageError } from '../util/errors.ts';
import { createRandom } from '../util/random.ts';
import { bootstrap, type ResampleOptions, resampleDefaults } from './bootstrap.ts';

/** How far the first run is from the second. */
export interface Difference {
  /** Mean of first − second. */
  mean: number;
  low: number;
  high: number;
  /** Probability of a difference at least as large, either way, if the runs were the same. */
  p: number;
}

/**
 * Compares the values that two runs have for the same questions, in the same order. The test flips the sign of each difference at
 * random (Fisher; Smucker, Allan and Carterette, CIKM 2007); 1 is added above and below, so that no p is 0.
 * @throws InpageError `invalid-argument` where there is none, or they differ in number
 */
export function compare(first: readonly number[], second: readonly number[], options: ResampleOptions = {}): Difference {
  if (first.length !== second.length) {
    throw new InpageError(
      'invalid-argument',
      `Runs of ${first.length} and ${second.length} questions cannot be paired. Take the same ones.`,
    );
  }
  const differences = first.map((value, i) => value - second[i]!);
  const { rounds, seed } = { ...resampleDefaults, ...options };
  const interval = bootstrap(differences, options);
  const random = createRandom(seed);
  // What is left of rounding must not count as a difference.
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0)) - 1e-12;
  let asFar = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (const value of differences) sum += random() < 0.5 ? value : -value;
    if (Math.abs(sum) >= observed) asFar++;
  }
  return { ...interval, p: (asFar + 1) / (rounds + 1) };
}
