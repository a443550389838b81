// The memory of the SIMD kernel: blocks for others, and areas of its own that grow when more is needed.
import { InpageError } from '../../util/errors.ts';
import type { Block } from './kernel.ts';
import { PageAllocator } from './page-allocator.ts';

/** A page of WebAssembly. */
const wasmPageBytes = 65_536;
const largestWasmPages = 65_536;

/** Blocks take whole pages of this size. */
const pageBytes = 4096;

/** What the kernel may read after the end of anything. */
const slack = 16;

/** A block with its place in the memory. */
export interface SimdBlock extends Block {
  readonly address: number;
}

/** One WebAssembly memory, at most 4 GiB. */
export class SimdMemory {
  readonly memory = new WebAssembly.Memory({ initial: 0, maximum: largestWasmPages });
  readonly #pages = new PageAllocator((pages) => {
    this.#length += pages * pageBytes;
    const missing = Math.ceil((this.#length - this.memory.buffer.byteLength) / wasmPageBytes);
    try {
      if (missing > 0) this.memory.grow(missing);
    } catch (cause) {
      this.#length -= pages * pageBytes;
      throw new InpageError(
        'device-unavailable',
        `The index needs ${pages * pageBytes} bytes more memory than this page can have. Set a lower memory budget for the index.`,
        { cause },
      );
    }
  });

  /** Bytes that the allocator has been given. */
  #length = 0;

  /** Bytes that the memory takes. */
  get length(): number {
    return this.memory.buffer.byteLength;
  }

  /** @throws InpageError `device-unavailable` where there is no more memory */
  allocate(length: number): SimdBlock {
    const page = this.#pages.allocate(Math.ceil((length + slack) / pageBytes));
    const address = page * pageBytes;
    return {
      length,
      address,
      bytes: () => this.bytes(address, length),
      free: () => this.#pages.free(page),
    };
  }

  /** A view, until the memory grows. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** A view, until the memory grows. */
  signedBytes(address: number, length: number): Int8Array {
    return new Int8Array(this.memory.buffer, address, length);
  }

  /** A view, until the memory grows. */
  words(address: number, length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** The address of what is a view of this memory already; undefined for others. */
  addressOf(view: ArrayBufferView): number | undefined {
    return view.buffer === this.memory.buffer ? view.byteOffset : undefined;
  }
}

/** A place for inputs and outputs of one call. What it held is lost when it grows. */
export class Area {
  readonly #memory: SimdMemory;
  #block: SimdBlock | undefined;

  constructor(memory: SimdMemory) {
    this.#memory = memory;
  }

  /** The address of at least `length` bytes. Views taken before may be gone. */
  reserve(length: number): number {
    if (!this.#block || this.#block.length < length) {
      this.#block?.free();
      this.#block = undefined;
      this.#block = this.#memory.allocate(Math.ceil((length + slack) / pageBytes) * pageBytes - slack);
    }
    return this.#block.address;
  }
}
