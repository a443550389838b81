// The router's head, learned by `trainRouter`.
import type { RouterWeights } from './router.ts';

/** From 60 questions over several passages (MuSiQue) and 190 over one (a product's documentation, Natural Questions), MiniLM q8. */
export const routerWeights: RouterWeights = {
  bias: 1.9,
  words: -1.297,
  names: 4.071,
  relations: 4.643,
  covered: -2.719,
  coveredByAll: 0.691,
  cosine: -4.035,
  lead: -0.616,
};
