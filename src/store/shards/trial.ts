// Trial: whether several threads are faster than one, by the first scans that they share.
import type { ScanTiming } from './scan.ts';

/** Scans that are looked at. */
const samples = 15;
/** They must take less than this share of the time that one thread takes. */
const worthwhile = 0.9;

export class Trial {
  readonly #nanoseconds: number;
  readonly #shares: number[] = [];

  /** @param nanoseconds what one thread takes for a row */
  constructor(nanoseconds: number) {
    this.#nanoseconds = nanoseconds;
  }

  /** Takes note of a scan by several threads. */
  add({ milliseconds, rows }: ScanTiming): void {
    if (this.#shares.length < samples && rows > 0) this.#shares.push((milliseconds * 1e6) / (rows * this.#nanoseconds));
  }

  /** Time with the threads by time without, the median; undefined before enough scans were seen. */
  get share(): number | undefined {
    if (this.#shares.length < samples) return undefined;
    return this.#shares.toSorted((a, b) => a - b)[samples >> 1];
  }

  /** Whether the threads have failed. */
  get failed(): boolean {
    return (this.share ?? 0) > worthwhile;
  }
}
