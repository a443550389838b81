// Weighs the candidates of an argument: a log-linear model (conditional logit, McFadden 1974) over their signs.
import { softmax, weightedSum } from '../../util/log-linear.ts';
import type { Candidate, Scene, Signs } from './candidate.ts';
import { booleanCandidates, numbersCandidates, optionCandidates, optionsCandidates } from './choice-candidates.ts';
import { overlap } from './mention.ts';
import { numberCandidates } from './number-candidates.ts';
import type { Parameter, ValueType } from './parameter.ts';
import { textCandidates, textsCandidates } from './text-candidates.ts';

const makers: Partial<Record<ValueType, (parameter: Parameter, scene: Scene) => Candidate[]>> = {
  number: numberCandidates,
  text: textCandidates,
  texts: textsCandidates,
  option: optionCandidates,
  options: optionsCandidates,
  boolean: booleanCandidates,
  numbers: numbersCandidates,
};

/** All candidates of an argument, leaving it out being one where it may be. */
export function candidatesOf(parameter: Parameter, scene: Scene): Candidate[] {
  const found = makers[parameter.type]?.(parameter, scene) ?? [];
  if (parameter.required) return found;
  const signs: Signs = {
    'left out': 1,
    [`left out ${parameter.topic}`]: 1,
    spare: spare(parameter, scene),
    'names to spare': names(parameter, scene),
  };
  if (parameter.default !== undefined) signs['left out, with default'] = 1;
  return [...found, { signs, score: 0, probability: 0 }];
}

/** Several texts are weighed like one. */
export function weighedAs({ type }: Parameter): ValueType {
  return type === 'texts' ? 'text' : type;
}

/** Gives each its probability. @returns best first */
export function weigh(parameter: Parameter, scene: Scene): Candidate[] {
  const own = scene.weights[weighedAs(parameter)] ?? {};
  const found = candidatesOf(parameter, scene);
  for (const one of found) one.score = weightedSum(one.signs, own);
  const chances = softmax(found.map(({ score }) => score));
  for (const [i, one] of found.entries()) one.probability = chances[i]!;
  return found.sort((a, b) => b.probability - a.probability);
}

/** Mentions that the arguments which must be there leave over, 2 at most. */
function spare({ type }: Parameter, { request, parameters }: Scene): number {
  const needed = parameters.filter((other) => other.required && other.type === type).length;
  const found: Partial<Record<ValueType, number>> = {
    number: request.numbers.filter((number) => !request.dates.some((date) => overlap(date, number))).length,
    numbers: request.numberLists.length,
    text: request.phrases.filter(({ form }) => form === 'quoted').length,
    texts: request.phraseLists.length > 0 ? 1 : 0,
  };
  return Math.max(-1, Math.min(2, (found[type] ?? 0) - needed));
}

/** Names that the texts which must be there leave over, 2 at most. */
function names({ type }: Parameter, { request, parameters }: Scene): number {
  if (type !== 'text') return 0;
  const named = request.phrases.filter(({ form }) => form === 'name');
  const whole = named.filter(
    (phrase) => !named.some((other) => other !== phrase && other.start <= phrase.start && other.end >= phrase.end),
  );
  const needed = parameters.filter((other) => other.required && other.type === 'text').length;
  return Math.max(-1, Math.min(2, whole.length - needed));
}
