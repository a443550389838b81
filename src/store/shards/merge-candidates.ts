// Merges what several threads have found into what one would have found.
import type { Candidates } from '../kernels/kernel.ts';

/** The best `capacity` rows of all; equal scores in order of position. Each part must be in that order. */
export function mergeCandidates(parts: readonly Candidates[], capacity: number): Candidates {
  const total = parts.reduce((sum, { positions }) => sum + positions.length, 0);
  const count = Math.min(total, capacity);
  const merged = { positions: new Uint32Array(count), scores: new Float64Array(count) };
  const at = new Uint32Array(parts.length);
  for (let place = 0; place < count; place++) {
    let best = -1;
    let score = 0;
    let position = 0;
    for (let index = 0; index < parts.length; index++) {
      const { positions, scores } = parts[index]!;
      const next = at[index]!;
      if (next === positions.length) continue;
      if (best >= 0 && (scores[next]! < score || (scores[next] === score && positions[next]! > position))) continue;
      best = index;
      score = scores[next]!;
      position = positions[next]!;
    }
    merged.positions[place] = position;
    merged.scores[place] = score;
    at[best]!++;
  }
  return merged;
}
