// From a question and the passages found for it to passages that a random walk over the graph reaches.
import { pageRank } from './page-rank.ts';
import { nameNode, type PassageGraph, passageNode } from './passage-graph.ts';

/** A passage with its score. */
export interface Scored {
  id: string;
  score: number;
}

/** Options of {@link walk}. */
export interface WalkOptions {
  /** Share of the walk that starts at names, 0–1. */
  entityShare: number;
  /** Probability that a step goes on, 0–1. */
  damping: number;
}

/** Share of the passages' part that the best one has to itself, so that questions that one passage answers lose nothing. */
const bestShare = 0.4;

/**
 * Passages by personalised PageRank, best first; the best score is 1. Names start the walk by their rarity, passages by their
 * scores; the two parts are made equal to their shares first, as one of them would else swamp the other.
 * @param found passages for the question, best first
 * @param names of the question, in the graph
 */
export function walk(graph: PassageGraph, found: readonly Scored[], names: readonly string[], options: WalkOptions): Scored[] {
  const { passages, numbers, ...matrix } = graph.indexed();
  const reset = new Float64Array(numbers.size);
  const told = names.filter((name) => numbers.has(nameNode(name)));
  const known = found.filter(({ id }) => numbers.has(passageNode(id)));
  if (known.length + told.length === 0) return [];
  const entityShare = known.length === 0 ? 1 : told.length === 0 ? 0 : options.entityShare;
  const put = (nodes: readonly string[], weights: readonly number[], mass: number) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [i, node] of nodes.entries()) reset[numbers.get(node)!]! += (mass * weights[i]!) / sum;
  };
  put(
    told.map(nameNode),
    told.map((name) => 1 / graph.frequency(name)),
    entityShare,
  );
  if (known.length > 0) {
    const nodes = known.map(({ id }) => passageNode(id));
    const worst = known.at(-1)!.score;
    // One passage, or passages that are all as good, start alike.
    const level = known[0]!.score > worst ? 0 : 1;
    const weights = known.map(({ score }) => score - worst + level);
    put(nodes, weights, (1 - entityShare) * (1 - bestShare));
    put(nodes.slice(0, 1), [1], (1 - entityShare) * bestShare);
  }
  const mass = pageRank(matrix, reset, options);
  return ranked(passages.map((id, i) => ({ id, score: mass[i]! })));
}

/** Those with a score, best first, the best being 1. */
export function ranked(scores: readonly Scored[]): Scored[] {
  const sorted = scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  const best = sorted[0]?.score ?? 1;
  return sorted.map(({ id, score }) => ({ id, score: score / best }));
}
