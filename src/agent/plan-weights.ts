// What planning has learned, as data: weights of the values of arguments, and of two logistics, whether a tool answers a task and
// whether a task asks for several calls. Fitted by `npm run eval -- tools --fit` to the sets `simple_python`, `multiple`, `parallel`
// and `irrelevance` of the Berkeley Function-Calling Leaderboard.
import type { Signs, Weights } from './fill/candidate.ts';
import { choiceWeights } from './weights/choice.ts';
import { numberWeights } from './weights/number.ts';
import { fitWeights, splitWeights } from './weights/planning.ts';
import { textWeights } from './weights/text.ts';

/** Weights by what they decide. */
export interface PlanWeights {
  /** Values of arguments. */
  values: Weights;
  /** Of `fitSigns`. */
  fit: Readonly<Signs>;
  /** Of `splitSigns`. */
  split: Readonly<Signs>;
}

/** The fitted ones. */
export const fitted: PlanWeights = {
  values: { ...choiceWeights, ...numberWeights, ...textWeights },
  fit: fitWeights,
  split: splitWeights,
};
