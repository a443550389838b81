// Ways to the same end, the best first: the first that loads is used, and left for another when it fails.
import type { FailurePhase } from '../runtime/ladder.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { StepDown } from '../spec/device.ts';
import type { LoadProgress } from '../spec/model.ts';
import { abortable } from '../util/async.ts';
import { type ErrorCode, InpageError, isAbort } from '../util/errors.ts';
import { closedError } from './worker-host.ts';

/** What stands on a ladder. */
export interface Loadable<Info> {
  load(options?: ProgressOptions<LoadProgress>): Promise<Info>;
  close(): Promise<void> | void;
}

/** One way. */
export interface Rung<M> {
  /** As events have it. */
  name: string;
  model: M;
}

/** Why a rung is left. */
export interface Failure {
  code: ErrorCode;
  phase: FailurePhase;
}

/** The ways there are, at least one, and what to do about failures. */
export interface LadderPlan<M, Info> {
  rungs: readonly Rung<M>[];
  /** Number of the rung to try after `failed`, or −1 if none would do better. */
  after(failed: number, failure: Failure): number;
  load(rung: Rung<M>, options: ProgressOptions<LoadProgress>): Promise<Info>;
}

export interface LadderOptions<M, Info> {
  /** Name of what is run, for events. */
  model: string;
  /** Finds the ways; called at the first use, and again after all have failed. */
  plan: () => Promise<LadderPlan<M, Info>>;
  onStepDown?: ((event: StepDown) => void) | undefined;
}

/** Failures in the middle of an answer that may have been bad luck; twice in a row they are not. */
const perhapsChance: readonly ErrorCode[] = ['device-lost', 'no-progress', 'worker-died', 'generation-failed', 'remote-failed'];

export class Ladder<M extends Loadable<Info>, Info> {
  readonly #options: LadderOptions<M, Info>;
  #plan: Promise<LadderPlan<M, Info>> | undefined;
  /** The rung in use. */
  #current: Rung<M> | undefined;
  /** Failed in use and were closed for it. */
  readonly #retired = new Set<M>();
  /** Failures in use since something last went well. */
  #failures = 0;
  #closed: InpageError | undefined;

  constructor(options: LadderOptions<M, Info>) {
    this.#options = options;
  }

  /** Loads the best way that loads. @throws the error of the last that was tried */
  async load(options: ProgressOptions<LoadProgress> = {}): Promise<{ model: M; info: Info }> {
    for (;;) {
      options.signal?.throwIfAborted();
      const plan = await abortable(this.#planned(), options.signal);
      this.#current ??= plan.rungs.find(({ model }) => !this.#retired.has(model))!;
      const rung = this.#current;
      try {
        return { model: rung.model, info: await plan.load(rung, options) };
      } catch (error) {
        if (options.signal?.aborted || !this.#leave(plan, rung.model, error, 'load')) throw error;
      }
    }
  }

  /** A call did what it was asked to. */
  succeeded(): void {
    this.#failures = 0;
  }

  /**
   * A call failed.
   * @param begun whether it had given something; one that had not was made again by the model itself, and has failed twice
   * @returns whether there is another rung now, so that the call may be made again
   */
  async failed(model: M, error: unknown, { begun }: { begun: boolean }): Promise<boolean> {
    const plan = await this.#plan?.catch(() => undefined);
    if (!plan || !InpageError.is(error)) return false;
    const chance = begun && this.#current?.model === model && perhapsChance.includes(error.code);
    if (chance && this.#failures++ === 0) return false;
    if (!this.#leave(plan, model, error, 'use')) return false;
    // It may hold memory that the next one needs.
    this.#retired.add(model);
    await model.close();
    return true;
  }

  async close(): Promise<void> {
    this.#closed ??= closedError();
    const plan = await this.#plan?.catch(() => undefined);
    await Promise.all(plan?.rungs.map(({ model }) => model.close()) ?? []);
  }

  #planned(): Promise<LadderPlan<M, Info>> {
    if (this.#closed) return Promise.reject(this.#closed);
    this.#plan ??= this.#options.plan().catch((error) => {
      this.#plan = undefined;
      throw error;
    });
    return this.#plan;
  }

  /** Goes on to the next rung. @returns false if there is none, or the error is not the device's */
  #leave(plan: LadderPlan<M, Info>, model: M, error: unknown, phase: FailurePhase): boolean {
    const rung = this.#current;
    if (this.#closed || !rung || isAbort(error)) return false;
    // Another call has seen the failure first.
    if (rung.model !== model) return true;
    const failure: Failure = { code: InpageError.is(error) ? error.code : 'model-load-failed', phase };
    const next = plan.rungs[plan.after(plan.rungs.indexOf(rung), failure)];
    if (!next) {
      // What failed may have been mended by the next call.
      if (phase === 'load') this.#forget();
      return false;
    }
    this.#current = next;
    this.#failures = 0;
    const message = `${rung.name} did not work here, ${next.name} is tried instead. ${(error as Error)?.message ?? error}`;
    this.#options.onStepDown?.({ model: this.#options.model, from: rung.name, to: next.name, code: failure.code, message });
    return true;
  }

  #forget(): void {
    this.#plan = undefined;
    this.#current = undefined;
    this.#failures = 0;
  }
}
