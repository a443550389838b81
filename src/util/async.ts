// Small pieces for asynchronous work: yielding to the event loop, racing an abort, taking turns, handing items on.
import { abortError } from './errors.ts';

/** Lets messages, timers and paints run; unlike `setTimeout` it is not slowed down when nested. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Settles like `promise`, or rejects with the signal's reason as soon as it aborts. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(abortError(signal));
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Runs one task at a time, or a few; lower `priority` goes first, equal ones in order of arrival. */
export class Turnstile {
  #free: number;
  readonly #waiting: { priority: number; enter: () => void }[] = [];

  /** @param places tasks that may run at a time */
  constructor(places = 1) {
    this.#free = places;
  }

  async run<T>(task: () => Promise<T>, { priority = 0, signal }: { priority?: number; signal?: AbortSignal } = {}): Promise<T> {
    await this.#enter(priority, signal);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  /** The items of `work`, as they are asked for; its turn lasts until the last one, or until the reader leaves. */
  async *stream<T>(work: () => AsyncIterable<T>, options: { priority?: number; signal?: AbortSignal } = {}): AsyncGenerator<T> {
    await this.#enter(options.priority ?? 0, options.signal);
    try {
      yield* work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.enter();
    else this.#free++;
  }

  #enter(priority: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const entry = {
        priority,
        enter: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(abortError(signal));
      };
      signal?.addEventListener('abort', leave, { once: true });
      const before = this.#waiting.findIndex((other) => other.priority > priority);
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, entry);
    });
  }
}

/** Items pushed on one side, awaited on the other, in order; unbounded. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #wake = () => {};
  #end: { error?: unknown } | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** No more items follow; with an error, the reader gets it after the items. Only the first end counts. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#items.length > 0) yield this.#items.shift()!;
      else if (this.#end && 'error' in this.#end) throw this.#end.error;
      else if (this.#end) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Work that several callers wait for. Its result is kept; a failure is not; it is aborted only when all callers have left. */
export class Shared<T, P = never> {
  readonly #work: (options: { signal: AbortSignal; onProgress: (progress: P) => void }) => Promise<T>;
  #run: { result: Promise<T>; controller: AbortController; listeners: Set<(progress: P) => void>; waiting: number } | undefined;

  constructor(work: (options: { signal: AbortSignal; onProgress: (progress: P) => void }) => Promise<T>) {
    this.#work = work;
  }

  async get({ signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: P) => void } = {}): Promise<T> {
    signal?.throwIfAborted();
    this.#run ??= this.#start();
    const run = this.#run;
    if (onProgress) run.listeners.add(onProgress);
    run.waiting++;
    try {
      return await abortable(run.result, signal);
    } finally {
      run.waiting--;
      if (onProgress) run.listeners.delete(onProgress);
      if (run.waiting === 0 && signal?.aborted) {
        // Without this a call that comes before the abort has arrived would join the work that is ending.
        if (this.#run === run) this.#run = undefined;
        run.controller.abort(signal.reason);
      }
    }
  }

  /** Forgets the result: the next call does the work again. */
  reset(): void {
    this.#run = undefined;
  }

  #start() {
    const controller = new AbortController();
    const listeners = new Set<(progress: P) => void>();
    const onProgress = (progress: P) => {
      for (const listener of listeners) listener(progress);
    };
    const run = { controller, listeners, waiting: 0, result: this.#work({ signal: controller.signal, onProgress }) };
    run.result.catch(() => {
      if (this.#run === run) this.#run = undefined;
    });
    return run;
  }
}
