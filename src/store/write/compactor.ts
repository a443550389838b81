// Compactor: when compaction runs. One tab at a time, in the background after commits, or because somebody waits for it.
import type { ProgressOptions } from '../../spec/call.ts';
import type { StoreProgress } from '../../spec/store.ts';
import { nextTask, Turnstile } from '../../util/async.ts';
import { InpageError } from '../../util/errors.ts';
import type { Database } from '../disk/database.ts';
import type { Segment } from '../segment.ts';
import type { Changes, View } from '../view.ts';
import { compactStep, type Plan, planCompaction, type Step } from './compaction.ts';

export interface CompactorHost {
  name: string;
  database: Database;
  view: View;
  /** Brings the view up to the disk. */
  refresh(): Promise<void>;
  /** Takes over what was committed. */
  apply(changes: Changes): void;
}

export class Compactor {
  readonly #host: CompactorHost;
  readonly #turns = new Turnstile();
  readonly #closing = new AbortController();
  /** Segments with damaged records, which stay as they are. */
  readonly #broken = new WeakSet<Segment>();
  #scheduled = false;

  constructor(host: CompactorHost) {
    this.#host = host;
  }

  /** Looks, a little later, whether there is something to do. */
  schedule(): void {
    if (this.#scheduled || this.#closing.signal.aborted) return;
    this.#scheduled = true;
    nextTask()
      .then(() => {
        this.#scheduled = false;
        return this.#exclusively(undefined, () => this.#run(false, this.#closing.signal));
      })
      // Nothing is lost: the next commit tries again.
      .catch(() => {});
  }

  /** Compacts all there is. */
  async compact({ signal, onProgress }: ProgressOptions<StoreProgress> = {}): Promise<void> {
    signal?.throwIfAborted();
    const either = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    await this.#exclusively(either, () => this.#run(true, either, onProgress));
  }

  /** Keeps every tab from compacting while `work` runs, so that segments stay where they are. */
  pause<T>(work: () => Promise<T>): Promise<T> {
    return this.#exclusively(this.#closing.signal, work) as Promise<T>;
  }

  /** Ends what runs at its next step. */
  async close(): Promise<void> {
    this.#closing.abort(new InpageError('closed', `The collection "${this.#host.name}" was closed. Open it again.`));
    await this.#turns.run(async () => {});
  }

  async #run(thorough: boolean, signal: AbortSignal, onProgress?: (progress: StoreProgress) => void): Promise<void> {
    let done = 0;
    for (;;) {
      await this.#host.refresh();
      const plan = this.#plan(thorough);
      if (!plan || plan.steps.length === 0) return;
      const { steps } = plan;
      for (const [index, step] of steps.entries()) {
        signal.throwIfAborted();
        await this.#step(plan, step);
        done++;
        onProgress?.({ done, total: done + steps.length - index - 1 });
        await nextTask();
      }
      if (!thorough) return;
    }
  }

  #plan(thorough: boolean): Plan | undefined {
    const { view } = this.#host;
    return view.kernel && planCompaction(view, view.kernel.dimension, thorough, this.#broken);
  }

  async #step(plan: Plan, step: Step): Promise<void> {
    const { database, view } = this.#host;
    if (!view.kernel) return;
    try {
      const changes = await compactStep(database, view, plan, step, view.kernel);
      if (changes) this.#host.apply(changes);
    } catch (error) {
      if (!InpageError.is(error, 'data-corrupt')) throw error;
      const broken = view.segments.get(error.detail.segment as number);
      if (broken) this.#broken.add(broken);
    }
  }

  /** @param signal ends the wait for another that is at it; without one nothing is done then */
  #exclusively<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T | undefined> {
    return this.#turns.run(
      async () => {
        const locks = this.#host.database.persistent ? globalThis.navigator?.locks : undefined;
        if (!locks) return work();
        const options = signal ? { signal } : { ifAvailable: true };
        return locks.request(`inpage:compaction:${this.#host.name}`, options, (lock) => (lock ? work() : undefined));
      },
      { signal },
    );
  }
}
