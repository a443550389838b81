// The router: how likely a question needs several passages.
import { type Features, featureNames } from './features.ts';

/** Weights of the features, and the bias. */
export type RouterWeights = Readonly<Record<(typeof featureNames)[number] | 'bias', number>>;

/** Probability, by the weights, that a question needs several passages, 0–1. */
export function probabilityOfSeveral(features: Features, weights: RouterWeights): number {
  return logistic(featureNames.reduce((sum, name) => sum + weights[name] * features[name], weights.bias));
}

/** 1 / (1 + e^−x) */
export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
