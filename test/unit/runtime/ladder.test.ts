import { describe, expect, test } from 'vitest';
import { type LadderMemory, type LadderWish, planSteps, type Step, stepAfter, stepName } from '../../../src/runtime/ladder.ts';
import type { ErrorCode } from '../../../src/util/errors.ts';
import { devices, report } from './reports.ts';

const chat: LadderWish = { smallerContexts: [4096, 2048] };
const names = (device: (typeof devices)[keyof typeof devices], wish: LadderWish = {}, memory?: LadderMemory) =>
  planSteps(device, wish, memory).map(stepName);

describe('planSteps, for a model without a context', () => {
  test.each([
    ['laptop', ['webgpu q4f16', 'webgpu q4', 'wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['laptopWithoutHalf', ['webgpu q4', 'wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['android', ['webgpu q4f16', 'webgpu q4', 'wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['smallAndroid', ['webgpu q4', 'wasm q8, 1 thread']],
    ['iphone', ['webgpu q4f16', 'webgpu q4', 'wasm q8, 1 thread']],
    ['software', ['wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['compatibility', ['wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['noGpu', ['wasm q8, 4 threads', 'wasm q8, 1 thread']],
    ['notIsolated', ['wasm q8, 1 thread']],
  ] as const)('%s', (device, steps) => {
    expect(names(devices[device])).toEqual(steps);
  });

  test('the buffer that a model needs, and the devices that its library knows', () => {
    expect(names(devices.iphone, { largestBuffer: 200 * 2 ** 20 })).toEqual(['wasm q8, 1 thread']);
    expect(names(devices.laptop, { largestBuffer: 200 * 2 ** 20 })[0]).toBe('webgpu q4f16');
    expect(names(devices.laptop, { devices: ['webgpu'] })).toEqual(['webgpu q4f16', 'webgpu q4']);
    expect(names(devices.noGpu, { devices: ['webgpu'] })).toEqual([]);
    expect(names(devices.software, { devices: ['webgpu'] })).toEqual(['webgpu q4']);
    expect(names(devices.laptop, { devices: ['wasm'] })[0]).toBe('wasm q8, 4 threads');
  });

  test('the files and the device that suit a model', () => {
    expect(names(devices.laptop, { dtypes: { webgpu: 'q8', wasm: 'q8' }, prefer: 'wasm' })).toEqual([
      'wasm q8, 4 threads',
      'wasm q8, 1 thread',
    ]);
    expect(names(devices.laptop, { dtypes: { webgpu: 'fp16', wasm: 'fp32' } })).toEqual([
      'webgpu fp16',
      'webgpu fp32',
      'wasm fp32, 4 threads',
      'wasm fp32, 1 thread',
    ]);
    expect(names(devices.laptopWithoutHalf, { dtypes: { webgpu: 'fp16' } })[0]).toBe('webgpu fp32');
    expect(names(devices.noGpu, { threads: 2 })[0]).toBe('wasm q8, 2 threads');
  });
});

describe('planSteps, for a chat model', () => {
  test('a context for each amount of memory', () => {
    const contexts = (memory: number | undefined, contextTokens?: number) =>
      planSteps(report({}, { memory, wasm: { threads: false } }), { ...chat, contextTokens }).map((step) => step.contextTokens);
    expect(contexts(8)).toEqual([undefined, 4096, 2048]);
    expect(contexts(undefined)).toEqual([undefined, 4096, 2048]);
    expect(contexts(4)).toEqual([4096, 2048]);
    expect(contexts(2)).toEqual([2048]);
    expect(contexts(0.5)).toEqual([2048]);
    expect(contexts(8, 3000)).toEqual([3000, 2048]);
    expect(contexts(4, 1000)).toEqual([1000]);
  });

  test('names tell the ways apart', () => {
    const all = names(devices.laptop, chat);
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
    expect(all.at(-1)).toBe('wasm q8, 1 thread, 2048 tokens');
  });
});

describe('planSteps remembers', () => {
  test('what worked comes first, and nothing better is tried again', () => {
    expect(names(devices.laptop, {}, { worked: 'webgpu q4' })).toEqual(['webgpu q4', 'wasm q8, 4 threads', 'wasm q8, 1 thread']);
    expect(names(devices.laptop, {}, { worked: 'webgpu fp32' })[0]).toBe('webgpu q4f16');
  });

  test('what killed the tab is left out, and what takes as much memory', () => {
    // float32 takes more, not less.
    expect(names(devices.laptop, {}, { killed: ['webgpu q4f16'] })[0]).toBe('wasm q8, 4 threads');
    expect(names(devices.laptop, {}, { killed: ['wasm q8, 4 threads', 'webgpu q4f16'] })).toEqual(['wasm q8, 1 thread']);
    expect(names(devices.laptop, {}, { killed: ['wasm q8, 1 thread'] })).toEqual([]);
    expect(names(devices.laptop, {}, { worked: 'wasm q8, 4 threads', killed: ['webgpu q4'] })[0]).toBe('wasm q8, 4 threads');
  });

  test('a context that is allocated in loading is the first to go', () => {
    const killed = ['webgpu q4f16'];
    expect(names(devices.laptop, { ...chat, allocatesContext: true }, { killed })[0]).toBe('webgpu q4f16, 4096 tokens');
    expect(names(devices.laptop, chat, { killed })[0]).toBe('wasm q8, 4 threads');
  });
});

describe('stepAfter', () => {
  const steps = planSteps(devices.laptop, chat);
  const next = (from: string, code: ErrorCode, phase: 'load' | 'use' = 'load', allocatesContext = false) => {
    const step = steps[stepAfter(steps, steps.map(stepName).indexOf(from), { code, phase }, { allocatesContext })];
    return step && stepName(step);
  };

  test('no device: another device', () => {
    expect(next('webgpu q4f16', 'device-unavailable')).toBe('wasm q8, 4 threads');
    expect(next('wasm q8, 4 threads', 'device-unavailable')).toBeUndefined();
  });

  test('does not start: full precision, then another device, then one thread', () => {
    expect(next('webgpu q4f16', 'model-load-failed')).toBe('webgpu q4');
    expect(next('webgpu q4', 'model-load-failed')).toBe('wasm q8, 4 threads');
    expect(next('wasm q8, 4 threads', 'model-load-failed')).toBe('wasm q8, 1 thread');
    expect(next('wasm q8, 1 thread', 'model-load-failed')).toBeUndefined();
    expect(next('webgpu q4f16', 'no-progress')).toBe('webgpu q4');
  });

  test.each(['out-of-memory', 'device-lost', 'worker-died'] as const)('%s: never more memory than before', (code) => {
    expect(next('webgpu q4f16', code, 'use')).toBe('webgpu q4f16, 4096 tokens');
    expect(next('webgpu q4f16, 4096 tokens', code, 'use')).toBe('webgpu q4f16, 2048 tokens');
    expect(next('webgpu q4f16, 2048 tokens', code, 'use')).toBe('wasm q8, 4 threads, 2048 tokens');
    expect(next('wasm q8, 4 threads, 2048 tokens', code, 'use')).toBe('wasm q8, 1 thread, 2048 tokens');
    expect(next('wasm q8, 1 thread, 2048 tokens', code, 'use')).toBeUndefined();
  });

  test('out of memory in loading: the context matters only where it is allocated then', () => {
    expect(next('webgpu q4f16', 'out-of-memory')).toBe('wasm q8, 4 threads');
    expect(next('webgpu q4f16', 'out-of-memory', 'load', true)).toBe('webgpu q4f16, 4096 tokens');
  });

  test('from any step, every failure comes to an end', () => {
    const codes: ErrorCode[] = ['device-unavailable', 'out-of-memory', 'model-load-failed'];
    for (const device of Object.values(devices)) {
      const all: Step[] = planSteps(device, chat);
      for (const code of codes)
        for (let i = 0; i >= 0; ) {
          const next = stepAfter(all, i, { code, phase: 'use' });
          expect(next === -1 || next > i).toBe(true);
          i = next;
        }
    }
  });
});
