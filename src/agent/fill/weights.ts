// Weights of the signs of arguments' values, by the type of value: data, fitted by `npm run eval -- tools --fit` to the sets
// `simple_python`, `multiple` and `parallel` of the Berkeley Function-Calling Leaderboard.
import type { Weights } from './weigh.ts';
import { choiceWeights } from './weights/choice.ts';
import { numberWeights } from './weights/number.ts';
import { textWeights } from './weights/text.ts';

/** See `weigh`. */
export const weights: Weights = { ...numberWeights, ...textWeights, ...choiceWeights };
