// The dot product and the choice of the best rows.
import { expect, test } from 'vitest';
import { dot } from '../../../src/store/kernels/scalar.ts';
import { scan } from '../../../src/store/scan.ts';
import { encodeSegment } from '../../../src/store/segment.ts';
import { createRandom } from '../../../src/util/random.ts';

test('the dot product of any length and offset', () => {
  const random = createRandom(2);
  const vectors = Float32Array.from({ length: 2000 }, () => random() - 0.5);
  for (let length = 0; length < 40; length++) {
    const query = Float32Array.from({ length }, () => random() - 0.5);
    const offset = Math.floor(random() * 1900);
    expect(dot(query, vectors, offset)).toBeCloseTo(
      query.reduce((sum, value, index) => sum + value * vectors[offset + index]!, 0),
      12,
    );
  }
});

test('the best rows are those of a full sort, whatever the order and split into segments', () => {
  const random = createRandom(3);
  for (let round = 0; round < 60; round++) {
    // Few different values make many ties.
    const rows = Array.from({ length: Math.floor(random() * 200) }, (_, index) => ({
      ordinal: Math.floor(index / 7),
      chunk: index % 7,
      start: index,
      end: index + 1,
      score: Math.floor(random() * 5) / 4,
    }));
    const shuffled = rows
      .map((row) => ({ row, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }) => row);
    const cut = Math.floor(random() * rows.length);
    const segments = [shuffled.slice(0, cut), shuffled.slice(cut)].map(
      (part, id) =>
        encodeSegment(id, 1, {
          table: Uint32Array.from(part.flatMap(({ ordinal, chunk, start, end }) => [ordinal, chunk, start, end])),
          vectors: Float32Array.from(part, (row) => row.score),
        }).segment,
    );
    const k = 1 + Math.floor(random() * 50);
    const allowed = (ordinal: number) => round % 2 === 0 || ordinal % 3 !== 1;
    const expected = rows
      .filter((row) => allowed(row.ordinal))
      .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal || a.chunk - b.chunk)
      .slice(0, k);
    expect(scan(segments, new Float32Array([1]), k, allowed)).toEqual(expected);
  }
});
