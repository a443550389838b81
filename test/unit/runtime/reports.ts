// Reports of devices: what phones, laptops and servers say of themselves.
import type { DeviceReport } from '../../../src/spec/device.ts';

const MiB = 2 ** 20;

const noGpu: DeviceReport['webgpu'] = {
  available: false,
  software: false,
  vendor: '',
  architecture: '',
  features: [],
  maxBufferSize: 0,
  maxStorageBufferBindingSize: 0,
  maxStorageBuffersPerShaderStage: 0,
  maxComputeWorkgroupStorageSize: 0,
  maxComputeInvocationsPerWorkgroup: 0,
};

/** The limits that every WebGPU device has, by the specification. */
const leastGpu: DeviceReport['webgpu'] = {
  ...noGpu,
  available: true,
  maxBufferSize: 256 * MiB,
  maxStorageBufferBindingSize: 128 * MiB,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
};

/** Makes a report; what is not given is of an isolated page on a laptop with eight cores and no GPU. */
export function report(
  gpu: Partial<DeviceReport['webgpu']> = {},
  { wasm, ...rest }: Partial<Omit<DeviceReport, 'wasm' | 'webgpu'>> & { wasm?: Partial<DeviceReport['wasm']> } = {},
): DeviceReport {
  return {
    webgpu: { ...(gpu.available ? leastGpu : noGpu), ...gpu },
    wasm: { simd: true, relaxedSimd: true, memory64: true, jspi: true, threads: true, ...wasm },
    crossOriginIsolated: true,
    cores: 8,
    storage: { indexedDb: true },
    ...rest,
  };
}

const big = { maxBufferSize: 4096 * MiB, maxStorageBufferBindingSize: 2048 * MiB };

/** Devices that a page meets. */
export const devices = {
  laptop: report({ available: true, vendor: 'nvidia', features: ['shader-f16', 'subgroups'], ...big }, { memory: 8 }),
  laptopWithoutHalf: report({ available: true, vendor: 'intel', architecture: 'gen-9', ...big }, { memory: 8 }),
  android: report({ available: true, vendor: 'qualcomm', features: ['shader-f16'], ...big }, { memory: 4 }),
  smallAndroid: report({ available: true, vendor: 'arm' }, { memory: 2, wasm: { threads: false } }),
  iphone: report(
    { available: true, vendor: 'apple', features: ['shader-f16'] },
    { cores: 4, wasm: { threads: false, jspi: false } },
  ),
  software: report({ available: true, software: true, vendor: 'google', architecture: 'swiftshader', ...big }),
  compatibility: report({ available: true, maxStorageBufferBindingSize: 64 * MiB }),
  noGpu: report(),
  notIsolated: report({}, { crossOriginIsolated: false, wasm: { threads: false } }),
};
