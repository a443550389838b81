// How well a score tells two groups apart.

import { InpageError } from '../util/errors.ts';
import { createRandom } from '../util/random.ts';
import { type Estimate, quantile, type ResampleOptions, resampleDefaults } from './bootstrap.ts';

/**
 * Area under the ROC curve: the probability that one of `positive` has a higher score than one of `negative`, ties half (Hanley and
 * McNeil, 1982). 0.5 is chance.
 * @throws InpageError `invalid-argument` where one group is empty
 */
export function auc(positive: readonly number[], negative: readonly number[]): number {
  if (positive.length === 0 || negative.length === 0) {
    throw new InpageError('invalid-argument', 'Both groups need at least one score.', {
      detail: { positive: positive.length, negative: negative.length },
    });
  }
  const all = [
    ...positive.map((score) => ({ score, positive: true })),
    ...negative.map((score) => ({ score, positive: false })),
  ].sort((a, b) => a.score - b.score);
  // Mean ranks, from 1, of those that are equal.
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]!.score === all[from]!.score) to++;
    for (let i = from; i < to; i++) if (all[i]!.positive) ranks += (from + 1 + to) / 2;
    from = to;
  }
  const n = positive.length;
  return (ranks - (n * (n + 1)) / 2) / (n * negative.length);
}

/** {@link auc} with its percentile interval; both groups are drawn anew, each from itself. */
export function aucInterval(positive: readonly number[], negative: readonly number[], options: ResampleOptions = {}): Estimate {
  const { rounds, level, seed } = { ...resampleDefaults, ...options };
  const center = auc(positive, negative);
  const random = createRandom(seed);
  const drawn = (scores: readonly number[]) => scores.map(() => scores[Math.floor(random() * scores.length)]!);
  const values = Array.from({ length: rounds }, () => auc(drawn(positive), drawn(negative))).sort((a, b) => a - b);
  return { mean: center, low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
}
