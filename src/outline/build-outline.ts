// An outline of a collection: its passages in groups, the groups in groups, each told by its most central passages (RAPTOR, Sarthi et
// al., arXiv:2401.18059, without a language model: what is central is quoted, not summarised).
import type { CallOptions } from '../spec/call.ts';
import { cluster } from './k-means.ts';

/** A group of passages. */
export interface OutlineNode {
  /** 1 is over passages, 2 over the groups of layer 1, and so on. */
  layer: number;
  /** Unit vector. */
  centroid: Float32Array;
  /** Its most central passages, by their vectors' rows, nearest first. */
  central: readonly number[];
}

/** Fewer passages than this need no outline, and a layer has at least so many groups. */
const leastPassages = 16;
const leastGroups = 4;
/** Layers over the passages, at most. */
const mostLayers = 3;
/** Passages that tell of a group. */
const centralPassages = 3;

/** Groups passages by their vectors. @param vectors unit vectors, row-major @returns the groups of all layers */
export async function buildOutline(vectors: Float32Array, dimension: number, options: CallOptions = {}): Promise<OutlineNode[]> {
  const nodes: OutlineNode[] = [];
  const size = vectors.length / dimension;
  if (size < leastPassages) return nodes;
  /** The groups of the layer below that each group has, at first passages, as the rows of passages. */
  let members = Array.from({ length: size }, (_, row) => [row]);
  let below = vectors;
  for (let layer = 1; layer <= mostLayers; layer++) {
    const count = Math.round(Math.sqrt(below.length / dimension));
    if (count < leastGroups) break;
    const { centroids, assigned } = await cluster(below, dimension, count, options);
    const grouped = Array.from({ length: count }, () => [] as number[]);
    for (const [child, group] of assigned.entries()) grouped[group]!.push(...members[child]!);
    for (const [group, rows] of grouped.entries()) {
      if (rows.length === 0) continue;
      const centroid = centroids.slice(group * dimension, (group + 1) * dimension);
      nodes.push({ layer, centroid, central: mostCentral(vectors, dimension, rows, centroid) });
    }
    members = grouped;
    below = centroids;
  }
  return nodes;
}

function mostCentral(vectors: Float32Array, dimension: number, rows: readonly number[], centroid: Float32Array): number[] {
  const nearness = rows.map((row) => {
    let dot = 0;
    for (let d = 0; d < dimension; d++) dot += vectors[row * dimension + d]! * centroid[d]!;
    return { row, dot };
  });
  return nearness
    .sort((a, b) => b.dot - a.dot)
    .slice(0, centralPassages)
    .map(({ row }) => row);
}
