// A low-rank correction of questions' vectors: q′ = normalize(q + U·Vᵀ·q). Passages stay as they are, so nothing is embedded anew
// (the residual adapters of Houlsby et al., arXiv:1902.00751, in the form of LoRA, arXiv:2106.09685).

/** A correction. `up` and `down` are row-major, dimension × rank. */
export interface Adapter {
  dimension: number;
  rank: number;
  /** U; zero changes nothing. */
  up: Float32Array;
  /** V */
  down: Float32Array;
}

/** Corrects vectors in place. @param vectors unit vectors, row-major @returns the same */
export function applyAdapter({ dimension, rank, up, down }: Adapter, vectors: Float32Array): Float32Array {
  const inner = new Float32Array(rank);
  for (let at = 0; at < vectors.length; at += dimension) {
    const row = vectors.subarray(at, at + dimension);
    inner.fill(0);
    for (let d = 0; d < dimension; d++) for (let r = 0; r < rank; r++) inner[r]! += row[d]! * down[d * rank + r]!;
    let squares = 0;
    for (let d = 0; d < dimension; d++) {
      let value = row[d]!;
      for (let r = 0; r < rank; r++) value += up[d * rank + r]! * inner[r]!;
      row[d] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares) || 1;
    for (let d = 0; d < dimension; d++) row[d]! /= length;
  }
  return vectors;
}
