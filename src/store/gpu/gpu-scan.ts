// Scans of codes by the GPU, for several queries at once: the same rows with the same scores as those of any kernel.

import { Turnstile } from '../../util/async.ts';
import { InpageError } from '../../util/errors.ts';
import type { CodeBytes } from '../codes.ts';
import { Collector } from '../kernels/collector.ts';
import type { Candidates, PreparedQuery } from '../kernels/kernel.ts';
import { type BlockTable, createBlockTable } from './block-table.ts';
import { type BlockRun, CodePages } from './code-pages.ts';
import { guarded, mapRead, Room, requestDevice, usage } from './device.ts';
import { type PackedQueries, packQueries } from './pack-queries.ts';
import { createProgram, type Program } from './program.ts';
import { readFound } from './read-found.ts';
import type { ScanPart } from './scan-part.ts';
import { chosenHead, collectors, foundHead, foundWords, octet } from './shader.ts';

export interface GpuScanOptions {
  /** Of the vectors, 1 to 65536. */
  dimension: number;
  /** Takes an adapter in software too; it is slower than any kernel. @default false */
  software?: boolean;
  /** Called when the device is lost, but not after `close`. */
  onLost?: () => void;
}

/** A scan whose runs are known. */
interface ResolvedPart extends ScanPart {
  run: BlockRun;
  /** The largest factor. */
  largest: number;
}

/** Undefined where there is no GPU that helps. Never throws. */
export async function createGpuScan(options: GpuScanOptions): Promise<GpuScan | undefined> {
  let device: GPUDevice | undefined;
  try {
    device = await requestDevice(options.software ?? false);
    return device && (await GpuScan.create(device, options));
  } catch {
    device?.destroy();
    return undefined;
  }
}

export class GpuScan {
  readonly dimension: number;
  readonly #device: GPUDevice;
  readonly #program: Program;
  readonly #pages: CodePages;
  readonly #runs = new Map<object, BlockRun>();
  readonly #scans = new Turnstile();
  readonly #rooms: Record<'queries' | 'blocks' | 'maxima' | 'chosen' | 'found' | 'result', Room>;
  readonly #params: GPUBuffer;
  /** The parts of the last scan, and their block table, which is on the GPU. */
  #last: { parts: readonly ResolvedPart[]; blocks: number; table: BlockTable; buffer: GPUBuffer } | undefined;
  #ended = false;

  private constructor(device: GPUDevice, program: Program, { dimension, onLost }: GpuScanOptions) {
    this.dimension = dimension;
    this.#device = device;
    this.#program = program;
    this.#pages = new CodePages(device, dimension);
    const room = (use: number) => new Room(device, use);
    this.#rooms = {
      queries: room(usage.storage | usage.copyTarget),
      blocks: room(usage.storage | usage.copyTarget),
      maxima: room(usage.storage),
      chosen: room(usage.storage),
      found: room(usage.storage | usage.copySource),
      result: room(usage.mapRead | usage.copyTarget),
    };
    this.#params = device.createBuffer({ size: 32, usage: usage.uniform | usage.copyTarget });
    device.lost.then(() => {
      if (this.#ended) return;
      this.#ended = true;
      onLost?.();
    });
  }

  /** @throws Error where the GPU does not take the program */
  static async create(device: GPUDevice, options: GpuScanOptions): Promise<GpuScan> {
    const program = await createProgram(device, options.dimension);
    return guarded(device, () => new GpuScan(device, program, options));
  }

  /** Bytes of codes on the GPU. */
  get memory(): number {
    return this.#pages.memory;
  }

  /** What has been put. */
  get segments(): Iterable<object> {
    return this.#runs.keys();
  }

  has(segment: object): boolean {
    return this.#runs.has(segment);
  }

  /**
   * Takes codes in, which are copied before the call returns.
   * @param rows 1 or more
   * @throws Error where the device is lost, or has no memory for them: close it then
   */
  async put(segment: object, rows: number, bytes: CodeBytes): Promise<void> {
    this.#checkOpen();
    const run = await this.#pages.put(rows, bytes);
    this.drop(segment);
    this.#runs.set(segment, run);
  }

  /** Scans that have begun are not disturbed. */
  drop(segment: object): void {
    const run = this.#runs.get(segment);
    if (!run) return;
    this.#pages.free(run);
    this.#runs.delete(segment);
  }

  /**
   * The best rows for each query, all over the same parts; undefined for a query that the GPU cannot answer: more rows may be among
   * the best than expected, or numbers are out of its range, or a segment is not there.
   * @param capacity how many, 1 or more
   * @throws Error where the device is lost or has failed: close it then
   */
  async scan(
    queries: readonly PreparedQuery[],
    capacity: number,
    parts: readonly ScanPart[],
  ): Promise<(Candidates | undefined)[]> {
    return this.#scans.run(async () => {
      this.#checkOpen();
      const resolved = parts.flatMap((part): ResolvedPart[] => {
        const run = this.#runs.get(part.segment);
        return run ? [{ ...part, run, largest: run.largest }] : [];
      });
      if (resolved.length < parts.length || parts.length === 0) return queries.map(() => undefined);
      resolved.sort((a, b) => a.run.first - b.run.first);
      const found: (Candidates | undefined)[] = [];
      const most = this.#mostQueries(capacity);
      if (most === 0) return queries.map(() => undefined);
      for (let from = 0; from < queries.length; from += most) {
        const taken = resolved.map((part) => ({ ...part, offsets: part.offsets.subarray(from, from + most) }));
        found.push(...(await this.#scan(queries.slice(from, from + most), capacity, taken)));
      }
      return found;
    });
  }

  /** Gives everything back; running calls reject. */
  close(): void {
    this.#ended = true;
    this.#runs.clear();
    this.#device.destroy();
  }

  #checkOpen(): void {
    if (this.#ended) throw new InpageError('device-unavailable', 'The GPU is gone.');
  }

  /** Queries of one scan, so that no buffer is too large. */
  #mostQueries(capacity: number): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#device.limits;
    // Rooms are a quarter larger than need be.
    const words = Math.min(maxStorageBufferBindingSize, maxBufferSize) / 4 / 1.25 - 256;
    const each = Math.max(this.#pages.blocks, foundHead + Collector.room(capacity) * foundWords);
    const fitting = Math.min(512, Math.floor(words / each));
    return fitting < octet ? fitting : fitting - (fitting % octet);
  }

  async #scan(
    queries: readonly PreparedQuery[],
    capacity: number,
    parts: readonly ResolvedPart[],
  ): Promise<(Candidates | undefined)[]> {
    const packed = packQueries(queries, parts, this.dimension);
    if (!packed) return queries.map(() => undefined);
    const room = Collector.room(capacity);
    const words = foundHead + room * foundWords;
    const { result, count, mapped } = await guarded(this.#device, () =>
      this.#submit(queries.length, { packed, capacity, room, parts }),
    );
    await mapped;
    try {
      const all = new Uint32Array(result.getMappedRange(0, queries.length * words * 4));
      return queries.map((query, index) =>
        readFound(all.subarray(index * words, (index + 1) * words), { query, index, capacity, count, parts }),
      );
    } finally {
      result.unmap();
    }
  }

  #submit(
    number: number,
    { packed, capacity, room, parts }: { packed: PackedQueries; capacity: number; room: number; parts: readonly ResolvedPart[] },
  ): { result: GPUBuffer; count: number; mapped: Promise<void> } {
    const { queue } = this.#device;
    const { blocks } = this.#pages;
    const { words, padded, constants, offsets } = packed;
    const foundBytes = number * (foundHead + room * foundWords) * 4;
    const buffers = {
      queries: this.#rooms.queries.reserve(words.byteLength),
      blocks: this.#rooms.blocks.reserve(blocks * 16),
      maxima: this.#rooms.maxima.reserve(number * blocks * 4),
      chosen: this.#rooms.chosen.reserve(number * (chosenHead + room) * 4),
      found: this.#rooms.found.reserve(foundBytes),
    };
    const result = this.#rooms.result.reserve(foundBytes);
    queue.writeBuffer(this.#params, 0, new Uint32Array([number, padded, capacity, room, blocks, constants, offsets, 0]));
    queue.writeBuffer(buffers.queries, 0, words);
    const { count } = this.#writeBlocks(buffers.blocks, parts);

    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const scanned = this.#program.bindScan([this.#params, ...Object.values(buffers)]);
    const pages = this.#pages.pages.map(({ uniforms, codes, factors }) => this.#program.bindPage([uniforms, codes, factors]));
    pass.setBindGroup(0, scanned);
    pass.setPipeline(this.#program.findMaxima);
    for (const [index, page] of pages.entries()) {
      pass.setBindGroup(1, page);
      pass.dispatchWorkgroups(this.#pages.tilesOf(index), padded / octet);
    }
    pass.setPipeline(this.#program.choose);
    pass.dispatchWorkgroups(number);
    pass.setPipeline(this.#program.collect);
    for (const page of pages) {
      pass.setBindGroup(1, page);
      pass.dispatchWorkgroups(collectors, number);
    }
    pass.end();
    encoder.copyBufferToBuffer(buffers.found, 0, result, 0, foundBytes);
    queue.submit([encoder.finish()]);
    const mapped = result.mapAsync(mapRead, 0, foundBytes);
    // Handled where it is waited for, unless a command was invalid.
    mapped.catch(() => {});
    return { result, count, mapped };
  }

  /** Writes the block table, unless it is there. */
  #writeBlocks(buffer: GPUBuffer, parts: readonly ResolvedPart[]): BlockTable {
    const { blocks } = this.#pages;
    const last = this.#last;
    const same =
      last?.buffer === buffer &&
      last.blocks === blocks &&
      last.parts.length === parts.length &&
      parts.every(({ run, mask }, index) => last.parts[index]!.run === run && last.parts[index]!.mask === mask);
    if (same) return last.table;
    const table = createBlockTable(parts, blocks);
    this.#device.queue.writeBuffer(buffer, 0, table.words);
    this.#last = { parts, blocks, table, buffer };
    return table;
  }
}
