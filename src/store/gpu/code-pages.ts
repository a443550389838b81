// Codes on the GPU: pages of a fixed number of blocks, in which runs of blocks hold segments.
import type { CodeBytes } from '../codes.ts';
import { codeBytes } from '../kernels/kernel.ts';
import { PageAllocator } from '../kernels/page-allocator.ts';
import { guarded, usage } from './device.ts';
import { blockRows, tileBlocks } from './shader.ts';

/** Blocks of a page, where they fit into one buffer. */
const pageBlocks = 2048;

/** A page of codes. */
export interface CodePage {
  codes: GPUBuffer;
  /** One a row. */
  factors: GPUBuffer;
  /** Number of its first block, and of its blocks. */
  uniforms: GPUBuffer;
}

/** Where the codes of a segment are. */
export interface BlockRun {
  /** Number of its first block through all pages. */
  first: number;
  rows: number;
  /** The largest factor. */
  largest: number;
}

export class CodePages {
  readonly pages: CodePage[] = [];
  /** Blocks of each page, whole tiles. */
  readonly blocksPerPage: number;
  readonly #device: GPUDevice;
  readonly #blockBytes: number;
  readonly #allocator = new PageAllocator((blocks) => {
    this.#wanted += blocks;
  });
  /** Blocks up to the last one in use. */
  #wanted = 0;

  constructor(device: GPUDevice, dimension: number) {
    this.#device = device;
    this.#blockBytes = codeBytes(dimension) * blockRows;
    const fitting = Math.floor(
      Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / this.#blockBytes,
    );
    this.blocksPerPage = Math.min(pageBlocks, fitting - (fitting % tileBlocks));
  }

  /** Blocks in use, those between them, and the rest of the last tile. */
  get blocks(): number {
    return Math.ceil(this.#wanted / tileBlocks) * tileBlocks;
  }

  /** Tiles in use of a page. */
  tilesOf(page: number): number {
    return Math.min(this.blocksPerPage, this.blocks - page * this.blocksPerPage) / tileBlocks;
  }

  /** Bytes on the GPU. */
  get memory(): number {
    return this.pages.length * this.blocksPerPage * (this.#blockBytes + blockRows * Float32Array.BYTES_PER_ELEMENT);
  }

  /** Takes codes in; they may be views that change afterwards. @throws Error where there is no memory for them */
  async put(rows: number, bytes: CodeBytes): Promise<BlockRun> {
    const blocks = Math.ceil(rows / blockRows);
    const first = this.#allocator.allocate(blocks);
    return guarded(this.#device, () => {
      while (this.pages.length * this.blocksPerPage < this.#wanted) this.pages.push(this.#createPage());
      const perPage = this.blocksPerPage;
      for (let block = 0; block < blocks; ) {
        const page = this.pages[Math.floor((first + block) / perPage)]!;
        const place = (first + block) % perPage;
        const length = Math.min(blocks - block, perPage - place);
        this.#write(page.codes, bytes.codes, this.#blockBytes, { block, place, length });
        this.#write(page.factors, bytes.factors, blockRows * Float32Array.BYTES_PER_ELEMENT, { block, place, length });
        block += length;
      }
      const factors = new Float32Array(bytes.factors.buffer, bytes.factors.byteOffset, rows);
      return { first, rows, largest: factors.reduce((largest, factor) => Math.max(largest, Math.abs(factor)), 0) };
    });
  }

  free({ first }: BlockRun): void {
    this.#allocator.free(first);
  }

  /** Writes some blocks; the last one may be short. */
  #write(
    buffer: GPUBuffer,
    bytes: Uint8Array<ArrayBuffer>,
    blockBytes: number,
    { block, place, length }: { block: number; place: number; length: number },
  ): void {
    const part = bytes.subarray(block * blockBytes, (block + length) * blockBytes);
    this.#device.queue.writeBuffer(buffer, place * blockBytes, part);
  }

  #createPage(): CodePage {
    const create = (size: number, use: number) => this.#device.createBuffer({ size, usage: use | usage.copyTarget });
    const uniforms = create(16, usage.uniform);
    this.#device.queue.writeBuffer(
      uniforms,
      0,
      new Uint32Array([this.pages.length * this.blocksPerPage, this.blocksPerPage, 0, 0]),
    );
    return {
      codes: create(this.blocksPerPage * this.#blockBytes, usage.storage),
      factors: create(this.blocksPerPage * blockRows * Float32Array.BYTES_PER_ELEMENT, usage.storage),
      uniforms,
    };
  }
}
