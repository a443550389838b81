// Scans the codes of segments, wherever they are: the shards scan theirs while this thread scans its own.
import { epochNow } from '../../util/epoch-clock.ts';
import { type Candidates, centroidOffset, type Kernel, type PreparedQuery } from '../kernels/kernel.ts';
import type { ScopeSegment } from '../scope.ts';
import { Outdated } from '../snapshot.ts';
import { mergeCandidates } from './merge-candidates.ts';
import type { Shard, ShardPart } from './shard.ts';

/** A filter that leaves less than this share of the rows makes a scan faster, in a way that cannot be told. */
const wholeShare = 0.9;

/** How long a scan of all rows took. */
export interface ScanTiming {
  /** From the beginning to the end of the last thread. */
  milliseconds: number;
  rows: number;
  /** Threads at work. */
  threads: number;
}

/**
 * The best rows by their codes. This thread's part is done before the call returns.
 * @param capacity how many
 * @param onTimed told of a scan of all rows, or nearly all
 * @throws Outdated where codes are lost with a shard: read them again, then search again
 */
export async function scanCodes(
  kernel: Kernel,
  query: PreparedQuery,
  capacity: number,
  segments: readonly ScopeSegment[],
  onTimed?: (timing: ScanTiming) => void,
): Promise<Candidates> {
  const started = epochNow();
  const { parts, own } = divide(query, segments);
  const running = Promise.all([...parts].map(([shard, assigned]) => shard.scan(query, capacity, assigned)));
  // Handled below, unless this thread's own part fails.
  running.catch(() => {});

  kernel.begin(query, capacity);
  for (const { codes, rows, offset, first, mask } of own) kernel.scanCodes(codes.codes, codes.factors, rows, offset, first, mask);
  const found = kernel.finish();
  const ended = epochNow();

  const others = await running.catch((cause: unknown) => {
    throw new Outdated('A shard has ended.', { cause });
  });
  const last = others.reduce((latest, other) => Math.max(latest, other.ended), ended);
  const rows = segments.reduce((sum, { segment }) => sum + segment.rows, 0);
  const wanted = segments.reduce((sum, { count }) => sum + count, 0);
  if (wanted >= rows * wholeShare) onTimed?.({ milliseconds: last - started, rows, threads: 1 + others.length });
  return others.length === 0 ? found : mergeCandidates([found, ...others], capacity);
}

/** What each shard has to scan, and what is left for this thread. */
function divide(query: PreparedQuery, segments: readonly ScopeSegment[]) {
  const parts = new Map<Shard, ShardPart[]>();
  const own = [];
  for (const { segment, first, mask } of segments) {
    const { codes, centroid, rows } = segment;
    if (!codes) throw new Outdated('The codes of a segment are lost.');
    const offset = centroidOffset(query, centroid);
    if (!codes.shard) {
      own.push({ codes, rows, offset, first, mask });
      continue;
    }
    const part = { id: codes.id, first, offset, mask };
    const assigned = parts.get(codes.shard);
    if (assigned) assigned.push(part);
    else parts.set(codes.shard, [part]);
  }
  return { parts, own };
}
