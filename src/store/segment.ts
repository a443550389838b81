// Segment: rows that a search scans.
import { lastFitting } from '../util/search.ts';
import { codesOfHead, openCodes } from './codes.ts';
import type { SegmentEntry } from './disk/database.ts';
import { decodeRowTable, type Runs } from './disk/row-table.ts';
import type { SegmentHead } from './disk/segment-head.ts';
import type { Kernel } from './kernels/kernel.ts';
import { allRows, maskWords, setBits } from './mask.ts';
import type { Codes } from './shards/shard.ts';

/** A segment in memory. What it says of rows never changes, but for those that are deleted. */
export class Segment {
  /** As the manifest has it now. */
  entry: SegmentEntry;
  readonly centroid: Float32Array;
  readonly scales: Uint16Array;
  readonly runs: Runs;
  /** Start and end of each passage in turn. */
  readonly spans: () => Uint32Array;
  /** In the kernel's memory at first; undefined where they are lost with a shard. */
  codes: Codes | undefined;
  #live: Uint16Array | undefined;
  #lost: Uint16Array | undefined;
  #visible: Uint16Array | undefined;

  constructor(entry: SegmentEntry, head: SegmentHead, kernel: Kernel) {
    this.entry = entry;
    this.centroid = head.centroid.slice();
    this.scales = head.scales.slice();
    const { runs, spans } = decodeRowTable(head.table.slice());
    this.runs = runs;
    this.spans = spans;
    this.codes = openCodes(kernel, codesOfHead(head));
  }

  get id(): number {
    return this.entry.id;
  }

  get dimension(): number {
    return this.centroid.length;
  }

  /** Number of rows, deleted ones included. */
  get rows(): number {
    return this.entry.rows;
  }

  /** One bit a row that is not deleted, 16 rows a word; undefined while none is. */
  get live(): Uint16Array | undefined {
    return this.#live;
  }

  /** Rows that are neither deleted nor lost. */
  get visible(): Uint16Array | undefined {
    return this.#visible;
  }

  /** Whether rows that are not deleted are lost with a damaged record. */
  get damaged(): boolean {
    return this.#lost?.some((word, index) => (word & (this.#live?.[index] ?? 0xffff)) !== 0) ?? false;
  }

  /** Takes note of deleted rows. */
  setLive(entry: SegmentEntry, live: Uint16Array | undefined): void {
    this.entry = entry;
    this.#live = live;
    this.#update();
  }

  /** Takes note of rows that cannot be read, from `from` to before `to`. */
  lose(from: number, to: number): void {
    this.#lost ??= new Uint16Array(maskWords(this.rows));
    setBits(this.#lost, from, to);
    this.#update();
  }

  /** The document that a row is of, as the index of its run. */
  runOf(row: number): number {
    const { starts } = this.runs;
    return lastFitting(starts.length - 1, (run) => starts[run]! <= row);
  }

  /** Gives the memory of the codes back. */
  free(): void {
    this.codes?.free();
    this.codes = undefined;
  }

  #update(): void {
    const lost = this.#lost;
    this.#visible = lost ? (this.#live ?? allRows(this.rows)).map((word, index) => word & ~lost[index]!) : this.#live;
  }
}
