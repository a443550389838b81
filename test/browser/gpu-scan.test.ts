// Scans of codes on WebGPU, a real adapter in software here: every row and every score as the scalar kernel has them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copyCodes, type LocalCodes } from '../../src/store/codes.ts';
import { createGpuScan, type GpuScan } from '../../src/store/gpu/gpu-scan.ts';
import type { Candidates, Kernel, PreparedQuery } from '../../src/store/kernels/kernel.ts';
import { createScalarKernel } from '../../src/store/kernels/scalar-kernel.ts';
import { createRandom } from '../../src/util/random.ts';
import { clusteredVectors, dot, randomMask, segmentOf } from '../unit/store/kernels/vectors.ts';

interface TestSegment {
  codes: LocalCodes;
  centroid: Float32Array;
  rows: number;
  first: number;
}

/** A segment in a scan. */
interface Taken {
  segment: TestSegment;
  mask?: Uint16Array;
}

let devices: GPUDevice[] = [];
const opened: GpuScan[] = [];

beforeEach(() => {
  devices = [];
  const { requestDevice } = GPUAdapter.prototype;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (this: GPUAdapter, descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const scan of opened.splice(0)) scan.close();
});

async function open(dimension: number, onLost?: () => void): Promise<GpuScan> {
  const scan = await createGpuScan({ dimension, software: true, onLost });
  expect(scan).toBeDefined();
  opened.push(scan!);
  return scan!;
}

/** @param repeated share of rows that are the same as the one before */
function createSegment(kernel: Kernel, rows: number, first: number, repeated = 0): TestSegment {
  const { dimension } = kernel;
  const random = createRandom(rows);
  const vectors = clusteredVectors(rows, dimension, rows);
  for (let row = 1; row < rows; row++)
    if (random() < repeated) vectors.copyWithin(row * dimension, (row - 1) * dimension, row * dimension);
  const { codes, factors, encoded } = segmentOf(kernel, vectors);
  return { codes: { codes, factors, free: () => {} }, centroid: encoded.centroid, rows, first };
}

async function putAll(scan: GpuScan, segments: readonly TestSegment[]): Promise<void> {
  for (const segment of segments) await scan.put(segment, segment.rows, copyCodes(segment.codes));
}

function createQueries(kernel: Kernel, count: number): PreparedQuery[] {
  const vectors = clusteredVectors(count, kernel.dimension, 77);
  const at = (index: number) => vectors.slice(index * kernel.dimension, (index + 1) * kernel.dimension);
  return Array.from({ length: count }, (_, index) => kernel.prepare(at(index)));
}

function byKernel(kernel: Kernel, query: PreparedQuery, capacity: number, taken: readonly Taken[]): Candidates {
  kernel.begin(query, capacity);
  for (const { segment, mask } of taken) {
    const { codes, centroid, rows, first } = segment;
    kernel.scanCodes(codes.codes, codes.factors, rows, dot(query.rotated, centroid), first, mask);
  }
  return kernel.finish();
}

function byGpu(scan: GpuScan, queries: readonly PreparedQuery[], capacity: number, taken: readonly Taken[]) {
  const parts = taken.map(({ segment, mask }) => ({
    segment,
    first: segment.first,
    mask,
    offsets: Float64Array.from(queries, ({ rotated }) => dot(rotated, segment.centroid)),
  }));
  return scan.scan(queries, capacity, parts);
}

test.each([
  [8, 3000],
  [100, 3000],
  [384, 4000],
  [1024, 1500],
])('%i dimensions: the rows and scores of the scalar kernel', async (dimension, most) => {
  const kernel = createScalarKernel(dimension);
  const scan = await open(dimension);
  const random = createRandom(dimension);
  const segments: TestSegment[] = [];
  let first = 7;
  for (const rows of [1, 63, 64, 65, 517, 17, most - 727]) {
    segments.push(createSegment(kernel, rows, first, segments.length % 2 ? 0.3 : 0));
    first += rows + Math.floor(random() * 5);
  }
  // Where something is on the GPU says nothing about its position.
  await putAll(scan, segments.toReversed());
  const queries = createQueries(kernel, 19);
  for (const [count, capacity, masked, largest] of [
    [19, 12, 0, most],
    [8, 1, 1, most],
    [1, 17, 1, most],
    [9, 10, 0.3, most],
    [3, most + 10, 0.5, most],
    // Fewer blocks than rows wanted.
    [2, 200, 1, 520],
  ] as const) {
    const taken = segments
      .filter(({ rows }) => rows > 700 || random() < 0.7)
      .filter(({ rows }) => rows < largest)
      .map((segment) => ({ segment, mask: random() < masked ? randomMask(segment.rows, 0.1 + random(), random) : undefined }));
    const found = await byGpu(scan, queries.slice(0, count), capacity, taken);
    expect(found).toHaveLength(count);
    for (const [index, candidates] of found.entries())
      expect(candidates).toEqual(byKernel(kernel, queries[index]!, capacity, taken));
  }
});

test('a segment over several pages, and what takes the place of one that is gone', async () => {
  const kernel = createScalarKernel(8);
  const scan = await open(8);
  const large = createSegment(kernel, 150_000, 0);
  const queries = createQueries(kernel, 3);
  await putAll(scan, [large]);
  const check = async (taken: readonly Taken[]) => {
    const found = await byGpu(scan, queries, 10, taken);
    for (const [index, candidates] of found.entries()) expect(candidates).toEqual(byKernel(kernel, queries[index]!, 10, taken));
  };
  await check([{ segment: large }]);
  const { memory } = scan;
  expect(memory).toBeGreaterThanOrEqual(150_000 * 5);
  scan.drop(large);
  const small = createSegment(kernel, 2001, 150_000);
  await putAll(scan, [small]);
  expect(scan.memory).toBe(memory);
  await check([{ segment: small }]);
  // What was dropped is not answered.
  expect(await byGpu(scan, queries, 10, [{ segment: large }, { segment: small }])).toEqual([undefined, undefined, undefined]);
});

test('rows that are all the same are left to the CPU, as are numbers that 32-bit floats cannot hold', async () => {
  const kernel = createScalarKernel(16);
  const onLost = vi.fn();
  const scan = await open(16, onLost);
  const same = createSegment(kernel, 5000, 0, 1);
  await putAll(scan, [same]);
  const [query] = createQueries(kernel, 1);
  expect(await byGpu(scan, [query!], 10, [{ segment: same }])).toEqual([undefined]);
  const huge = kernel.prepare(new Float32Array(16).fill(1e30));
  const mixed = createSegment(kernel, 4000, 5000);
  await putAll(scan, [mixed]);
  expect(await byGpu(scan, [huge], 10, [{ segment: mixed }])).toEqual([undefined]);
  // The others of that scan lose nothing.
  expect(await byGpu(scan, [query!], 10, [{ segment: mixed }])).toEqual([byKernel(kernel, query!, 10, [{ segment: mixed }])]);
  // Closing gives the device back and tells nobody.
  scan.close();
  await expect(devices[0]!.lost).resolves.toMatchObject({ reason: 'destroyed' });
  expect(onLost).not.toHaveBeenCalled();
});

test('a device that is lost: calls reject, and it is told once', async () => {
  const kernel = createScalarKernel(32);
  const onLost = vi.fn();
  const scan = await open(32, onLost);
  const segment = createSegment(kernel, 3000, 0);
  await putAll(scan, [segment]);
  const queries = createQueries(kernel, 2);
  const running = byGpu(scan, queries, 10, [{ segment }]);
  running.catch(() => {});
  devices[0]!.destroy();
  await expect(running).rejects.toThrow();
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
  await expect(byGpu(scan, queries, 10, [{ segment }])).rejects.toMatchObject({ code: 'device-unavailable' });
  await expect(scan.put({}, 3000, copyCodes(segment.codes))).rejects.toMatchObject({ code: 'device-unavailable' });
});

test('without an adapter, or with one in software only, there is no GPU', async () => {
  expect(await createGpuScan({ dimension: 8 })).toBeUndefined();
  expect(devices).toHaveLength(0);
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
  expect(await createGpuScan({ dimension: 8, software: true })).toBeUndefined();
  vi.mocked(navigator.gpu.requestAdapter).mockRejectedValue(new Error('no GPU process'));
  expect(await createGpuScan({ dimension: 8, software: true })).toBeUndefined();
});
