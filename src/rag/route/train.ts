// Learns the head of the router: logistic regression over the features, each kind of question counting the same, however many there are.
import { type Features, featureNames } from './features.ts';
import { logistic, type RouterWeights } from './router.ts';

/** A question that was asked. */
export interface RoutedQuestion {
  features: Features;
  /** Whether its answer needs several passages. */
  several: boolean;
}

const [rounds, rate, decay] = [4000, 2, 0.002];

/** The same questions give the same weights. @throws RangeError unless there are questions of both kinds */
export function trainRouter(questions: readonly RoutedQuestion[]): RouterWeights {
  const positive = questions.filter(({ several }) => several).length;
  const negative = questions.length - positive;
  if (positive === 0 || negative === 0) throw new RangeError('A router learns from questions of both kinds.');
  const rows = questions.map(({ features, several }) => ({
    values: [...featureNames.map((name) => features[name]), 1],
    several: several ? 1 : 0,
    share: 0.5 / (several ? positive : negative),
  }));
  const weights = new Array<number>(featureNames.length + 1).fill(0);
  for (let round = 0; round < rounds; round++) {
    const gradient = weights.map((weight, i) => (i < featureNames.length ? decay * weight : 0));
    for (const { values, several, share } of rows) {
      const error = share * (logistic(values.reduce((sum, value, i) => sum + value * weights[i]!, 0)) - several);
      for (const [i, value] of values.entries()) gradient[i]! += error * value;
    }
    for (const [i, slope] of gradient.entries()) weights[i]! -= rate * slope;
  }
  const rounded = weights.map((weight) => Math.round(weight * 1000) / 1000);
  const named = Object.fromEntries(featureNames.map((name, i) => [name, rounded[i]!])) as Features;
  return { bias: rounded.at(-1)!, ...named };
}
