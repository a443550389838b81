// A mean from many judgments of a model and few of people, with an interval that holds whatever the model gets wrong:
// prediction-powered inference (Angelopoulos et al., Science 2023), as ARES uses it (Saad-Falcon et al., arXiv:2311.09476).
import { InpageError } from '../util/errors.ts';
import { type Estimate, mean } from './bootstrap.ts';

/** Judgments of the same kind, e.g. 0 or 1. */
export interface Judgments {
  /** What people say of some answers, at least two. */
  labels: readonly number[];
  /** What the model says of the same ones, in the same order. */
  judged: readonly number[];
  /** What the model says of the many others, at least two. */
  unlabeled: readonly number[];
}

/**
 * The mean that people would give: the model's mean over the others, set right by how far it is off on those that people judged.
 * @param level probability that the interval covers it, 0–1
 * @throws InpageError `invalid-argument` where there are too few, or labels and judgments differ in number
 */
export function predictionPowered({ labels, judged, unlabeled }: Judgments, level = 0.95): Estimate {
  if (labels.length !== judged.length || labels.length < 2 || unlabeled.length < 2) {
    throw new InpageError(
      'invalid-argument',
      'Give at least two labels, a judgment of the model for each of them, and at least two judgments of others.',
      { detail: { labels: labels.length, judged: judged.length, unlabeled: unlabeled.length } },
    );
  }
  const errors = labels.map((label, i) => label - judged[i]!);
  const center = mean(unlabeled) + mean(errors);
  const deviation = Math.sqrt(variance(unlabeled) / unlabeled.length + variance(errors) / errors.length);
  const width = normalQuantile((1 + level) / 2) * deviation;
  return { mean: center, low: center - width, high: center + width };
}

/** Of a sample. */
function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** Inverse of the standard normal distribution, by halving; to 1e-9. @param at between 0 and 1 */
export function normalQuantile(at: number): number {
  let [low, high] = [-10, 10];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < at) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that a standard normal variable is below `x`, by the series of the error function. */
function normalProbability(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 500; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
