// Scan requests: scans that are asked for at the same moment, and which of them are over the same rows.

import { type Candidates, centroidOffset, type PreparedQuery } from '../kernels/kernel.ts';
import type { ScanCodes } from '../search/dense-search.ts';
import type { ScopeSegment } from '../search/scope.ts';
import type { ScanPart } from './scan-part.ts';

export interface ScanRequest {
  scan: Parameters<ScanCodes>;
  resolve: (candidates: Candidates) => void;
  reject: (error: unknown) => void;
}

/** Collects the scans that begin in one task, and hands them on together. */
export function gatherScans(answer: (requests: readonly ScanRequest[]) => void): ScanCodes {
  const waiting: ScanRequest[] = [];
  return (...scan) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ scan, resolve, reject }) === 1) queueMicrotask(() => answer(waiting.splice(0)));
    });
}

/** Requests by the rows that they are over. */
export function groupByRows(requests: readonly ScanRequest[]): ScanRequest[][] {
  const groups: ScanRequest[][] = [];
  for (const request of requests) {
    const group = groups.find(([first]) => overSameRows(first!, request));
    if (group) group.push(request);
    else groups.push([request]);
  }
  return groups;
}

function overSameRows({ scan: [kernel, , , segments] }: ScanRequest, { scan: [other, , , others] }: ScanRequest): boolean {
  if (kernel !== other || segments.length !== others.length) return false;
  return segments.every(({ segment, mask }, index) => segment === others[index]!.segment && mask === others[index]!.mask);
}

/** What the GPU needs of segments. */
export function partsFor(queries: readonly PreparedQuery[], segments: readonly ScopeSegment[]): ScanPart[] {
  return segments.map(({ segment, first, mask }) => ({
    segment,
    first,
    mask,
    offsets: Float64Array.from(queries, (query) => centroidOffset(query, segment.centroid)),
  }));
}
