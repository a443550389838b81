// Size and state of a collection.
import type { StoreStats } from '../spec/store.ts';
import { formatVersion, type SegmentEntry } from './disk/database.ts';
import type { KernelPool } from './kernel-pool.ts';
import type { Scans } from './scans.ts';
import type { Searcher } from './search/searcher.ts';
import type { View } from './view.ts';

/** What is asked. */
export interface StatsSources {
  name: string;
  persistent: boolean;
  view: View;
  searcher: Searcher;
  kernels: KernelPool;
  scans: Scans;
}

export function collectionStats({ name, persistent, view, searcher, kernels, scans }: StatsSources): StoreStats {
  const { space, segments, epoch, documents, units, origins = {} } = view.manifest;
  const sum = (of: (entry: SegmentEntry) => number) => segments.reduce((total, entry) => total + of(entry), 0);
  const { current } = kernels;
  const { shards, gpu } = scans;
  return {
    name,
    documents,
    chunks: sum(({ rows, deleted }) => rows - deleted),
    deleted: sum(({ deleted }) => deleted),
    bytes: { vectors: sum(({ bytes }) => bytes.vectors), lexical: sum(({ bytes }) => bytes.lexical), text: units },
    memory: {
      codes: (view.kernel?.memory ?? 0) + shards.memory,
      vectors: searcher.rows.bytes,
      text: searcher.content.bytes,
    },
    persistent,
    space,
    formatVersion,
    segments: segments.length,
    epoch,
    origins: Object.keys(origins),
    kernel: current && {
      name: current.name,
      nanoseconds: kernels.nanoseconds,
      shards: shards.count,
      unsharded: shards.reason,
      gpu: gpu.report,
    },
  };
}
