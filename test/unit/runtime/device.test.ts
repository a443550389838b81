import { describe, expect, test } from 'vitest';
import { planDevice, probeDevice } from '../../../src/runtime/device.ts';
import { report } from './reports.ts';

const real = report({ available: true, features: ['shader-f16'] });
const emulated = report({ available: true, software: true });
const none = report({});

describe('planDevice', () => {
  test('auto takes WebGPU where it is real, else WASM', () => {
    expect(planDevice(real, { device: 'auto' })).toMatchObject({ device: 'webgpu', dtype: 'q4f16' });
    expect(planDevice(emulated, { device: 'auto' })).toMatchObject({ device: 'wasm', dtype: 'q8' });
    expect(planDevice(none, { device: 'auto' })).toMatchObject({ device: 'wasm', dtype: 'q8' });
    expect(planDevice(real, { device: 'auto', prefer: 'wasm' })).toMatchObject({ device: 'wasm' });
  });

  test('a name is taken at its word, or refused', () => {
    expect(planDevice(emulated, { device: 'webgpu' })).toMatchObject({ device: 'webgpu', software: true });
    expect(planDevice(real, { device: 'wasm' })).toMatchObject({ device: 'wasm' });
    expect(() => planDevice(none, { device: 'webgpu' })).toThrow(expect.objectContaining({ code: 'device-unavailable' }));
  });

  test('half precision only where the adapter has it', () => {
    const plain = report({ available: true });
    expect(planDevice(plain, { device: 'auto' }).dtype).toBe('q4');
    expect(planDevice(plain, { device: 'auto', dtypes: { webgpu: 'q4f16' } }).dtype).toBe('q4');
    expect(planDevice(plain, { device: 'auto', dtypes: { webgpu: 'fp16' } }).dtype).toBe('fp32');
    expect(planDevice(real, { device: 'auto', dtypes: { webgpu: 'q4' } }).dtype).toBe('q4');
  });

  test('threads where the page is isolated, not more than pay', () => {
    const threads = (cores: number, isolated = true) =>
      planDevice(report({}, { cores, wasm: { threads: isolated } }), { device: 'wasm' }).threads;
    expect([1, 2, 4, 8, 16, 64].map((cores) => threads(cores))).toEqual([1, 2, 4, 4, 8, 8]);
    expect(threads(8, false)).toBe(1);
    expect(planDevice(report(), { device: 'wasm', threads: 2 }).threads).toBe(2);
  });
});

test('probeDevice works where there is no browser', async () => {
  expect(await probeDevice()).toMatchObject({ webgpu: { available: false }, wasm: { simd: true, threads: false } });
});
