// Compactor: when compaction runs. One tab at a time, in the background after commits, or because somebody waits for it.
import type { ProgressOptions } from '../spec/call.ts';
import type { StoreProgress } from '../spec/store.ts';
import { nextTask, Turnstile } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { compactStep, planCompaction, type Step } from './compaction.ts';
import type { Database } from './disk/database.ts';
import type { Changes, View } from './view.ts';

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
  readonly #broken = new Set<number>();
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
        return this.#exclusively(true, () => this.#run(false, this.#closing.signal));
      })
      // Nothing is lost: the next commit tries again.
      .catch(() => {});
  }

  /** Compacts all there is. */
  async compact({ signal, onProgress }: ProgressOptions<StoreProgress> = {}): Promise<void> {
    signal?.throwIfAborted();
    const either = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    await this.#exclusively(false, () => this.#run(true, either, onProgress));
  }

  /** Keeps every tab from compacting while `work` runs, so that segments stay where they are. */
  pause<T>(work: () => Promise<T>): Promise<T> {
    return this.#exclusively(false, work) as Promise<T>;
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
      const steps = this.#plan(thorough);
      if (steps.length === 0) return;
      for (const [index, step] of steps.entries()) {
        signal.throwIfAborted();
        await this.#step(step);
        done++;
        onProgress?.({ done, total: done + steps.length - index - 1 });
        await nextTask();
      }
      if (!thorough) return;
    }
  }

  #plan(thorough: boolean): Step[] {
    const { view } = this.#host;
    if (!view.kernel) return [];
    return planCompaction(view, view.kernel.dimension, thorough).filter((step) => !step.some(({ id }) => this.#broken.has(id)));
  }

  async #step(step: Step): Promise<void> {
    const { database, view } = this.#host;
    if (!view.kernel) return;
    try {
      const changes = await compactStep(database, view, step, view.kernel);
      if (changes) this.#host.apply(changes);
    } catch (error) {
      if (!InpageError.is(error, 'data-corrupt')) throw error;
      for (const { id } of step) this.#broken.add(id);
    }
  }

  /** @param skip whether to do nothing where another is at it */
  #exclusively<T>(skip: boolean, work: () => Promise<T>): Promise<T | undefined> {
    return this.#turns.run(async () => {
      const locks = this.#host.database.persistent ? globalThis.navigator?.locks : undefined;
      if (!locks) return work();
      return locks.request(`inpage:compaction:${this.#host.name}`, { ifAvailable: skip }, (lock) => (lock ? work() : undefined));
    });
  }
}
