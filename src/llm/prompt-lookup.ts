// Prompt lookup decoding: what followed the last tokens where they stood before is likely to follow again (A. Saxena, "Prompt
// Lookup Decoding", 2023; the idea of REST, arXiv:2311.08252, with the prompt as the datastore).

/** What is proposed. */
export interface Draft {
  tokens: readonly number[];
  /** Length of the match it comes from, in tokens. */
  match: number;
}

/** Shorter matches are chance; longer ones are not told apart. */
const matchLength = { min: 2, max: 12 };

/**
 * Finds the longest match of the end of `tokens` within them, the latest one if there are several.
 * @param limit length of the draft, at most
 * @returns undefined where there is none
 */
export function lookUp(tokens: readonly number[], limit: number): Draft | undefined {
  const last = tokens.length - 1;
  let best = { at: -1, match: matchLength.min - 1 };
  for (let at = last - 1; at >= matchLength.min - 1 && best.match < matchLength.max; at--) {
    let match = 0;
    while (match < matchLength.max && match <= at && tokens[at - match] === tokens[last - match]) match++;
    if (match > best.match) best = { at, match };
  }
  if (best.at < 0 || limit < 1) return undefined;
  return { tokens: tokens.slice(best.at + 1, best.at + 1 + limit), match: best.match };
}
