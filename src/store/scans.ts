// Scans: what computes scans of codes besides the thread of the store: other threads, a GPU.
import type { CollectionOptions } from './collection-options.ts';
import { GpuPool, type ScanPlan } from './gpu/gpu-pool.ts';
import type { KernelPool } from './kernel-pool.ts';
import type { Query } from './search/query.ts';
import type { Segment } from './segment.ts';
import { ShardPool } from './shards/shard-pool.ts';
import type { View } from './view.ts';

export class Scans {
  readonly shards: ShardPool;
  readonly gpu: GpuPool;

  constructor(view: View, kernels: KernelPool, { shards, gpu = 'auto', memory }: CollectionOptions) {
    this.shards = new ShardPool({ view, options: shards, memory });
    this.gpu = new GpuPool({
      view,
      kernels,
      threads: () => this.shards.count + 1,
      scanCodes: (...scan) => this.shards.scan(...scan),
      use: gpu,
    });
  }

  /** How queries that are asked together are scanned. */
  plan(queries: number): ScanPlan {
    return this.gpu.plan(queries);
  }

  /** Brings all up to the collection, in the background. @param queries that were just asked together */
  arrange(queries: readonly Query[]): void {
    this.shards.arrange();
    this.gpu.arrange(queries.filter(({ mode, exact }) => mode !== 'lexical' && !exact).length);
  }

  /** Drops what is kept of a segment that is gone. */
  forget(segment: Segment): void {
    this.gpu.drop(segment);
  }

  close(): void {
    this.shards.close();
    this.gpu.close();
  }
}
