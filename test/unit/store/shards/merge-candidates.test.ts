// What several threads find, merged, is what one finds.
import { expect, test } from 'vitest';
import type { Candidates } from '../../../../src/store/kernels/kernel.ts';
import { mergeCandidates } from '../../../../src/store/shards/merge-candidates.ts';
import { createRandom } from '../../../../src/util/random.ts';

interface Row {
  position: number;
  score: number;
}

/** The best of some rows, as a scan gives them. */
function best(rows: readonly Row[], capacity: number): Candidates {
  const taken = rows.toSorted((a, b) => b.score - a.score || a.position - b.position).slice(0, capacity);
  return {
    positions: Uint32Array.from(taken, ({ position }) => position),
    scores: Float64Array.from(taken, ({ score }) => score),
  };
}

test('the best of all, ties by position', () => {
  const random = createRandom(7);
  for (let round = 0; round < 200; round++) {
    const threads = 1 + Math.floor(random() * 4);
    const capacity = 1 + Math.floor(random() * 40);
    const parts: Row[][] = Array.from({ length: threads }, () => []);
    const count = Math.floor(random() * 100);
    // Few scores, so that many are equal.
    for (let position = 0; position < count; position++)
      parts[Math.floor(random() * threads)]!.push({ position, score: Math.floor(random() * 6) / 4 - 0.5 });
    const merged = mergeCandidates(
      parts.map((rows) => best(rows, capacity)),
      capacity,
    );
    expect(merged).toEqual(best(parts.flat(), capacity));
  }
});
