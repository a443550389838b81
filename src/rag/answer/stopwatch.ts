// Where the time of an answer goes.
import type { AnswerTimings } from '../../spec/strategy.ts';

/** Runs from its making. */
export class Stopwatch {
  readonly timings: AnswerTimings = { retrievalMs: 0, firstTokenMs: 0, prefillMs: 0, decodeMs: 0, citationMs: 0, totalMs: 0 };
  readonly #started = performance.now();

  /** Milliseconds since it was made. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** The passages are there. */
  retrieved(): void {
    this.timings.retrievalMs = this.elapsed;
  }

  /** A token is out; the first one counts. */
  firstToken(): void {
    this.timings.firstTokenMs ||= this.elapsed;
  }

  /** A generation was left before its end, so that the model has told no timings. */
  cutShort(): void {
    const { timings } = this;
    timings.prefillMs = timings.firstTokenMs - timings.retrievalMs;
    timings.decodeMs = this.elapsed - timings.firstTokenMs;
  }

  /** The end. @param checkedAt when checking of citations began, as `elapsed` said */
  finished(checkedAt = this.elapsed): AnswerTimings {
    this.timings.totalMs = this.elapsed;
    this.timings.citationMs = this.timings.totalMs - checkedAt;
    return this.timings;
  }
}
