// Which kernel is opened where.
import { afterEach, expect, test, vi } from 'vitest';
import { prepareKernels } from '../../../../src/store/kernels/open-kernel.ts';
import { createSimdKernel } from '../../../../src/store/kernels/simd-kernel.ts';
import { compileSimd } from '../../../../src/store/kernels/simd-module.ts';

afterEach(() => vi.restoreAllMocks());

test('the faster one, with what was measured', async () => {
  const { kernel, measure } = (await prepareKernels())(384);
  const measured = measure();
  expect(Object.keys(measured)).toEqual(['scalar', 'simd']);
  for (const nanoseconds of Object.values(measured)) expect(nanoseconds).toBeGreaterThan(0);
  expect(measured[kernel.name]).toBe(Math.min(...Object.values(measured)));
  expect(kernel.dimension).toBe(384);
});

test('the scalar one where WebAssembly is forbidden; the next time it is tried again', async () => {
  vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new WebAssembly.CompileError('refused by Content Security Policy'));
  vi.resetModules();
  const fresh = await import('../../../../src/store/kernels/open-kernel.ts');
  const { kernel, measure } = (await fresh.prepareKernels())(16);
  expect(kernel.name).toBe('scalar');
  expect(Object.keys(measure())).toEqual(['scalar']);
  expect(Object.keys((await fresh.prepareKernels())(16).measure())).toEqual(['scalar', 'simd']);
});

test('a dimension out of range is refused', async () => {
  const open = await prepareKernels();
  for (const dimension of [0, -1, 1.5, 65_537, Number.NaN]) {
    expect(() => open(dimension)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  }
});

test('memory is taken page by page, given back to later blocks, and its end is named', async () => {
  const kernel = createSimdKernel(8, await compileSimd());
  const before = kernel.memory;
  const blocks = [kernel.allocate(100_000), kernel.allocate(1), kernel.allocate(0)];
  // 25 pages of 4 KiB and one each for the others; the memory itself grows by 64 KiB.
  const grown = kernel.memory - before;
  expect(grown).toBeGreaterThan(27 * 4096 - 65_536);
  expect(grown).toBeLessThanOrEqual(128 * 1024);
  blocks.forEach((block, index) => {
    block.bytes().fill(index + 1);
  });
  expect(blocks.map((block) => new Set(block.bytes()))).toEqual([new Set([1]), new Set([2]), new Set()]);
  for (const block of blocks) block.free();
  kernel.allocate(100_000).free();
  expect(kernel.memory - before).toBe(grown);
  expect(() => kernel.allocate(2 ** 33)).toThrow(expect.objectContaining({ code: 'device-unavailable' }));
  expect(kernel.allocate(10).bytes().length).toBe(10);
});
