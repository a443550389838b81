// The rows that take part in a search, and which passage each of them is.
import { expect, test } from 'vitest';
import { allRows, countBits } from '../../../src/store/mask.ts';
import { comparePassages, createScope, passageAt, positionsOf, segmentAt } from '../../../src/store/search/scope.ts';
import type { Segment } from '../../../src/store/segment.ts';
import type { SegmentState } from '../../../src/store/snapshot.ts';
import { createRandom } from '../../../src/util/random.ts';

/** Segments with runs of a few passages; an ordinal may be in several of them. */
function randomStates(random: () => number): SegmentState[] {
  return Array.from({ length: Math.floor(random() * 5) }, () => {
    const starts = [0];
    const ordinals: number[] = [];
    const chunks: number[] = [];
    for (let ordinal = Math.floor(random() * 5); ordinals.length < 1 + random() * 6; ordinal += 1 + Math.floor(random() * 5)) {
      ordinals.push(ordinal);
      chunks.push(Math.floor(random() * 40));
      starts.push(starts.at(-1)! + 1 + Math.floor(random() * 12));
    }
    const rows = starts.at(-1)!;
    const runs = { ordinals: Uint32Array.from(ordinals), starts: Uint32Array.from(starts), chunks: Uint32Array.from(chunks) };
    const runOf = (row: number) => starts.findLastIndex((start) => start <= row);
    const visible = random() < 0.4 ? undefined : allRows(rows).map((word) => word & (random() < 0.3 ? 0 : random() * 65_536));
    return { segment: { rows, runs, runOf } as unknown as Segment, live: undefined, visible };
  });
}

test('rows, their positions and passages', () => {
  const random = createRandom(4);
  for (let round = 0; round < 300; round++) {
    const states = randomStates(random);
    const select =
      random() < 0.3
        ? ({ segment }: SegmentState) => {
            const mask = allRows(segment.rows).map((word) => word & (random() < 0.3 ? 0 : 0x5555));
            return { mask, count: countBits(mask) };
          }
        : undefined;
    const scope = createScope(states, select);
    const masks = new Map(scope.segments.map(({ segment, mask }) => [segment, mask]));
    const wanted: { position: number; segment: Segment; row: number; ordinal: number; chunk: number }[] = [];
    let first = 0;
    for (const { segment } of states) {
      const { ordinals, starts, chunks } = segment.runs;
      const taken = masks.has(segment);
      const mask = masks.get(segment);
      for (let row = 0; row < segment.rows; row++) {
        const run = segment.runOf(row);
        if (taken && (!mask || (mask[row >> 4]! >> (row & 15)) & 1))
          wanted.push({ position: first + row, segment, row, ordinal: ordinals[run]!, chunk: chunks[run]! + row - starts[run]! });
      }
      first += segment.rows;
    }
    expect(scope).toMatchObject({ count: wanted.length, rows: first });
    expect([...positionsOf(scope)]).toEqual(wanted.map(({ position }) => position));
    for (const { position, ...passage } of wanted) {
      expect(passageAt(scope, position)).toEqual(passage);
      expect(scope.segments[segmentAt(scope, position)]!.segment).toBe(passage.segment);
      const other = wanted[Math.floor(random() * wanted.length)]!;
      const order = passage.ordinal - other.ordinal || passage.chunk - other.chunk;
      // Rows of one segment are in that order already.
      expect(Math.sign(comparePassages(scope, position, other.position))).toBe(
        passage.segment === other.segment ? Math.sign(position - other.position) : Math.sign(order),
      );
    }
    if (!select) for (const { segment, visible } of states) if (masks.has(segment)) expect(masks.get(segment)).toBe(visible);
  }
});
