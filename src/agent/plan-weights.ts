// Weights of two logistics, as data: whether a tool answers a task, and whether a task asks for several calls. Fitted as those of
// the arguments' values, see `fill/weights.ts`.
type Weights = Readonly<Record<string, number>>;

/** Of `fitSigns`. */
export const fitWeights: Weights = {
  bias: -11.68,
  similarity: 5.119,
  masked: 9.433,
  'words in tool': -3.236,
  'open words in tool': -0.431,
  'open words in tool or arguments': 0.073,
  'open words': -0.053,
  'name in task': 1.805,
  'description in task': 3.424,
  'mean sureness': 0.956,
  'least sureness': 0.937,
  'without candidate': -0.816,
  'nothing required': 0,
  required: 0.146,
  'numbers left': 0.661,
  'words of task': 1.628,
  closest: -0.788,
};

/** Of `splitSigns`. */
export const splitWeights: Weights = {
  bias: -12.208,
  'several of one': 0,
  'share of arguments': 2.761,
  'same count': 0.914,
  'strung together': 1.652,
  loss: -1.987,
  respectively: 1.497,
  also: 1.747,
  'and then': 1.187,
  same: 1.768,
  ordinals: 0.601,
  counted: 0.975,
  sentences: 0.469,
  length: 2.106,
  names: 0.682,
  numbers: 0.945,
};
