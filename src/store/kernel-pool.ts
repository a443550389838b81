// The kernel of a collection, for the dimension that it has now.
import type { Kernel } from './kernels/kernel.ts';
import { type OpenedKernel, type OpenKernel, prepareKernels } from './kernels/open-kernel.ts';

export class KernelPool {
  #open: OpenKernel | undefined;
  #opened: OpenedKernel | undefined;

  /** The kernel in use. */
  get current(): Kernel | undefined {
    return this.#opened?.kernel;
  }

  /** What the kernel in use takes for a row of a scan, measured when first asked for; 0 where there is none. */
  get nanoseconds(): number {
    return this.#opened?.measure()[this.#opened.kernel.name] ?? 0;
  }

  /** To be awaited before the first `get`, and not inside a transaction, which cannot wait for it. */
  async prepare(): Promise<void> {
    this.#open ??= await prepareKernels();
  }

  /** The kernel of a dimension. */
  get(dimension: number): Kernel {
    if (this.#opened?.kernel.dimension !== dimension) this.#opened = this.#open!(dimension);
    return this.#opened.kernel;
  }
}
