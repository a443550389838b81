// Starts a worker, and notices when it ends. Which ones there are say `spawn.ts` and `spawn-scan.ts`.
// A worker holds a Web Lock while it lives; getting that lock means that it is gone, however it went.
import { InpageError } from '../util/errors.ts';
import { Connection } from './rpc.ts';
import { nameFailure } from './worker-failure.ts';

/** A worker that was started. */
export interface SpawnedWorker {
  connection: Connection;
  /** Resolves when the worker answers. @throws InpageError `worker-failed` if its script cannot be loaded or run */
  ready: Promise<void>;
  /** Ends the worker; running calls reject with `reason`. */
  terminate(reason: InpageError): void;
}

export interface SpawnOptions {
  /** Starts the worker: `new Worker(…)`. */
  create: () => Worker;
  /** Called once if the worker ends without `terminate`; where there are no Web Locks, never. */
  onDeath: (error: InpageError) => void;
  /** The worker is ended, with `onDeath`, at its first uncaught error and when it loses a GPU device. @default false */
  strict?: boolean;
}

/**
 * Starts a worker.
 * @param name as errors have it
 * @throws InpageError `worker-failed` if workers are not allowed
 */
export function spawnWorker(name: string, { create, onDeath, strict = false }: SpawnOptions): SpawnedWorker {
  const failed = (cause: unknown) =>
    new InpageError(
      'worker-failed',
      `The ${name} worker could not be started: ${cause instanceof Error ? cause.message : 'its script did not load'}. ` +
        "Serve inpage's files from the page's own origin and allow workers (CSP: worker-src 'self').",
      { cause, detail: { worker: name } },
    );
  const died = (reason: string, cause?: unknown) =>
    new InpageError('worker-died', `The ${name} worker ended unexpectedly${reason}. Call again: a new one is started.`, {
      cause,
      detail: { worker: name },
    });
  let worker: Worker;
  try {
    worker = create();
  } catch (cause) {
    throw failed(cause);
  }
  const connection = new Connection(worker);
  const released = new AbortController();
  const terminate = (error: InpageError) => {
    if (released.signal.aborted) return;
    released.abort();
    worker.terminate();
    connection.fail(error);
  };
  const die = (error: InpageError) => {
    if (released.signal.aborted) return;
    terminate(error);
    onDeath(error);
  };
  let answered = false;
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    // Before the first answer this means that the script is broken; later it is one uncaught error in a living worker.
    if (!answered) terminate(failed(new Error(event.message || 'its script did not load')));
  });
  if (strict) {
    connection.call('$failure', [{}]).catch((cause) => {
      const failure = nameFailure(cause);
      const message = cause instanceof Error ? cause.message : String(cause);
      die(InpageError.is(failure) ? failure : died(` by an error that nobody caught: ${message}`, cause));
    });
  }
  const start = async () => {
    const lock = `inpage-worker-${name}-${Math.random().toString(36).slice(2)}`;
    await connection.call('$live', [{ lock }]);
    answered = true;
    if (typeof navigator === 'undefined' || !navigator.locks) return;
    navigator.locks.request(lock, { signal: released.signal }, () => die(died(', perhaps for want of memory'))).catch(() => {});
  };
  return { connection, ready: start(), terminate };
}
