// What earlier visits showed of a model on this machine. Another browser version or adapter is another machine.
import type { DeviceReport } from '../spec/device.ts';
import { withStore } from './ladder-database.ts';

/** Names the machine: what is remembered holds for as long as nothing of this changes. */
export function machineName({ webgpu, wasm, cores }: DeviceReport): string {
  const agent = globalThis.navigator?.userAgent ?? '';
  const gpu = [webgpu.vendor, webgpu.architecture, webgpu.maxBufferSize, [...webgpu.features].sort().join(' ')];
  return [agent, ...gpu, cores, wasm.threads].join('|');
}

/** The step that ran, if one is known. */
export async function recallStep(model: string, machine: string): Promise<string | undefined> {
  const record: { machine: string; step: string } | undefined = await withStore('worked', 'readonly', (all) => all.get(model));
  return record?.machine === machine ? record.step : undefined;
}

/** Keeps the step that ran. */
export async function rememberStep(model: string, machine: string, step: string): Promise<void> {
  await withStore('worked', 'readwrite', (all) => all.put({ model, machine, step }));
}
