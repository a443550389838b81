// Timings of the stages of a search.

export class Timings {
  readonly #milliseconds: Record<string, number> = {};
  #since = performance.now();

  /** Begins a stage now, so that the time since the last does not count. */
  resume(): void {
    this.#since = performance.now();
  }

  /** Ends a stage, and begins the next. */
  end(stage: string): void {
    const now = performance.now();
    this.#milliseconds[stage] = (this.#milliseconds[stage] ?? 0) + now - this.#since;
    this.#since = now;
  }

  /** Milliseconds by stage. */
  get all(): Readonly<Record<string, number>> {
    return this.#milliseconds;
  }
}
