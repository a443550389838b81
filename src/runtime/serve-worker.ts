// The worker's side of `spawn-worker.ts`: makes its service callable and gives a sign of life.
import { expose, type Service } from './rpc.ts';

/** Makes the service of this worker callable. */
export function serveWorker(service: Service): void {
  expose({ ...service, $live });
}

/** Resolves once the lock is held, which then lasts as long as the worker. */
function $live({ lock }: { lock: string }): Promise<void> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    locks
      .request(lock, () => {
        resolve();
        return new Promise(() => {});
      })
      .catch(reject);
  });
}
