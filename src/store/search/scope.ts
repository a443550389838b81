// Scope: the rows that take part in a search, under positions that count through all segments.
import { lastFitting } from '../../util/search.ts';
import { countBits, hasRow } from '../mask.ts';
import type { Segment } from '../segment.ts';
import type { SegmentState } from '../snapshot.ts';

/** A segment in a scope. */
export interface ScopeSegment {
  segment: Segment;
  /** Position of its first row. */
  first: number;
  /** Rows that take part; undefined: all. */
  mask: Uint16Array | undefined;
  /** Number of rows that take part. */
  count: number;
}

/** The rows that take part in a search. */
export interface Scope {
  /** Those with rows that take part. */
  segments: readonly ScopeSegment[];
  /** Number of rows that take part. */
  count: number;
  /** Number of rows of all segments. */
  rows: number;
}

/** The scope of all visible rows, or of those that `select` leaves. */
export function createScope(
  segments: Iterable<SegmentState>,
  select?: (state: SegmentState) => { mask: Uint16Array; count: number },
): Scope {
  const taken: ScopeSegment[] = [];
  let first = 0;
  let total = 0;
  for (const state of segments) {
    const { segment, visible } = state;
    const { mask, count } = select ? select(state) : { mask: visible, count: visible ? countBits(visible) : segment.rows };
    if (count > 0) taken.push({ segment, first, mask, count });
    first += segment.rows;
    total += count;
  }
  return { segments: taken, count: total, rows: first };
}

/** Index of the segment that a position lies in; the segment must take part. */
export function segmentAt({ segments }: Scope, position: number): number {
  return lastFitting(segments.length, (index) => segments[index]!.first <= position);
}

/** The passage at a position. */
export interface Passage {
  segment: Segment;
  /** Row in the segment. */
  row: number;
  /** Of the document. */
  ordinal: number;
  /** Number of the passage in the document. */
  chunk: number;
}

/** Which passage lies at a position. */
export function passageAt(scope: Scope, position: number): Passage {
  const { segment, first } = scope.segments[segmentAt(scope, position)]!;
  const { ordinals, chunks, starts } = segment.runs;
  const row = position - first;
  const run = segment.runOf(row);
  return { segment, row, ordinal: ordinals[run]!, chunk: chunks[run]! + row - starts[run]! };
}

/** The order of rows with equal scores: by document and passage, which does not depend on where compaction has put them. */
export function comparePassages(scope: Scope, a: number, b: number): number {
  if (segmentAt(scope, a) === segmentAt(scope, b)) return a - b;
  const [first, second] = [passageAt(scope, a), passageAt(scope, b)];
  return first.ordinal - second.ordinal || first.chunk - second.chunk;
}

/** Positions of all rows that take part, ascending. */
export function positionsOf({ segments, count }: Scope): Uint32Array {
  const positions = new Uint32Array(count);
  let at = 0;
  for (const { segment, first, mask } of segments) {
    for (let row = 0; row < segment.rows; row++) {
      if (mask && row % 16 === 0 && mask[row >> 4] === 0) row += 15;
      else if (hasRow(mask, row)) positions[at++] = first + row;
    }
  }
  return positions;
}
