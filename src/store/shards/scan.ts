// Scans the codes of segments, wherever they are: the shards scan theirs while this thread scans its own.
import { type Candidates, centroidOffset, type Kernel, type PreparedQuery } from '../kernels/kernel.ts';
import { Outdated } from '../snapshot.ts';
import { mergeCandidates } from './merge-candidates.ts';
import type { Codes, Shard, ShardPart } from './shard.ts';

/** Rows of a segment that take part in a scan, as a scope has them. */
export interface CodedRows {
  segment: { readonly rows: number; readonly centroid: Float32Array; readonly codes: Codes | undefined };
  /** Position of the first row. */
  first: number;
  mask?: Uint16Array | undefined;
}

/**
 * The best rows by their codes. This thread's part is done before the call returns.
 * @param capacity how many
 * @throws Outdated where codes are lost with a shard: read them again, then search again
 */
export async function scanCodes(
  kernel: Kernel,
  query: PreparedQuery,
  capacity: number,
  segments: readonly CodedRows[],
): Promise<Candidates> {
  const { parts, own } = divide(query, segments);
  const running = Promise.all([...parts].map(([shard, assigned]) => shard.scan(query, capacity, assigned)));
  // Handled below, unless this thread's own part fails.
  running.catch(() => {});

  kernel.begin(query, capacity);
  for (const { codes, rows, offset, first, mask } of own) kernel.scanCodes(codes.codes, codes.factors, rows, offset, first, mask);
  const found = kernel.finish();

  const others = await running.catch((cause: unknown) => {
    throw new Outdated('A shard has ended.', { cause });
  });
  return others.length === 0 ? found : mergeCandidates([found, ...others], capacity);
}

/** What each shard has to scan, and what is left for this thread. */
function divide(query: PreparedQuery, segments: readonly CodedRows[]) {
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
