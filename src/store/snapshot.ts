// Snapshot: the state of a collection that a search sees from its beginning to its end, whatever is committed meanwhile.
import type { Manifest } from './disk/database.ts';
import type { Kernel } from './kernels/kernel.ts';
import type { Segment } from './segment.ts';

/** The rows of a segment as they were. */
export interface SegmentState {
  segment: Segment;
  /** See `Segment`. */
  live: Uint16Array | undefined;
  visible: Uint16Array | undefined;
}

export interface Snapshot {
  manifest: Manifest;
  /** There only where the collection has a space. */
  kernel: Kernel | undefined;
  /** In the order of the manifest; those with a damaged head are missing. */
  segments: readonly SegmentState[];
}

/** Thrown where the collection has changed under a search: bring the view up to date, then search again. */
export class Outdated extends Error {}

/** @throws Outdated where a segment is not in the collection any more, so that its records are missing by right */
export function checkNamed({ segments }: Manifest, segment: Segment): void {
  if (!segments.some(({ id }) => id === segment.id)) throw new Outdated();
}
