// Two small linear models, fitted by gradient descent: the choice among candidates (conditional logit, McFadden 1974), and the
// logistic regression. Signs are by name; what is not there is 0.
import { type NamedValues, softmax, weightedSum } from '../util/log-linear.ts';

/** A choice: the signs of each candidate, and which of them are right. */
export interface Choice {
  signs: readonly NamedValues[];
  right: readonly boolean[];
}

/** Options of the fits. */
export interface FitOptions {
  /** Weight of the penalty on large weights. @default 0.02 */
  penalty?: number;
  /** @default 250 */
  steps?: number;
}

/** Weights that make right candidates likely among those of their choice. Choices without a right or a wrong one are left out. */
export function fitChoices(choices: readonly Choice[], { penalty = 0.02, steps = 250 }: FitOptions = {}): Record<string, number> {
  const usable = choices.filter(({ right }) => right.some(Boolean) && !right.every(Boolean));
  const weights: Record<string, number> = {};
  if (usable.length === 0) return weights;
  const adam = createAdam(0.05);
  // As strong for few choices as for many.
  const shrink = (penalty * 40) / usable.length;
  for (let step = 0; step < steps; step++) {
    const gradient: Record<string, number> = {};
    for (const { signs, right } of usable) {
      const chances = softmax(signs.map((one) => weightedSum(one, weights)));
      const hit = chances.reduce((sum, chance, i) => sum + (right[i] ? chance : 0), 0) || 1e-12;
      for (const [i, one] of signs.entries()) {
        const slope = chances[i]! - (right[i] ? chances[i]! / hit : 0);
        for (const name in one) gradient[name] = (gradient[name] ?? 0) + (slope * one[name]!) / usable.length;
      }
    }
    for (const name in gradient) gradient[name]! += shrink * (weights[name] ?? 0);
    adam(weights, gradient);
  }
  return weights;
}

/**
 * Weights of a logistic, with that of `bias`, which is 1 in each row. Both classes count the same where `balanced`.
 * @param rows signs, and whether it is so
 */
export function fitLogistic(
  rows: readonly { signs: NamedValues; yes: boolean }[],
  { penalty = 0.01, steps = 1500, balanced = false }: FitOptions & { balanced?: boolean } = {},
): Record<string, number> {
  const names = [...new Set(rows.flatMap(({ signs }) => Object.keys(signs)))].filter((name) => name !== 'bias');
  const mean = (of: (row: NamedValues) => number) => rows.reduce((sum, { signs }) => sum + of(signs), 0) / rows.length;
  const centers = names.map((name) => mean((signs) => signs[name] ?? 0));
  const scales = names.map((name, i) => Math.sqrt(mean((signs) => ((signs[name] ?? 0) - centers[i]!) ** 2)) || 1);
  const table = rows.map(({ signs }) => names.map((name, i) => ((signs[name] ?? 0) - centers[i]!) / scales[i]!));
  const yes = rows.filter((row) => row.yes).length;
  const share = (row: { yes: boolean }) => (balanced ? 0.5 / (row.yes ? yes : rows.length - yes) : 1 / rows.length);
  const own = names.map(() => 0);
  let bias = 0;
  for (let step = 0; step < steps; step++) {
    const slopes = own.map((weight) => penalty * weight);
    let slope = 0;
    for (const [r, row] of rows.entries()) {
      const score = table[r]!.reduce((sum, value, i) => sum + value * own[i]!, bias);
      const error = (1 / (1 + Math.exp(-score)) - (row.yes ? 1 : 0)) * share(row);
      for (const [i, value] of table[r]!.entries()) slopes[i]! += error * value;
      slope += error;
    }
    for (const i of own.keys()) own[i]! -= slopes[i]!;
    bias -= slope;
  }
  const weights = Object.fromEntries(names.map((name, i) => [name, own[i]! / scales[i]!]));
  return { bias: names.reduce((sum, _name, i) => sum - (own[i]! * centers[i]!) / scales[i]!, bias), ...weights };
}

/** Adam (arXiv:1412.6980): each weight is moved by what its gradient usually is. */
function createAdam(rate: number): (weights: Record<string, number>, gradient: NamedValues) => void {
  const means: Record<string, number> = {};
  const squares: Record<string, number> = {};
  let step = 0;
  return (weights, gradient) => {
    step++;
    for (const name in gradient) {
      const slope = gradient[name]!;
      means[name] = 0.9 * (means[name] ?? 0) + 0.1 * slope;
      squares[name] = 0.999 * (squares[name] ?? 0) + 0.001 * slope * slope;
      const [mean, square] = [means[name]! / (1 - 0.9 ** step), squares[name]! / (1 - 0.999 ** step)];
      weights[name] = (weights[name] ?? 0) - (rate * mean) / (Math.sqrt(square) + 1e-8);
    }
  };
}
