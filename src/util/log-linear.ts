// What log-linear models share: a weighted sum of named values, and probabilities out of scores.

/** Values by name; what is not there is 0. */
export type NamedValues = Readonly<Record<string, number>>;

/** Sum of the values, each times the weight of its name. */
export function weightedSum(values: NamedValues, weights: NamedValues): number {
  let sum = 0;
  for (const name in values) sum += (weights[name] ?? 0) * values[name]!;
  return sum;
}

/** Probabilities by scores, however large; none of none. */
export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - top));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => value / sum);
}
