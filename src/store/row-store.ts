// Row store: the rows of segments, from a cache with a budget in bytes, else from disk.
import { LruCache } from '../util/lru.ts';
import type { Reads } from './disk/database.ts';
import { blockRows, countRowBlocks, openRowBlock } from './disk/row-blocks.ts';
import type { Segment } from './segment.ts';

/** Names a block of rows. */
export interface RowBlock {
  segment: Segment;
  block: number;
}

export class RowStore {
  readonly #cache: LruCache<number, Int8Array>;

  /** @param budget bytes */
  constructor(budget: number) {
    this.#cache = new LruCache(budget, (rows) => rows.length);
  }

  /** Bytes in the cache. */
  get bytes(): number {
    return this.#cache.size;
  }

  get budget(): number {
    return this.#cache.budget;
  }

  /** The blocks of these that are not in the cache, and the rows of those that are. */
  peek(blocks: readonly RowBlock[]): { rows: Map<number, Int8Array>; missing: RowBlock[] } {
    const rows = new Map<number, Int8Array>();
    const missing: RowBlock[] = [];
    for (const wanted of blocks) {
      const key = keyOf(wanted);
      const found = this.#cache.get(key);
      if (found) rows.set(key, found);
      else missing.push(wanted);
    }
    return { rows, missing };
  }

  /** Reads blocks into `rows`; gives those that are damaged or gone. */
  async read(tables: Reads, missing: readonly RowBlock[], rows: Map<number, Int8Array>): Promise<RowBlock[]> {
    const buffers = await Promise.all(missing.map(({ segment, block }) => tables.get('rows', [segment.id, block])));
    return missing.filter((wanted, index) => {
      const opened = openRowBlock(buffers[index], wanted.segment.id, wanted.block);
      if (!opened) return true;
      rows.set(keyOf(wanted), opened);
      this.#cache.set(keyOf(wanted), opened);
      return false;
    });
  }

  /** Forgets a segment. */
  drop(segment: Segment): void {
    for (let block = countRowBlocks(segment.rows, segment.dimension) - 1; block >= 0; block--)
      this.#cache.delete(keyOf({ segment, block }));
  }

  has(wanted: RowBlock): boolean {
    return this.#cache.has(keyOf(wanted));
  }

  clear(): void {
    this.#cache.clear();
  }
}

/** Key of a block among the rows that were read. */
export function keyOf({ segment, block }: RowBlock): number {
  return segment.id * 8192 + block;
}

/** Range of the rows of a block. */
export function rowsOfBlock(segment: Segment, block: number): { from: number; to: number } {
  const size = blockRows(segment.dimension);
  return { from: block * size, to: Math.min(segment.rows, (block + 1) * size) };
}
