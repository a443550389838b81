// Notices work that has stopped making progress. Only progress counts: a worker that computes cannot answer, and is well.

/** Work that is watched. */
export interface Watched {
  /** It went on. @param limit silence that is allowed from now on, in ms; the same as before where none is given */
  progress(limit?: number): void;
  /** It is over. */
  end(): void;
}

/** How often silence is measured, in ms. */
const interval = 250;

/**
 * Watches all the work of one worker together: progress of any of it is progress, and the longest silence that any of it may take
 * is allowed. Time in which the page itself stood still (a hidden tab, a sleeping machine) is not counted.
 */
export class Watchdog {
  readonly #onSilence: (ms: number) => void;
  readonly #work = new Set<{ limit: number }>();
  #silence = 0;
  #measured = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param onSilence called once when there was no progress for too long; nothing is watched any more then */
  constructor(onSilence: (ms: number) => void) {
    this.#onSilence = onSilence;
  }

  /** @param limit silence that is allowed, in ms */
  watch(limit: number): Watched {
    const work = { limit };
    this.#work.add(work);
    this.#timer ??= this.#start();
    return {
      progress: (next) => {
        work.limit = next ?? work.limit;
        if (this.#work.has(work)) this.#heard();
      },
      end: () => {
        if (!this.#work.delete(work)) return;
        this.#heard();
        if (this.#work.size === 0) this.reset();
      },
    };
  }

  /** Forgets all work. */
  reset(): void {
    this.#work.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #heard(): void {
    this.#silence = 0;
    this.#measured = performance.now();
  }

  #start() {
    this.#heard();
    return setInterval(() => {
      const now = performance.now();
      // A timer that comes late was held up, and messages may have been held up with it.
      this.#silence += Math.min(now - this.#measured, 2 * interval);
      this.#measured = now;
      if (this.#silence < Math.max(...[...this.#work].map(({ limit }) => limit))) return;
      this.reset();
      this.#onSilence(this.#silence);
    }, interval);
  }
}
