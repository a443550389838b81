// Communities of a passage graph: passages that share names more than chance would have it (GraphRAG, Edge et al., arXiv:2404.16130;
// Louvain, Blondel et al., 2008). A community is told by its names and its most central passages, not by a model's summary.
import louvain from 'graphology-communities-louvain';
import { createRandom } from '../util/random.ts';
import { isPassageNode, type PassageGraph } from './passage-graph.ts';

/** Passages that belong together. */
export interface Community {
  /** Ids of its passages, the most central ones first. */
  passages: readonly string[];
  /** The names that most of its passages have. */
  names: readonly string[];
}

/** Names that tell of a community. */
const mostNames = 8;

/** Communities of several passages, the largest first; the same graph gives the same ones. @param seed of the order of visits */
export function findCommunities(graph: PassageGraph, seed = 1): Community[] {
  const { nodes } = graph;
  if (nodes.size === 0) return [];
  // A name that one passage has alone would bind it more than any other.
  const rarity = (name: string) => (nodes.degree(name) > 1 ? 1 / nodes.degree(name) : 0);
  const groups = louvain(nodes, {
    rng: createRandom(seed),
    getEdgeWeight: (_edge, _attributes, source, target) => rarity(isPassageNode(source) ? target : source),
  });
  const members = new Map<number, string[]>();
  for (const [node, number] of Object.entries(groups)) {
    const group = members.get(number) ?? [];
    group.push(node);
    members.set(number, group);
  }
  return [...members.values()]
    .map((group) => describe(graph, group))
    .filter(({ passages }) => passages.length > 1)
    .sort((a, b) => b.passages.length - a.passages.length);
}

/** A passage is central by the names that it shares within the community, a name by the passages that have it there. */
function describe({ nodes }: PassageGraph, group: readonly string[]): Community {
  const inside = new Set(group);
  const within = new Map(group.map((node) => [node, nodes.neighbors(node).filter((other) => inside.has(other))]));
  const centrality = (node: string) =>
    isPassageNode(node)
      ? within.get(node)!.reduce((sum, name) => sum + Math.log(within.get(name)!.length), 0)
      : within.get(node)!.length;
  const ranked = group.map((node) => ({ node, by: centrality(node) })).sort((a, b) => b.by - a.by);
  const ids = (passages: boolean) =>
    ranked.filter(({ node }) => isPassageNode(node) === passages).map(({ node }) => node.slice(1));
  return { passages: ids(true), names: ids(false).slice(0, mostNames) };
}
