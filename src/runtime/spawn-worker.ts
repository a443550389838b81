// Starts a worker, and notices when it ends. Which ones there are say `spawn.ts` and `spawn-scan.ts`.
// A worker holds a Web Lock while it lives; getting that lock means that it is gone, however it went.
import { InpageError } from '../util/errors.ts';
import { Connection } from './rpc.ts';

/** A running worker. */
export interface SpawnedWorker {
  connection: Connection;
  /** Ends the worker; running calls reject with `reason`. */
  terminate(reason: InpageError): void;
}

export interface SpawnOptions {
  /** Starts the worker: `new Worker(…)`. */
  create: () => Worker;
  /** Called once if the worker ends without `terminate`; where there are no Web Locks, never. */
  onDeath: (error: InpageError) => void;
}

/**
 * Starts a worker and waits until it answers.
 * @param name as errors have it
 * @throws InpageError `worker-failed` if its script cannot be loaded or run
 */
export async function spawnWorker(name: string, { create, onDeath }: SpawnOptions): Promise<SpawnedWorker> {
  const failed = (cause: unknown) =>
    new InpageError(
      'worker-failed',
      `The ${name} worker could not be started: ${cause instanceof Error ? cause.message : 'its script did not load'}. ` +
        "Serve inpage's files from the page's own origin and allow workers (CSP: worker-src 'self').",
      { cause, detail: { worker: name } },
    );
  let worker: Worker;
  try {
    worker = create();
  } catch (cause) {
    throw failed(cause);
  }
  const connection = new Connection(worker);
  const released = new AbortController();
  const end = (error: InpageError) => {
    if (released.signal.aborted) return;
    released.abort();
    worker.terminate();
    connection.fail(error);
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    // Before the first answer this means that the script is broken; later it is one uncaught error in a living worker.
    if (!answered) end(failed(new Error(event.message || 'its script did not load')));
  });
  let answered = false;
  const lock = `inpage-worker-${name}-${Math.random().toString(36).slice(2)}`;
  await connection.call('$live', [{ lock }]);
  answered = true;
  if (typeof navigator !== 'undefined' && navigator.locks) {
    navigator.locks
      .request(lock, { signal: released.signal }, () => {
        if (released.signal.aborted) return;
        const error = new InpageError(
          'worker-died',
          `The ${name} worker ended unexpectedly, perhaps for want of memory. Call again: a new one is started.`,
          { detail: { worker: name } },
        );
        end(error);
        onDeath(error);
      })
      .catch(() => {});
  }
  return { connection, terminate: end };
}
