// GPU pool: lets the GPU scan where many queries are asked at once or the collection is very large, if that is faster.
import type { CodeBytes } from '../codes.ts';
import type { Manifest } from '../disk/database.ts';
import { type Candidates, codeBytes } from '../kernels/kernel.ts';
import type { ScanCodes } from '../search/dense-search.ts';
import { createScope } from '../search/scope.ts';
import type { Segment } from '../segment.ts';
import type { View } from '../view.ts';
import type { GpuScan } from './gpu-scan.ts';
import { type GpuSpeed, measureGpu, scanTime } from './measure.ts';
import { gatherScans, groupByRows, partsFor, type ScanRequest } from './scan-request.ts';

/** `always`: in software too, for any collection, however slow; for tests. */
export type GpuUse = 'auto' | 'never' | 'always';

/** The GPU is tried once a search has kept the CPU busy for so many milliseconds. */
const longScan = 5;
/** Its scans must take less than this share of the time of the CPU. */
const worthwhile = 0.8;
/** Queries that are scanned together. */
const mostQueries = 64;
/** A row wanted needs so many rows to be chosen among. */
const rowsForOne = 128;
/** Bytes of codes that a GPU is asked to hold. */
const mostMemory = 2 ** 30;
/** What was measured holds until the collection has grown or shrunk by so much. */
const sameSize = 1.5;
/** A device that was lost so often is not asked for again. */
const mostLosses = 3;

/** How queries that are asked together are scanned. */
export interface ScanPlan {
  /** How many of them at once. */
  size: number;
  scanCodes: ScanCodes;
}

export interface GpuPoolOptions {
  view: View;
  /** The time that one thread takes for a row, as measured. */
  kernels: { readonly nanoseconds: number };
  /** Threads that scan. */
  threads: () => number;
  /** Scans by the CPU. */
  scanCodes: ScanCodes;
  use: GpuUse;
}

export class GpuPool {
  readonly #options: GpuPoolOptions;
  #gpu: GpuScan | undefined;
  /** There only while the GPU has the collection. */
  #speed: GpuSpeed | undefined;
  /** The state that the GPU was brought up to. */
  #arranged: Manifest | undefined;
  #arranging = false;
  #losses = 0;
  /** Rows of which the GPU was too slow. */
  #slowAt = 0;
  #ended: boolean;

  constructor(options: GpuPoolOptions) {
    this.#options = options;
    this.#ended = options.use === 'never' || !globalThis.navigator?.gpu;
  }

  /** What the GPU does; undefined while it does nothing. */
  get report(): { nanoseconds: number; queries: number; memory: number } | undefined {
    const speed = this.#speed;
    if (!this.#gpu || !speed) return undefined;
    let queries = 1;
    while (queries <= mostQueries && !this.#pays(queries, speed.rows)) queries++;
    if (queries > mostQueries) return undefined;
    return { nanoseconds: (scanTime(speed, mostQueries) * 1e6) / (mostQueries * speed.rows), queries, memory: this.#gpu.memory };
  }

  /** How a number of queries is scanned. */
  plan(queries: number): ScanPlan {
    const size = Math.min(queries, mostQueries);
    if (!this.#speed || !this.#pays(size, this.#speed.rows)) return { size: 1, scanCodes: this.#options.scanCodes };
    return { size, scanCodes: gatherScans((requests) => void this.#answer(requests)) };
  }

  /**
   * Brings the GPU up to the collection, in the background, where scans like those for some queries take long.
   * @param queries that were scanned for together
   */
  arrange(queries: number): void {
    const { manifest } = this.#options.view;
    if (this.#ended || this.#arranging || this.#arranged === manifest || queries === 0) return;
    if (!this.#gpu && !this.#isLong(queries)) return;
    this.#arranging = true;
    this.#arranged = manifest;
    this.#arrange()
      .catch(() => this.#fail())
      .finally(() => {
        this.#arranging = false;
      });
  }

  /** Forgets a segment that is gone. */
  drop(segment: Segment): void {
    this.#gpu?.drop(segment);
  }

  /** Gives the GPU's memory back. */
  close(): void {
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#letGo();
  }

  #letGo(): void {
    this.#gpu?.close();
    this.#gpu = undefined;
    this.#speed = undefined;
  }

  /** The CPU's time for a scan, in milliseconds. */
  #cpuTime(queries: number, rows: number): number {
    return (queries * rows * this.#options.kernels.nanoseconds) / 1e6 / this.#options.threads();
  }

  /** @param rows that the CPU would scan */
  #pays(queries: number, rows: number): boolean {
    if (!this.#speed) return false;
    return this.#options.use === 'always' || scanTime(this.#speed, queries) <= this.#cpuTime(queries, rows) * worthwhile;
  }

  #isLong(queries: number): boolean {
    const rows = [...this.#options.view.segments.values()].reduce((sum, segment) => sum + segment.rows, 0);
    if (rows <= this.#slowAt * sameSize) return false;
    return this.#options.use === 'always' || this.#cpuTime(queries, rows) >= longScan;
  }

  async #answer(requests: readonly ScanRequest[]): Promise<void> {
    for (const group of groupByRows(requests)) {
      const found = await this.#scanTogether(group).catch(() => this.#fail());
      for (const [index, { scan, resolve, reject }] of group.entries()) {
        const candidates = found?.[index];
        if (candidates) resolve(candidates);
        else await this.#options.scanCodes(...scan).then(resolve, reject);
      }
    }
  }

  /** What the GPU finds; undefined, or missing, for what is left to the CPU. */
  async #scanTogether(group: readonly ScanRequest[]): Promise<(Candidates | undefined)[]> {
    const [kernel, , , segments] = group[0]!.scan;
    const capacities = group.map(({ scan: [, , capacity] }) => capacity);
    const capacity = Math.max(...capacities);
    const rows = segments.reduce((sum, { count }) => sum + count, 0);
    if (this.#gpu?.dimension !== kernel.dimension || !this.#pays(group.length, rows) || capacity * rowsForOne > rows) return [];
    const queries = group.map(({ scan: [, query] }) => query);
    const found = await this.#gpu.scan(queries, capacity, partsFor(queries, segments));
    return found.map(
      (candidates, index) =>
        candidates && {
          positions: candidates.positions.subarray(0, capacities[index]),
          scores: candidates.scores.subarray(0, capacities[index]),
        },
    );
  }

  async #arrange(): Promise<void> {
    const { view, use, scanCodes } = this.#options;
    const { kernel } = view;
    if (!kernel || kernel.dimension !== this.#gpu?.dimension) this.#letGo();
    if (!kernel) return;
    const rows = [...view.segments.values()].reduce((sum, segment) => sum + segment.rows, 0);
    if (rows * (codeBytes(kernel.dimension) + Float32Array.BYTES_PER_ELEMENT) > mostMemory) return this.#letGo();
    if (!this.#gpu) {
      const { createGpuScan } = await import('./gpu-scan.ts');
      const { dimension } = kernel;
      this.#gpu = await createGpuScan({ dimension, software: use === 'always', onLost: () => this.#lose() });
      if (!this.#gpu || this.#ended) return this.#end();
    }
    for (const segment of [...view.segments.values()]) if (!(await this.#put(this.#gpu, segment))) return;
    if (this.#speed && rows < this.#speed.rows * sameSize && rows > this.#speed.rows / sameSize) return;
    this.#speed = undefined;
    const gpu = this.#gpu;
    const speed = await view.hold(() => measureGpu(gpu, scanCodes, kernel, createScope(view.snapshot.segments)));
    if (!speed) return this.#end();
    if (this.#gpu !== gpu) return;
    this.#speed = speed;
    if (this.#pays(mostQueries, speed.rows)) return;
    this.#slowAt = speed.rows;
    this.#letGo();
  }

  /** Copies the codes of a segment to the GPU; false where that is no use any more. */
  async #put(gpu: GpuScan, segment: Segment): Promise<boolean> {
    const { view } = this.#options;
    const { codes, rows } = segment;
    if (!gpu.has(segment) && codes && rows > 0) {
      if (codes.shard) await gpu.put(segment, rows, await codes.shard.read(codes.id));
      else await gpu.put(segment, rows, { codes: codes.codes.bytes(), factors: codes.factors.bytes() } as CodeBytes);
      if (view.segments.get(segment.id) !== segment) gpu.drop(segment);
    }
    return this.#gpu === gpu;
  }

  /** The GPU, or a shard that was read. */
  #fail(): void {
    if (this.#gpu) this.#lose();
  }

  /** The device is lost; another one may do. */
  #lose(): void {
    this.#letGo();
    this.#arranged = undefined;
    if (++this.#losses === mostLosses) this.#end();
  }
}
