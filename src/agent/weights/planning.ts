// Fitted weights: written by `npm run eval -- tools --fit`, not by hand.
import type { Signs } from '../fill/candidate.ts';

export const fitWeights: Readonly<Signs> = {
  bias: -11.315,
  closest: -1.525,
  'description in task': 4.641,
  'least sureness': 3.055,
  masked: 7.164,
  'mean sureness': 0.881,
  'name in task': 2.198,
  'numbers left': 0.073,
  'open words in tool': -0.177,
  'open words in tool or arguments': -0.263,
  required: 0.427,
  similarity: 5.046,
  'without candidate': -0.739,
  'words in tool': -4.057,
  'words of task': 1.316,
};

export const splitWeights: Readonly<Signs> = {
  also: 1.833,
  'and then': 1.29,
  bias: -11.571,
  counted: 0.379,
  length: 1.749,
  loss: -0.776,
  names: 0.29,
  numbers: 1.005,
  ordinals: 1.182,
  respectively: 2.764,
  same: 2.038,
  'same count': 1.191,
  sentences: 0.265,
  'share of arguments': 3.064,
  'strung together': 2.79,
};
