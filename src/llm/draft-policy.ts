// How many tokens to draft: as many as promise the most tokens a unit of time, given how often drafts turned out right and what
// checking them costs (speculative decoding, arXiv:2211.17192, section 3). Right or wrong is known of every draft, also of one
// that was not checked, since the token that came can be compared with it.

/** Tokens of a draft, at most. */
export const maxDraft = 10;

/** Drafting must promise this much, since both estimates are uncertain. */
const worthwhile = 1.1;

/** Weight of the newest measurement in a running mean. */
const newest = 0.2;

/** A pass over one more token costs this part of a pass over one, until it is measured. */
const firstCost = 0.4;

/** Measured cost of passes; belongs to a model on a device. */
export interface PassCost {
  /** Tells how long a pass over `tokens` tokens took, in ms. */
  measure(tokens: number, ms: number): void;
  /** Cost of one more token in a pass, as a part of a pass over one token. */
  readonly extra: number;
}

export function createPassCost(): PassCost {
  let single = 0;
  let extra = firstCost;
  return {
    measure(tokens, ms) {
      if (tokens === 1) single += (ms - single) * (single ? newest : 1);
      else if (single) {
        const measured = (ms / single - 1) / (tokens - 1);
        // A pass that was held up by something else says little.
        extra += (Math.min(1, Math.max(0.02, measured)) - extra) * newest;
      }
    },
    get extra() {
      return extra;
    },
  };
}

/** How often drafts were right; belongs to one generation. */
export interface DraftPolicy {
  /** Best length of a draft that comes from a match of `match` tokens; 0 if none is worth it. */
  length(match: number): number;
  /** Tells how many tokens of a draft were compared with what came, the first wrong one included, and how many were right. */
  observe(match: number, compared: number, right: number): void;
}

export function createDraftPolicy(cost: PassCost): DraftPolicy {
  const seen = new Map<number, { compared: number; right: number }>();
  return {
    length(match) {
      const { compared = 0, right = 0 } = seen.get(match) ?? {};
      // Long matches are trusted from the start, short ones about half; each as if seen twice.
      const probability = (right + (2 * match) / (match + 2)) / (compared + 2);
      let best = 0;
      let bestRate = worthwhile;
      let tokens = 1;
      let factor = 1;
      for (let length = 1; length <= maxDraft; length++) {
        factor *= probability;
        tokens += factor;
        const rate = tokens / (1 + length * cost.extra);
        if (rate > bestRate) [best, bestRate] = [length, rate];
      }
      return best;
    },
    observe(match, compared, right) {
      const before = seen.get(match) ?? { compared: 0, right: 0 };
      // What is long ago counts less: an answer may begin in free words and then quote.
      seen.set(match, { compared: before.compared * (1 - newest) + compared, right: before.right * (1 - newest) + right });
    },
  };
}
