// What this device can do, and which device a model should run on.
import type { DeviceReport } from '../spec/device.ts';
import type { Device, Dtype } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';

// `isFallbackAdapter` moved from the adapter to its info; browsers have the one or the other.
type Adapter = GPUAdapter & { isFallbackAdapter?: boolean };

// Modules that are valid only where the feature is: i8x16.splat, i8x16.relaxed_swizzle, and a memory with 64-bit addresses.
const header = [0, 97, 115, 109, 1, 0, 0, 0];
const featureModules = {
  simd: [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
  relaxedSimd: [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
  memory64: [5, 3, 1, 4, 1],
};

/** Names of GPU emulations on the CPU. */
const software = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/i;

/** Looks at the device; never throws. Works on a page and in a worker. */
export async function probeDevice(): Promise<DeviceReport> {
  const navigator = globalThis.navigator as (Partial<Navigator> & { deviceMemory?: number }) | undefined;
  const isolated = globalThis.crossOriginIsolated === true;
  const adapter: Adapter | null | undefined = await navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  const [storage, persisted] = await Promise.all([
    navigator?.storage?.estimate?.().catch(() => undefined),
    navigator?.storage?.persisted?.().catch(() => undefined),
  ]);
  const { limits } = adapter ?? {};
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
      maxBufferSize: limits?.maxBufferSize ?? 0,
      maxStorageBufferBindingSize: limits?.maxStorageBufferBindingSize ?? 0,
      maxStorageBuffersPerShaderStage: limits?.maxStorageBuffersPerShaderStage ?? 0,
      maxComputeWorkgroupStorageSize: limits?.maxComputeWorkgroupStorageSize ?? 0,
      maxComputeInvocationsPerWorkgroup: limits?.maxComputeInvocationsPerWorkgroup ?? 0,
    },
    wasm: {
      simd: validates('simd'),
      relaxedSimd: validates('relaxedSimd'),
      memory64: validates('memory64'),
      jspi: typeof WebAssembly === 'object' && 'Suspending' in WebAssembly,
      threads: isolated,
    },
    crossOriginIsolated: isolated,
    cores: navigator?.hardwareConcurrency ?? 1,
    ...(navigator?.deviceMemory && { memory: navigator.deviceMemory }),
    storage: {
      indexedDb: typeof indexedDB !== 'undefined',
      ...(persisted !== undefined && { persisted }),
      ...(storage?.quota !== undefined && { quota: storage.quota }),
      ...(storage?.usage !== undefined && { usage: storage.usage }),
    },
  };
}

function validates(feature: keyof typeof featureModules): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([...header, ...featureModules[feature]]));
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

/** What is wanted of a device for a model. */
export interface DeviceWish {
  device: 'auto' | Device;
  /** The model's file for each device. @default q8 on WASM; on WebGPU q4f16 where the adapter has shader-f16, else q4 */
  dtypes?: Partial<Record<Device, Dtype>>;
  /** The device that `auto` takes for this model, if it is not the best one in general. */
  prefer?: Device;
  /** Threads of the WASM runtime, at most. @default as many as pay */
  threads?: number;
}

/** Files with float32 arithmetic in place of those with float16. */
const fullPrecision: Partial<Record<Dtype, Dtype>> = { q4f16: 'q4', fp16: 'fp32' };

/** The file that does the same without shader-f16, or undefined if this one does. */
export function fullPrecisionTwin(dtype: Dtype): Dtype | undefined {
  return fullPrecision[dtype];
}

/**
 * Chooses device, file and threads.
 * WebGPU where the adapter is real, else WASM: with threads where the page is cross-origin isolated.
 * @throws InpageError `device-unavailable` if WebGPU was asked for by name and there is no adapter
 */
export function planDevice(report: DeviceReport, wish: DeviceWish): DevicePlan {
  const { device, dtypes = {}, prefer = 'webgpu' } = wish;
  const { webgpu } = report;
  if (device === 'webgpu' && !webgpu.available) {
    throw new InpageError(
      'device-unavailable',
      "WebGPU is not available in this browser (no adapter). Use device 'auto' or 'wasm', or switch on hardware acceleration.",
    );
  }
  const threads = Math.min(usefulThreads(report), wish.threads ?? Number.POSITIVE_INFINITY);
  const real = webgpu.available && !webgpu.software;
  if (device === 'webgpu' || (device === 'auto' && real && prefer === 'webgpu')) {
    const half = webgpu.features.includes('shader-f16');
    const wanted = dtypes.webgpu ?? (half ? 'q4f16' : 'q4');
    const dtype = half ? wanted : (fullPrecisionTwin(wanted) ?? wanted);
    return { device: 'webgpu', dtype, threads, software: webgpu.software };
  }
  return { device: 'wasm', dtype: dtypes.wasm ?? 'q8', threads, software: false };
}

/** All cores of a small machine, half of a large one, whose other half is often hyper-threads. */
function usefulThreads({ wasm, cores }: DeviceReport): number {
  return wasm.threads ? Math.max(1, Math.min(8, cores <= 4 ? cores : Math.floor(cores / 2))) : 1;
}
