// Transfers: the exports and imports of a store while they run, so that closing it ends them. Loads what they need with the first.
import type { ProgressOptions } from '../../spec/call.ts';
import type { ImportOptions, StoreProgress } from '../../spec/store.ts';
import { InpageError } from '../../util/errors.ts';
import type { FileSource } from './byte-source.ts';
import type { ExportHost } from './export-collection.ts';
import type { Imported, ImportHost } from './import-collection.ts';

/** What transfers may do in their store. */
export interface TransferAccess extends ExportHost, Pick<ImportHost, 'bound' | 'change'> {
  /** Keeps everyone from compacting while `work` runs. */
  pause<T>(work: () => Promise<T>): Promise<T>;
}

export class Transfers {
  readonly #name: string;
  readonly #access: TransferAccess;
  readonly #host: ImportHost;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    name: string,
    { database, session, now }: Pick<ImportHost, 'database' | 'session' | 'now'>,
    access: TransferAccess,
  ) {
    this.#name = name;
    this.#access = access;
    this.#host = { database, session, now, ...access };
  }

  /** @see exportCollection */
  async *export(options: ProgressOptions<StoreProgress> = {}): AsyncGenerator<Uint8Array> {
    const signal = this.#signal(options);
    signal.throwIfAborted();
    const release = await this.#pause(signal);
    try {
      const { exportCollection } = await import('./export-collection.ts');
      for await (const piece of exportCollection(this.#access, { ...options, signal })) {
        yield piece;
        signal.throwIfAborted();
      }
    } finally {
      release();
    }
  }

  /** @see importCollection */
  async import(file: FileSource, options: ImportOptions = {}): Promise<Imported> {
    const signal = this.#signal(options);
    signal.throwIfAborted();
    const running = import('./import-collection.ts').then(({ importCollection }) =>
      importCollection(this.#host, file, { ...options, signal }),
    );
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#closing.abort(new InpageError('closed', `The collection "${this.#name}" was closed. Open it again.`));
    await Promise.allSettled(this.#running);
  }

  #signal({ signal }: ProgressOptions<StoreProgress>): AbortSignal {
    return signal ? AbortSignal.any([this.#closing.signal, signal]) : this.#closing.signal;
  }

  /** Resolves when nobody compacts any more; the function given, an abort or the end of the store let them again. */
  #pause(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const paused = this.#access.pause(
        () =>
          new Promise<void>((release) => {
            signal.addEventListener('abort', () => release(), { once: true });
            if (signal.aborted) release();
            resolve(release);
          }),
      );
      paused.catch(reject);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
}
