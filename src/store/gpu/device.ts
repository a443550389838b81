// A GPU of one's own: buffers, and errors that belong to what caused them.
import { probeDevice } from '../../runtime/device.ts';

/** What a buffer is used for: `GPUBufferUsage`, which is not everywhere. */
export const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 };

/** `GPUMapMode.READ` */
export const mapRead = 1;

/** `GPUShaderStage.COMPUTE` */
export const computeStage = 4;

/**
 * A new device; undefined where there is no adapter, or only one in software.
 * @param software takes one in software too
 */
export async function requestDevice(software: boolean): Promise<GPUDevice | undefined> {
  const { webgpu } = await probeDevice();
  if (!webgpu.available || (webgpu.software && !software)) return undefined;
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter?.requestDevice();
}

/** Runs work that gives the GPU commands. @throws Error where one was invalid, or memory is missing */
export async function guarded<T>(device: GPUDevice, work: () => T): Promise<Awaited<T>> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let result: T;
  let errors: Promise<(GPUError | null)[]>;
  try {
    result = work();
  } finally {
    errors = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    // Handled below, unless the work itself has failed.
    errors.catch(() => {});
  }
  const done = await result;
  for (const error of await errors) if (error) throw new Error(error.message);
  return done;
}

/** A buffer that is replaced by a larger one when more is needed; what it held is lost then. */
export class Room {
  readonly #device: GPUDevice;
  readonly #usage: number;
  #buffer: GPUBuffer | undefined;

  constructor(device: GPUDevice, use: number) {
    this.#device = device;
    this.#usage = use;
  }

  /** Of at least `length` bytes. */
  reserve(length: number): GPUBuffer {
    if (!this.#buffer || this.#buffer.size < length) {
      this.#buffer?.destroy();
      this.#buffer = this.#device.createBuffer({ size: Math.ceil((length * 1.25) / 256) * 256, usage: this.#usage });
    }
    return this.#buffer;
  }
}
