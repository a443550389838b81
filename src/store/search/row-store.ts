// Row store: the rows of segments, from memory while a budget in bytes allows it, else from disk.
import type { Reads } from '../disk/database.ts';
import { blockRows, countRowBlocks, openRowBlock } from '../disk/row-blocks.ts';
import type { Segment } from '../segment.ts';

/** Names a block of rows. */
export interface RowBlock {
  segment: Segment;
  block: number;
}

/** Blocks of a segment by number; those that are not in memory are missing. */
interface Kept {
  rows: (Int8Array | undefined)[];
  /** Whether a block was used since it was last thought of dropping it. */
  used: Uint8Array;
}

/** Blocks that were read for one query, which keeps them whatever the budget drops. */
export type ReadBlocks = Map<number, Int8Array>;

export class RowStore {
  readonly #budget: number;
  readonly #kept = new Map<Segment, Kept>();
  /** Blocks in the order in which they came: the oldest that was not used since goes first ("second chance"). */
  #queue: RowBlock[] = [];
  #bytes = 0;

  /** @param budget bytes */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether so many bytes more would stay. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#budget;
  }

  /** The rows of a block, if they are in memory. */
  get(segment: Segment, block: number): Int8Array | undefined {
    const kept = this.#kept.get(segment);
    const rows = kept?.rows[block];
    if (rows) kept!.used[block] = 1;
    return rows;
  }

  /** Reads blocks into `into`; gives those that are damaged or gone. */
  async read(tables: Reads, missing: readonly RowBlock[], into: ReadBlocks): Promise<RowBlock[]> {
    const buffers = await Promise.all(missing.map(({ segment, block }) => tables.get('rows', [segment.id, block])));
    return missing.filter((wanted, index) => {
      const opened = openRowBlock(buffers[index], wanted.segment.id, wanted.block);
      if (!opened) return true;
      into.set(keyOf(wanted), opened);
      this.#keep(wanted, opened);
      return false;
    });
  }

  /** Forgets a segment. */
  drop(segment: Segment): void {
    for (const rows of this.#kept.get(segment)?.rows ?? []) this.#bytes -= rows?.length ?? 0;
    this.#kept.delete(segment);
    this.#queue = this.#queue.filter((entry) => entry.segment !== segment);
  }

  clear(): void {
    this.#kept.clear();
    this.#queue = [];
    this.#bytes = 0;
  }

  #keep(wanted: RowBlock, rows: Int8Array): void {
    const { segment, block } = wanted;
    const kept = this.#kept.get(segment) ?? { rows: [], used: new Uint8Array(countRowBlocks(segment.rows, segment.dimension)) };
    if (kept.rows[block] || rows.length > this.#budget) return;
    this.#kept.set(segment, kept);
    kept.rows[block] = rows;
    this.#bytes += rows.length;
    this.#queue.push(wanted);
    while (this.#bytes > this.#budget) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#queue.shift()!;
    const kept = this.#kept.get(oldest.segment)!;
    if (kept.used[oldest.block]) {
      kept.used[oldest.block] = 0;
      this.#queue.push(oldest);
    } else {
      this.#bytes -= kept.rows[oldest.block]!.length;
      kept.rows[oldest.block] = undefined;
    }
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
