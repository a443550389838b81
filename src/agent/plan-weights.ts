// Weights of two logistics, as data: whether a tool answers a task, and whether a task asks for several calls. Fitted as those of
// the arguments' values, see `fill/weights.ts`.
type Weights = Readonly<Record<string, number>>;

/** Of `fitSigns`. */
export const fitWeights: Weights = {
  bias: -11.598,
  similarity: 5.262,
  masked: 7.699,
  'words in tool': -4.188,
  'open words in tool': -0.156,
  'open words in tool or arguments': -0.452,
  'open words': -0.045,
  'name in task': 2.21,
  'description in task': 4.366,
  'mean sureness': 1.588,
  'least sureness': 2.437,
  'without candidate': -0.535,
  'nothing required': 0,
  required: 0.461,
  'numbers left': 0.638,
  'words of task': 1.31,
  closest: -1.431,
};

/** Of `splitSigns`. */
export const splitWeights: Weights = {
  bias: -12.092,
  'several of one': 0,
  'share of arguments': 3.281,
  'same count': 0.242,
  'strung together': 2.017,
  loss: -1.549,
  respectively: 1.971,
  also: 1.619,
  'and then': 1.333,
  same: 1.921,
  ordinals: 0.94,
  counted: 0.305,
  sentences: 0.314,
  length: 1.939,
  names: 0.862,
  numbers: 0.783,
};
