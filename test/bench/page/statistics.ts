// Figures over rounds of queries.
import { createRandom } from '../../../src/util/random.ts';

/** The value below which the share `p` of the sorted values lies. @param p 0–1 */
export function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below]! + (sorted[Math.ceil(at)]! - sorted[below]!) * (at - below);
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]) => quantile(ascending(values), 0.5);

/** 50th and 95th percentile over all rounds. */
export function percentiles(rounds: readonly (readonly number[])[]) {
  const all = ascending(rounds.flat());
  return { p50Ms: quantile(all, 0.5), p95Ms: quantile(all, 0.95) };
}

const resamples = 2000;

/**
 * Median latency in units of the yardstick's, compared within a round, so that a noisy machine hurts both alike; with the 95 %
 * bootstrap interval over the rounds (Efron's percentile interval).
 * @param rounds milliseconds of each query, by round; `yardstick` likewise, measured next to them
 */
export function ratioOfMedians(rounds: readonly (readonly number[])[], yardstick: readonly (readonly number[])[]) {
  const ratios = rounds.map((ms, i) => median(ms) / median(yardstick[i]!));
  const random = createRandom(1);
  const draw = () => median(ratios.map(() => ratios[Math.floor(random() * ratios.length)]!));
  const draws = ascending(Array.from({ length: resamples }, draw));
  return { ratio: median(ratios), ratioRange: [quantile(draws, 0.025), quantile(draws, 0.975)] };
}
