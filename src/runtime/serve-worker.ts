// The worker's side of `spawn-worker.ts`: makes its service callable, gives a sign of life, and tells of failures that no call sees.
import { isAbort } from '../util/errors.ts';
import { watchDevices } from './gpu-loss.ts';
import { expose, type Service } from './rpc.ts';
import { trustOwnScripts } from './trusted-types.ts';

/** Makes the service of this worker callable. */
export function serveWorker(service: Service): void {
  trustOwnScripts();
  expose({ ...service, $live, $failure });
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

/** Rejects with the first error that nobody caught, or when a GPU device is lost; from then on the worker is not to be trusted. */
function $failure(): Promise<never> {
  return new Promise((_, reject) => {
    // A call that fails by it knows better what happened, and is given time to say so.
    const report = (reason: unknown) => setTimeout(() => reject(reason), 50);
    globalThis.addEventListener('error', ({ error, message }) => report(error ?? new Error(message)));
    globalThis.addEventListener('unhandledrejection', ({ reason }) => {
      // Whoever aborts has left: nobody need catch that.
      if (!isAbort(reason)) report(reason);
    });
    watchDevices(report);
  });
}
