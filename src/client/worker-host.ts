// A worker that is started when it is first needed, and started again after it has ended.
import type { Connection } from '../runtime/rpc.ts';
import { pageWorkers, type WorkerName } from '../runtime/spawn.ts';
import { type SpawnedWorker, spawnWorker } from '../runtime/spawn-worker.ts';
import { abortable, Shared } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';

export interface WorkerHostOptions {
  /** The first calls of a new worker. */
  start: (connection: Connection) => Promise<void>;
  /** The worker ended unexpectedly. */
  onDeath?: (error: InpageError) => void;
  /** Starts the worker in another way. */
  create?: () => Worker;
  /** Its first uncaught error, or a lost GPU device, ends the worker. @default false */
  strict?: boolean;
}

export class WorkerHost {
  readonly #name: WorkerName;
  readonly #options: WorkerHostOptions;
  readonly #worker: Shared<SpawnedWorker>;
  #current: SpawnedWorker | undefined;
  #closed: InpageError | undefined;

  constructor(name: WorkerName, options: WorkerHostOptions) {
    this.#name = name;
    this.#options = options;
    this.#worker = new Shared(() => this.#spawn());
  }

  /** The worker's connection; rejects with `closed` after `close`. */
  async connection(signal?: AbortSignal): Promise<Connection> {
    if (this.#closed) throw this.#closed;
    // A worker that was started for somebody who left is there for the next.
    return (await abortable(this.#worker.get(), signal)).connection;
  }

  /** The connection, if a worker is running, or starting. */
  get running(): Connection | undefined {
    return this.#current?.connection;
  }

  /** Ends the worker; the next call starts another. Running calls reject with `reason`. */
  reset(reason: InpageError): void {
    this.#worker.reset();
    this.#current?.terminate(reason);
    this.#current = undefined;
  }

  /** Ends the worker for good. */
  close(): void {
    this.#closed ??= closedError();
    this.reset(this.#closed);
  }

  async #spawn(): Promise<SpawnedWorker> {
    const { start, onDeath, create = pageWorkers[this.#name], strict } = this.#options;
    const worker = spawnWorker(this.#name, {
      create,
      strict,
      onDeath: (error) => {
        if (this.#current !== worker) return;
        this.#worker.reset();
        this.#current = undefined;
        onDeath?.(error);
      },
    });
    this.#current = worker;
    try {
      // Its first calls need not wait for its sign of life: messages keep their order.
      await Promise.all([worker.ready, start(worker.connection)]);
    } catch (error) {
      worker.terminate(closedError());
      if (this.#current === worker) this.#current = undefined;
      throw error;
    }
    return worker;
  }
}

/** The error of every call after, or interrupted by, `close()`. */
export function closedError(): InpageError {
  return new InpageError('closed', 'This was closed. Create a new one to go on.');
}
