// Trial: whether several threads are faster than one, by the first scans that they share.
import type { ScanTiming } from './scan.ts';

/** They must take less than this share of the time that one thread takes. */
const worthwhile = 0.9;

export class Trial {
  readonly #nanoseconds: number;
  readonly #samples: number;
  readonly #shares: number[] = [];

  /**
   * @param nanoseconds what one thread takes for a row
   * @param samples scans that are looked at
   */
  constructor(nanoseconds: number, samples: number) {
    this.#nanoseconds = nanoseconds;
    this.#samples = samples;
  }

  /** Takes note of a scan by several threads. */
  add({ milliseconds, rows }: ScanTiming): void {
    if (this.#shares.length < this.#samples && rows > 0) this.#shares.push((milliseconds * 1e6) / (rows * this.#nanoseconds));
  }

  /** Time with the threads by time without, the median; undefined before enough scans were seen. */
  get share(): number | undefined {
    if (this.#shares.length < this.#samples) return undefined;
    return this.#shares.toSorted((a, b) => a - b)[this.#samples >> 1];
  }

  /** Whether the threads have failed. */
  get failed(): boolean {
    return (this.share ?? 0) > worthwhile;
  }
}
