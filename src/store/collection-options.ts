// How a collection is opened, and what it tells of itself.
import type { AssistantEvent } from '../spec/assistant.ts';
import type { GpuUse } from './gpu/gpu-pool.ts';
import type { ShardOptions } from './shards/shard.ts';

/** What a collection tells of itself. */
export type CollectionEvent = Extract<AssistantEvent, { type: 'storage-in-memory' | 'data-corrupt' }>;

export interface CollectionOptions {
  name: string;
  /** Bytes of vectors and texts kept in memory, besides the codes. */
  memory: number;
  /** Called when another store has changed the collection. */
  onChange?: () => void;
  onEvent?: (event: CollectionEvent) => void;
  shards?: ShardOptions;
  gpu?: GpuUse;
  /** Clock, epoch milliseconds. */
  now: () => number;
}
