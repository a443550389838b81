// Kernels by dimension: made ahead, because a transaction cannot wait for one.
import type { Kernel } from './kernels/kernel.ts';
import { type OpenedKernel, openKernel } from './kernels/open-kernel.ts';

/** Thrown inside a transaction that meets a dimension without a kernel: make one, then try again. */
export class KernelNeeded extends Error {
  readonly dimension: number;

  constructor(dimension: number) {
    super(`No kernel for ${dimension} dimensions.`);
    this.dimension = dimension;
  }
}

export class KernelPool {
  #opened: OpenedKernel | undefined;

  /** The kernel in use. */
  get current(): Kernel | undefined {
    return this.#opened?.kernel;
  }

  /** What the kernel in use takes for a row of a scan, measured when first asked for; 0 where there is none. */
  get nanoseconds(): number {
    return this.#opened?.measure()[this.#opened.kernel.name] ?? 0;
  }

  /** Makes the kernel of a dimension. */
  async open(dimension: number): Promise<Kernel> {
    if (this.#opened?.kernel.dimension !== dimension) this.#opened = await openKernel(dimension);
    return this.#opened.kernel;
  }

  /** @throws KernelNeeded */
  get(dimension: number): Kernel {
    if (this.#opened?.kernel.dimension !== dimension) throw new KernelNeeded(dimension);
    return this.#opened.kernel;
  }

  /** Runs work, making the kernels that it finds missing. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof KernelNeeded)) throw error;
        await this.open(error.dimension);
      }
    }
  }
}
