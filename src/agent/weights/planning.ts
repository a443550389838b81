// Fitted weights: written by `npm run eval -- tools --fit`, not by hand.
import type { Signs } from '../fill/candidate.ts';

export const fitWeights: Readonly<Signs> = {
  bias: -11.161,
  closest: -1.683,
  'description in task': 4.57,
  'least sureness': 2.869,
  masked: 7.425,
  'mean sureness': 1.147,
  'name in task': 2.246,
  'numbers left': 0.265,
  'open words': -0.05,
  'open words in tool': -0.285,
  'open words in tool or arguments': -0.392,
  required: 0.376,
  similarity: 5.384,
  'without candidate': -0.741,
  'words in tool': -4.229,
  'words of task': 1.338,
};

export const splitWeights: Readonly<Signs> = {
  also: 1.802,
  'and then': 1.39,
  bias: -10.574,
  counted: 0.511,
  length: 1.642,
  loss: -1.242,
  names: 0.935,
  numbers: 0.733,
  ordinals: 1.2,
  respectively: 2.061,
  same: 2.085,
  'same count': 0.403,
  sentences: 0.292,
  'share of arguments': 2.595,
  'strung together': 2.328,
};
