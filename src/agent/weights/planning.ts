// Fitted weights: written by `npm run eval -- tools --fit`, not by hand.
import type { Signs } from '../fill/candidate.ts';

export const fitWeights: Readonly<Signs> = {
  bias: -11.318,
  closest: -1.559,
  'description in task': 4.609,
  'least sureness': 2.91,
  masked: 7.236,
  'mean sureness': 1.017,
  'name in task': 2.204,
  'numbers left': 0.224,
  'open words in tool': -0.154,
  'open words in tool or arguments': -0.291,
  required: 0.409,
  similarity: 5.087,
  'without candidate': -0.729,
  'words in tool': -4.065,
  'words of task': 1.309,
};

export const splitWeights: Readonly<Signs> = {
  also: 1.805,
  'and then': 1.302,
  bias: -11.138,
  counted: 0.355,
  length: 1.688,
  loss: -0.221,
  numbers: 1.47,
  ordinals: 1.267,
  respectively: 2.48,
  same: 1.89,
  'same count': 1.17,
  sentences: 0.238,
  'share of arguments': 2.77,
  'strung together': 2.749,
};
