// What this device can do, and which device a model should run on.
import type { DeviceReport } from '../spec/device.ts';
import type { Device, Dtype } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';

// `isFallbackAdapter` moved from the adapter to its info; browsers have the one or the other.
type Adapter = GPUAdapter & { isFallbackAdapter?: boolean };

// A module with one SIMD instruction (i8x16.splat): valid only where SIMD is.
const simdModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Names of GPU emulations on the CPU. */
const software = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/i;

/** Looks at the device; never throws. Works on a page and in a worker. */
export async function probeDevice(): Promise<DeviceReport> {
  const navigator = globalThis.navigator as (Partial<Navigator> & { deviceMemory?: number }) | undefined;
  const isolated = globalThis.crossOriginIsolated === true;
  const adapter: Adapter | null | undefined = await navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  const storage = await navigator?.storage?.estimate?.().catch(() => undefined);
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
  return {
    webgpu: {
      available: Boolean(adapter),
      software: Boolean(
        adapter?.info?.isFallbackAdapter ||
          adapter?.isFallbackAdapter ||
          software.test(`${vendor} ${architecture} ${description}`),
      ),
      vendor,
      architecture,
      features: [...(adapter?.features ?? [])],
      maxBufferSize: adapter?.limits.maxBufferSize ?? 0,
      maxStorageBufferBindingSize: adapter?.limits.maxStorageBufferBindingSize ?? 0,
    },
    wasm: { simd: typeof WebAssembly === 'object' && WebAssembly.validate(simdModule), threads: isolated },
    crossOriginIsolated: isolated,
    cores: navigator?.hardwareConcurrency ?? 1,
    ...(navigator?.deviceMemory && { memory: navigator.deviceMemory }),
    storage: {
      indexedDb: typeof indexedDB !== 'undefined',
      ...(storage?.quota !== undefined && { quota: storage.quota }),
      ...(storage?.usage !== undefined && { usage: storage.usage }),
    },
  };
}

/** Which file of a model to load on which device. */
export interface DevicePlan {
  device: Device;
  dtype: Dtype;
  /** Threads for the WASM runtime. */
  threads: number;
  /** The GPU is emulated on the CPU. */
  software: boolean;
}

export interface DeviceWish {
  device: 'auto' | Device;
  /** The model's file for each device. @default q8 on WASM; on WebGPU q4f16 where the adapter has shader-f16, else q4 */
  dtypes?: Partial<Record<Device, Dtype>>;
  /** The device that `auto` takes for this model, if it is not the best one in general. */
  prefer?: Device;
}

/**
 * Chooses device, file and threads.
 * WebGPU where the adapter is real, else WASM: with threads where the page is cross-origin isolated.
 * @throws InpageError `device-unavailable` if WebGPU was asked for by name and there is no adapter
 */
export function planDevice(report: DeviceReport, { device, dtypes = {}, prefer = 'webgpu' }: DeviceWish): DevicePlan {
  const { webgpu, cores } = report;
  if (device === 'webgpu' && !webgpu.available) {
    throw new InpageError(
      'device-unavailable',
      "WebGPU is not available in this browser (no adapter). Use device 'auto' or 'wasm', or switch on hardware acceleration.",
    );
  }
  const threads = report.wasm.threads ? Math.max(1, Math.min(8, cores <= 4 ? cores : Math.floor(cores / 2))) : 1;
  const real = webgpu.available && !webgpu.software;
  if (device === 'webgpu' || (device === 'auto' && real && prefer === 'webgpu')) {
    const half = webgpu.features.includes('shader-f16');
    const wanted = dtypes.webgpu ?? (half ? 'q4f16' : 'q4');
    const dtype = half ? wanted : wanted === 'q4f16' ? 'q4' : wanted === 'fp16' ? 'fp32' : wanted;
    return { device: 'webgpu', dtype, threads, software: webgpu.software };
  }
  return {
    device: 'wasm',
    dtype: dtypes.wasm ?? 'q8',
    threads,
    software: false,
  };
}
