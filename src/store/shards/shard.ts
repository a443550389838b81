// Shard: another thread that holds the codes of some segments and scans them.
import type { CodeBytes, LocalCodes } from '../codes.ts';
import type { Candidates, PreparedQuery } from '../kernels/kernel.ts';

/** Codes to scan in a shard; see `Kernel.scanCodes`. */
export interface ShardPart {
  /** The number that the codes were put under. */
  id: number;
  /** Position of the first row. */
  first: number;
  offset: number;
  mask?: Uint16Array;
}

/** Calls reject where the shard has ended, or is out of memory. What is posted first is done first. */
export interface Shard {
  /** Takes codes in; their buffers are moved. Gives the bytes of memory that the shard takes. */
  put(id: number, rows: number, bytes: CodeBytes): Promise<number>;
  /** A copy of what was put. */
  read(id: number): Promise<CodeBytes>;
  drop(ids: readonly number[]): Promise<void>;
  /** The best rows of some segments. @param parts by ascending position */
  scan(query: PreparedQuery, capacity: number, parts: readonly ShardPart[]): Promise<Candidates>;
  /** Ends the thread; running calls reject. */
  end(): void;
}

/** The codes of a segment that are in a shard, under a number of their own. */
export interface ShardCodes {
  readonly shard: Shard;
  readonly id: number;
  free(): void;
}

/** The codes of a segment, wherever they are. */
export type Codes = LocalCodes | ShardCodes;

/**
 * Starts a shard for vectors of one dimension.
 * @param onDeath called when it ends by itself
 */
export type StartShard = (dimension: number, onDeath: () => void) => Promise<Shard>;

/** How a store may use more threads. */
export interface ShardOptions {
  start: StartShard;
  /** @default those of the device */
  cores?: number;
  /** Rows from which on the scan is divided. @default 200_000 */
  rows?: number;
  /** Scans before and after by which it is judged whether the threads pay; 0: they are kept in any case. @default 9 */
  trial?: number;
}
