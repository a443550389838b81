// Personalised PageRank by power iteration (Haveliwala, 2002), over a sparse matrix in typed arrays.

/** Edges by the node that they start at: those of node `i` are `offsets[i]` up to `offsets[i + 1]`. */
export interface SparseGraph {
  offsets: Uint32Array;
  targets: Uint32Array;
  /** Weights; those of a node sum to 1. */
  weights: Float64Array;
}

/** Options of {@link pageRank}. */
export interface PageRankOptions {
  /** Probability that a step goes on, 0–1. @default 0.5 */
  damping?: number;
  /** Steps; what they leave out is `damping` to this power. @default 20 */
  iterations?: number;
}

/**
 * Where a random walk is that starts anew by a given distribution. A node without edges keeps its mass.
 * @param reset where it starts, a value for each node, with the sum 1
 * @returns a probability for each node
 */
export function pageRank(
  { offsets, targets, weights }: SparseGraph,
  reset: Float64Array,
  { damping = 0.5, iterations = 20 }: PageRankOptions = {},
): Float64Array {
  let mass = reset.slice();
  for (let step = 0; step < iterations; step++) {
    const next = reset.map((value) => value * (1 - damping));
    for (let node = 0; node < mass.length; node++) {
      const moved = mass[node]! * damping;
      if (moved === 0) continue;
      const [from, to] = [offsets[node]!, offsets[node + 1]!];
      if (from === to) next[node]! += moved;
      for (let edge = from; edge < to; edge++) next[targets[edge]!]! += moved * weights[edge]!;
    }
    mass = next;
  }
  return mass;
}
