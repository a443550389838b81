// Chooses values for all arguments together: the most probable ones of which no two stand at the same place of the request.
import type { Candidate } from './candidate.ts';
import { overlap } from './mention.ts';

/** Partial assignments that are kept while one argument after the other is decided. */
const beam = 24;
/** Candidates of an argument that are looked at. */
const most = 8;
/** What it costs that two arguments share a place, as a logarithm. */
const sharing = 3.5;

interface Partial {
  chosen: readonly (Candidate | undefined)[];
  score: number;
}

/**
 * One candidate an argument, in the order of the arguments; undefined where there is none.
 * @param lists candidates by argument, best first
 */
export function assign(lists: readonly (readonly Candidate[])[]): (Candidate | undefined)[] {
  // Arguments that are surest first.
  const order = [...lists.keys()].sort((a, b) => (lists[b]![0]?.probability ?? 0) - (lists[a]![0]?.probability ?? 0));
  let partials: Partial[] = [{ chosen: lists.map(() => undefined), score: 0 }];
  for (const at of order) {
    const list = lists[at]!.slice(0, most);
    if (list.length === 0) continue;
    partials = partials
      .flatMap(({ chosen, score }) => list.map((one) => ({ chosen: chosen.with(at, one), score: score + worth(one, chosen) })))
      .sort((a, b) => b.score - a.score)
      .slice(0, beam);
  }
  return [...partials[0]!.chosen];
}

function worth(one: Candidate, chosen: readonly (Candidate | undefined)[]): number {
  const { mention } = one;
  const shared = mention ? chosen.filter((other) => other?.mention && overlap(other.mention, mention)).length : 0;
  return Math.log(Math.max(one.probability, 1e-9)) - sharing * shared;
}
