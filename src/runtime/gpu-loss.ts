// Notices when the browser takes a GPU device away, or has no memory for it. The libraries keep their devices to themselves, and
// some wait forever for a lost one, so every device of this realm is watched from its creation on.
import { InpageError } from '../util/errors.ts';

/** Calls `report` when any device that is requested from now on is lost, or fails for want of memory. */
export function watchDevices(report: (error: InpageError) => void): void {
  const adapter = globalThis.GPUAdapter?.prototype;
  if (!adapter) return;
  const { requestDevice } = adapter;
  adapter.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    void device.lost.then(({ reason, message }) => report(deviceLost(`${reason}: ${message}`)));
    device.addEventListener('uncapturederror', ({ error }) => {
      if (error instanceof GPUOutOfMemoryError) report(outOfMemory(error.message));
    });
    return device;
  };
}

function deviceLost(reason: string): InpageError {
  return new InpageError('device-lost', `The browser took the GPU away (${reason}). Call again: it is asked for anew.`);
}

function outOfMemory(reason: string): InpageError {
  return new InpageError('out-of-memory', `The GPU has too little memory (${reason}). Use a smaller model or a shorter context.`);
}
