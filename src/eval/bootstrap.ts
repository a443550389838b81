// Intervals by resampling: the percentile bootstrap (Efron and Tibshirani, 1993).
import { InpageError } from '../util/errors.ts';
import { createRandom } from '../util/random.ts';

/** A mean with its interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

/** Options of {@link bootstrap} and of the paired tests. */
export interface ResampleOptions {
  /** Resamples, 100 and more. @default 2000 */
  rounds?: number;
  /** Probability that the interval covers the mean, 0–1. @default 0.95 */
  level?: number;
  /** The same seed gives the same interval. @default 1 */
  seed?: number;
}

/** Defaults of {@link ResampleOptions}. */
export const resampleDefaults = { rounds: 2000, level: 0.95, seed: 1 };

/** The mean of some values. @throws InpageError `invalid-argument` where there is none */
export function mean(values: readonly number[]): number {
  if (values.length === 0)
    throw new InpageError('invalid-argument', 'There is no value to take the mean of. Measure at least one question.');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A quantile of sorted values, between neighbours in proportion. @param at 0–1 */
export function quantile(sorted: readonly number[], at: number): number {
  const place = (sorted.length - 1) * at;
  const below = Math.floor(place);
  const above = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (above - sorted[below]!) * (place - below);
}

/** Statistics of resamples with replacement, sorted. @param statistic of the places drawn @param size values to draw from */
export function resample(statistic: (places: Uint32Array) => number, size: number, rounds: number, seed: number): number[] {
  const random = createRandom(seed);
  const places = new Uint32Array(size);
  const results: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < size; i++) places[i] = Math.floor(random() * size);
    results.push(statistic(places));
  }
  return results.sort((a, b) => a - b);
}

/**
 * The mean of independent values with its percentile interval. Of one value the interval is that value.
 * @throws InpageError `invalid-argument` where there is no value
 */
export function bootstrap(values: readonly number[], options: ResampleOptions = {}): Estimate {
  const { rounds, level, seed } = { ...resampleDefaults, ...options };
  const center = mean(values);
  const means = resample(
    (places) => {
      let sum = 0;
      for (const place of places) sum += values[place]!;
      return sum / places.length;
    },
    values.length,
    rounds,
    seed,
  );
  return { mean: center, low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2) };
}
