// Measures scans by the GPU: how long they take, and whether they are right.
import { nextTask } from '../../util/async.ts';
import { createRandom } from '../../util/random.ts';
import type { Candidates, Kernel, PreparedQuery } from '../kernels/kernel.ts';
import type { ScanCodes } from '../search/dense-search.ts';
import type { Scope } from '../search/scope.ts';
import type { GpuScan } from './gpu-scan.ts';
import { partsFor } from './scan-request.ts';

/** Queries of the larger of the two batches that are timed. */
const batch = 32;
/** Runs of each; the first warms up, the best of the others counts: whatever else goes on makes some slower. */
const runs = 5;
/** Rows wanted, as by a usual search, or fewer of few rows. */
const usualCapacity = 200;
const rowsForOne = 256;

/** Time of a scan as a line: a fixed part, and one for each query. */
export interface GpuSpeed {
  fixedMilliseconds: number;
  millisecondsPerQuery: number;
  /** Rows that were scanned. */
  rows: number;
}

/** Milliseconds of a scan for some queries. */
export function scanTime({ fixedMilliseconds, millisecondsPerQuery }: GpuSpeed, queries: number): number {
  return fixedMilliseconds + queries * millisecondsPerQuery;
}

/**
 * @param scanCodes what the results are compared with
 * @returns undefined where the GPU gives no results, or others
 */
export async function measureGpu(
  gpu: GpuScan,
  scanCodes: ScanCodes,
  kernel: Kernel,
  { segments, rows }: Scope,
): Promise<GpuSpeed | undefined> {
  const random = createRandom(1);
  const queries = Array.from({ length: batch }, () =>
    kernel.prepare(Float32Array.from({ length: kernel.dimension }, () => random() - 0.5)),
  );
  const capacity = Math.max(1, Math.min(usualCapacity, Math.floor(rows / rowsForOne)));
  const time = async (taken: readonly PreparedQuery[]) => {
    let best = Number.POSITIVE_INFINITY;
    let found: (Candidates | undefined)[] = [];
    for (let run = 0; run < runs; run++) {
      const started = performance.now();
      found = await gpu.scan(taken, capacity, partsFor(taken, segments));
      if (run > 0) best = Math.min(best, performance.now() - started);
      await nextTask();
    }
    return { best, found };
  };
  const one = await time(queries.slice(0, 1));
  const all = await time(queries);
  for (const index of [0, batch - 1]) {
    await nextTask();
    if (!equal(all.found[index], await scanCodes(kernel, queries[index]!, capacity, segments))) return undefined;
  }
  const millisecondsPerQuery = Math.max(0, (all.best - one.best) / (batch - 1));
  return { fixedMilliseconds: Math.max(0, one.best - millisecondsPerQuery), millisecondsPerQuery, rows };
}

function equal(found: Candidates | undefined, right: Candidates): boolean {
  return (
    found?.positions.length === right.positions.length &&
    right.positions.every((position, index) => position === found.positions[index] && right.scores[index] === found.scores[index])
  );
}
