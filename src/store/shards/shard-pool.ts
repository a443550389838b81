// Shard pool: divides the codes of a large collection among threads, and gives them back where that does not pay.

import { nextTask } from '../../util/async.ts';
import { type CodeBytes, copyCodes, openCodes } from '../codes.ts';
import type { Manifest } from '../disk/database.ts';
import type { Candidates, Kernel, PreparedQuery } from '../kernels/kernel.ts';
import { GuardedShard } from './guarded-shard.ts';
import { type Move, nextMove } from './next-move.ts';
import { type CodedRows, scanCodes } from './scan.ts';
import type { Codes, Shard, ShardCodes, ShardOptions } from './shard.ts';

const defaultRows = 200_000;
const defaultTrial = 9;
/** Threads are kept that take less than this share of the time that one takes. */
const worthwhile = 0.9;
const mostThreads = 4;
/** Fewer rows than this share of those that threads are started from end them. */
const fewShare = 0.5;

/** What the pool needs of a segment. */
export interface CodedSegment {
  readonly rows: number;
  readonly dimension: number;
  readonly centroid: Float32Array;
  /** Undefined where they are lost with a shard. */
  codes: Codes | undefined;
}

/** What the pool needs of a view. */
export interface CodedView {
  readonly manifest: Manifest;
  readonly kernel: Kernel | undefined;
  readonly segments: ReadonlyMap<number, CodedSegment>;
}

export interface ShardPoolOptions {
  view: CodedView;
  /** Missing where no threads can be started. */
  options: ShardOptions | undefined;
  /** Bytes that the store may take besides the codes. */
  memory: number;
}

export class ShardPool {
  readonly #view: CodedView;
  readonly #options: ShardOptions | undefined;
  readonly #memory: number;
  /** Bytes of memory by shard. */
  readonly #shards = new Map<Shard, number>();
  /** Of the vectors that the shards are for. */
  #dimension = 0;
  /** What was searched for last: what threads are tried with. */
  #last: { query: PreparedQuery; capacity: number } | undefined;
  /** Milliseconds a row that this thread took alone; undefined where threads are not, or no more, on trial. */
  #alone: number | undefined;
  #nextId = 1;
  /** The state that was divided. */
  #arranged: Manifest | undefined;
  #arranging = false;
  #ended = false;
  #reason: string | undefined;

  constructor({ view, options, memory }: ShardPoolOptions) {
    this.#view = view;
    this.#options = options;
    this.#memory = memory;
  }

  /** Number of threads besides this one. */
  get count(): number {
    return this.#shards.size;
  }

  /** Bytes that they take. */
  get memory(): number {
    return [...this.#shards.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Why there are none, where there might be. */
  get reason(): string | undefined {
    return this.#shards.size === 0 ? this.#reason : undefined;
  }

  /** The best rows by their codes. @throws Outdated where codes are lost with a shard */
  scan(kernel: Kernel, query: PreparedQuery, capacity: number, segments: readonly CodedRows[]): Promise<Candidates> {
    this.#last = { query, capacity };
    return scanCodes(kernel, query, capacity, segments);
  }

  /** Divides the codes anew where the collection has changed; goes on in the background. */
  arrange(): void {
    const options = this.#options;
    const { manifest } = this.#view;
    if (!options || this.#ended || this.#arranging || this.#arranged === manifest) return;
    this.#arranged = manifest;
    this.#background(() => this.#arrange(options));
  }

  /** Ends the threads. */
  close(): void {
    this.#ended = true;
    for (const shard of [...this.#shards.keys()]) this.#end(shard);
  }

  /** One such task at a time. What fails is a shard, and that is dealt with where it happens. */
  #background(work: () => Promise<void>): void {
    this.#arranging = true;
    work()
      .catch(() => {})
      .finally(() => {
        this.#arranging = false;
      });
  }

  async #arrange(options: ShardOptions): Promise<void> {
    const { kernel, segments } = this.#view;
    const least = options.rows ?? defaultRows;
    const rows = [...segments.values()].reduce((sum, segment) => sum + segment.rows, 0);
    if (!kernel || kernel.dimension !== this.#dimension || rows < least * fewShare) await this.#recall();
    if (!kernel || this.#ended) return;
    if (this.#shards.size === 0) {
      if (rows < least) return;
      const cores = options.cores ?? globalThis.navigator?.hardwareConcurrency ?? 1;
      if (cores < 2) return this.#refuse('The device has one core.');
      // A thread has memory of its own, and what the codes took here stays taken for others to come.
      this.#reason = kernel.memory > this.#memory ? 'The memory budget is too small for several threads.' : undefined;
      if (this.#reason) return;
      const { trial = defaultTrial } = options;
      this.#alone = trial > 0 ? await this.#time(trial) : undefined;
      await this.#start(options, kernel.dimension, Math.min(cores, mostThreads) - 1);
    }
    for (let move = this.#nextMove(); move && !this.#ended; move = this.#nextMove()) await this.#move(move.item, move.to);
    if (this.#shards.size > 0 && !this.#ended) await this.#judge(options);
  }

  async #start({ start }: ShardOptions, dimension: number, count: number): Promise<void> {
    this.#dimension = dimension;
    const starting = Array.from({ length: count }, async () => {
      let shard: GuardedShard | undefined;
      const lose = () => shard && this.#lose(shard);
      shard = new GuardedShard(await start(dimension, lose), lose);
      if (this.#ended) shard.end();
      else this.#shards.set(shard, 0);
    });
    const failed = (await Promise.allSettled(starting)).find((outcome) => outcome.status === 'rejected');
    if (this.#shards.size === 0) this.#refuse((failed?.reason as Error | undefined)?.message ?? 'No thread could be started.');
  }

  /** Thread 0 is this one. */
  #nextMove(): (Omit<Move<CodedSegment>, 'to'> & { to: Shard | undefined }) | undefined {
    const shards = [...this.#shards.keys()];
    if (shards.length === 0) return undefined;
    const threads: CodedSegment[][] = [[], ...shards.map(() => [])];
    for (const segment of this.#view.segments.values())
      if (segment.codes) threads[segment.codes.shard ? shards.indexOf(segment.codes.shard) + 1 : 0]?.push(segment);
    const move = nextMove(threads);
    return move && { ...move, to: shards[move.to - 1] };
  }

  /** Moves codes; until they are in their new place, they are scanned in the old one. @param to undefined: to this thread */
  async #move(segment: CodedSegment, to: Shard | undefined): Promise<void> {
    const { codes, dimension, rows } = segment;
    if (!codes) return;
    const bytes = codes.shard ? await codes.shard.read(codes.id) : copyCodes(codes);
    const { kernel } = this.#view;
    // Gone, or lost.
    if (segment.codes !== codes || kernel?.dimension !== dimension) return;
    const moved = to ? await this.#put(to, rows, bytes) : openCodes(kernel, bytes);
    if (segment.codes === codes) {
      segment.codes = moved;
      codes.free();
    } else moved.free();
  }

  async #put(shard: Shard, rows: number, bytes: CodeBytes): Promise<ShardCodes> {
    const id = this.#nextId++;
    const memory = await shard.put(id, rows, bytes);
    if (this.#shards.has(shard)) this.#shards.set(shard, memory);
    return { shard, id, free: () => void shard.drop([id]).catch(() => {}) };
  }

  /** Takes the codes back and ends the threads. */
  async #recall(): Promise<void> {
    try {
      for (const segment of [...this.#view.segments.values()]) if (segment.codes?.shard) await this.#move(segment, undefined);
      // Scans that are under way end before this does.
      for (const shard of this.#shards.keys()) await shard.drop([]);
    } finally {
      for (const shard of [...this.#shards.keys()]) this.#end(shard);
    }
  }

  /** A shard has failed, or ended by itself. */
  #lose(shard: Shard): void {
    if (!this.#shards.has(shard)) return;
    this.#end(shard);
    // What is read again is to be divided among those that are left.
    this.#arranged = undefined;
    if (this.#shards.size === 0) this.#refuse('The threads that scanned have ended unexpectedly.');
  }

  /** What codes it still has are lost; whoever needs them reads them from disk. */
  #end(shard: Shard): void {
    this.#shards.delete(shard);
    shard.end();
    for (const segment of this.#view.segments.values()) if (segment.codes?.shard === shard) segment.codes = undefined;
  }

  /** For good. */
  #refuse(reason: string): void {
    this.#ended = true;
    this.#reason ??= reason;
  }

  /** Ends the threads where they do not make scans faster. */
  async #judge({ trial = defaultTrial }: ShardOptions): Promise<void> {
    if (this.#alone === undefined) return;
    const share = (await this.#time(trial)) / this.#alone;
    this.#alone = undefined;
    if (share < worthwhile || this.#ended) return;
    this.#refuse(`Scans by ${1 + this.#shards.size} threads took ${Math.round(100 * share)} % of the time of one.`);
    await this.#recall();
  }

  /** Milliseconds a row that a scan of everything takes, wherever the codes are: the median of some. */
  async #time(scans: number): Promise<number> {
    const times: number[] = [];
    for (let scan = 0; scan < scans && !this.#ended; scan++) {
      const { kernel, segments } = this.#view;
      // Another space, or none.
      if (!this.#last || this.#last.query.rotated.length !== kernel?.dimension) break;
      let rows = 0;
      const all = Array.from(segments.values(), (segment) => {
        rows += segment.rows;
        return { segment, first: rows - segment.rows };
      });
      const started = performance.now();
      await scanCodes(kernel, this.#last.query, this.#last.capacity, all);
      times.push((performance.now() - started) / rows);
      await nextTask();
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  }
}
