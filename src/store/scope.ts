// Scope: the rows that take part in a search, under positions that count through all segments.
import { countBits } from './mask.ts';
import type { Segment } from './segment.ts';

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
  segments: Iterable<Segment>,
  select?: (segment: Segment) => { mask: Uint16Array; count: number },
): Scope {
  const taken: ScopeSegment[] = [];
  let first = 0;
  let total = 0;
  for (const segment of segments) {
    const visible = segment.visible;
    const { mask, count } = select ? select(segment) : { mask: visible, count: visible ? countBits(visible) : segment.rows };
    if (count > 0) taken.push({ segment, first, mask, count });
    first += segment.rows;
    total += count;
  }
  return { segments: taken, count: total, rows: first };
}

/** Index of the segment that a position lies in; the segment must take part. */
export function segmentAt({ segments }: Scope, position: number): number {
  let low = 0;
  let high = segments.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.first <= position) low = middle;
    else high = middle;
  }
  return low;
}

/** Positions of all rows that take part, ascending. */
export function positionsOf({ segments, count }: Scope): Uint32Array {
  const positions = new Uint32Array(count);
  let at = 0;
  for (const { segment, first, mask } of segments) {
    for (let row = 0; row < segment.rows; row++) {
      if (mask && row % 16 === 0 && mask[row >> 4] === 0) row += 15;
      else if (!mask || (mask[row >> 4]! >> (row & 15)) & 1) positions[at++] = first + row;
    }
  }
  return positions;
}
