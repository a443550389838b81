// When a collection uses the GPU: a scan by the scalar kernel stands for it, as fast, as right and as lasting as the test says.
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Store } from '../../../../src/spec/store.ts';
import { type CodeBytes, type LocalCodes, openCodes } from '../../../../src/store/codes.ts';
import { createGpuScan, type GpuScan, type GpuScanOptions } from '../../../../src/store/gpu/gpu-scan.ts';
import type { ScanPart } from '../../../../src/store/gpu/scan-part.ts';
import { KernelPool } from '../../../../src/store/kernel-pool.ts';
import type { Candidates, Kernel, PreparedQuery } from '../../../../src/store/kernels/kernel.ts';
import { createScalarKernel } from '../../../../src/store/kernels/scalar-kernel.ts';
import { openCollection } from '../../../../src/store/open-collection.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { createSpace, createVector } from '../../../contract/test-store.ts';

vi.mock('../../../../src/store/gpu/gpu-scan.ts', () => ({ createGpuScan: vi.fn() }));

const dimension = 8;
const rows = 3000;
/** The CPU is said to take 3 ms for a query. */
const nanoseconds = 1000;

interface Behaviour {
  /** Milliseconds of a scan. */
  fixed: number;
  each: number;
  wrong?: boolean;
  /** Fails from this put, or scan, on; counted from 0. */
  failsAtPut?: number;
  failsAtScan?: number;
}

let behaviour: Behaviour;
let scans: number[] = [];
let alive = 0;
let stores: Store[] = [];

class FakeScan {
  readonly dimension: number;
  readonly memory = 1234;
  readonly #kernel: Kernel;
  readonly #held = new Map<object, { rows: number; codes: LocalCodes }>();
  #puts = 0;

  constructor(options: GpuScanOptions) {
    this.dimension = options.dimension;
    this.#kernel = createScalarKernel(this.dimension);
    alive++;
  }

  has(segment: object): boolean {
    return this.#held.has(segment);
  }

  async put(segment: object, count: number, bytes: CodeBytes): Promise<void> {
    if (this.#puts++ === behaviour.failsAtPut) throw new Error('There is no memory.');
    this.#held.set(segment, { rows: count, codes: openCodes(this.#kernel, bytes) });
  }

  drop(segment: object): void {
    this.#held.delete(segment);
  }

  async scan(
    queries: readonly PreparedQuery[],
    capacity: number,
    parts: readonly ScanPart[],
  ): Promise<(Candidates | undefined)[]> {
    if (behaviour.failsAtScan !== undefined && scans.length >= behaviour.failsAtScan) throw new Error('The device is lost.');
    scans.push(queries.length);
    await setTimeout(behaviour.fixed + behaviour.each * queries.length);
    return queries.map((query, index) => {
      this.#kernel.begin(query, capacity);
      for (const { segment, first, offsets, mask } of parts) {
        const { rows: count, codes } = this.#held.get(segment)!;
        this.#kernel.scanCodes(codes.codes, codes.factors, count, offsets[index]!, first, mask);
      }
      const found = this.#kernel.finish();
      if (behaviour.wrong) found.positions.reverse();
      return found;
    });
  }

  close(): void {
    alive--;
  }
}

beforeEach(() => {
  behaviour = { fixed: 0, each: 0 };
  scans = [];
  alive = 0;
  stores = [];
  vi.stubGlobal('navigator', { gpu: {} });
  vi.spyOn(KernelPool.prototype, 'nanoseconds', 'get').mockReturnValue(nanoseconds);
  vi.mocked(createGpuScan)
    .mockReset()
    .mockImplementation(async (options) => new FakeScan(options) as unknown as GpuScan);
});

afterEach(async () => {
  for (const store of stores) await store.close();
  expect(alive).toBe(0);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function open(): Promise<Store> {
  const store = await openCollection({ name: 'gpu-pool' });
  stores.push(store);
  await store.bind(createSpace(dimension));
  await add(store, 'first', rows);
  return store;
}

async function add(store: Store, id: string, count: number): Promise<void> {
  const random = createRandom(count);
  const vectors = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) vectors.set(createVector(random, dimension), row * dimension);
  const passages = Array.from({ length: count }, () => ({ start: 0, end: 4 }));
  await store.add([{ id, text: 'text', passages, vectors }]);
}

const random = createRandom(3);
const queries = Array.from({ length: 70 }, () => ({ vector: createVector(random, dimension), k: 1 }));
const gpu = async (store: Store) => (await store.stats()).kernel?.gpu;
const settled = () => setTimeout(50);

/** Searches once, and waits until the GPU takes part. */
async function start(store: Store): Promise<void> {
  await store.search(queries);
  await vi.waitFor(async () => expect(await gpu(store)).toBeDefined(), { timeout: 10_000 });
  scans = [];
}

test('a GPU that is fast for many queries is used for many, and only then', async () => {
  behaviour = { fixed: 20, each: 0 };
  const store = await open();
  // One query does not take long, nor do those that look at no codes.
  await store.search(queries[0]!);
  await store.search(queries.map(({ vector }) => ({ vector, k: 1, exact: true })));
  await settled();
  expect(createGpuScan).not.toHaveBeenCalled();
  const right = await store.search(queries);
  await vi.waitFor(async () => expect(await gpu(store)).toBeDefined(), { timeout: 10_000 });
  const report = (await gpu(store))!;
  // 20 ms are less than 80 % of 9 × 3 ms.
  expect(report.queries).toBeGreaterThanOrEqual(9);
  expect(report.queries).toBeLessThanOrEqual(40);
  expect(report.memory).toBe(1234);
  expect(report.nanoseconds).toBeGreaterThanOrEqual((20e6 / 64 / rows) * 0.9);

  scans = [];
  await store.search(queries[0]!);
  await store.search(queries.slice(0, 4));
  expect(scans).toEqual([]);
  expect(await store.search(queries)).toEqual(right);
  // 6 of 70 are too few.
  expect(scans).toEqual([64]);
  // Half a batch with a filter of its own each, half without.
  scans = [];
  const filtered = queries
    .slice(0, 60)
    .map((query, index) => (index % 2 ? { ...query, filter: { none: { $exists: false } } } : query));
  await store.search(filtered);
  expect(scans).toEqual(report.queries <= 30 ? [30] : []);
});

test('a GPU that is slow gives its memory back, and is not asked again until the collection has grown', async () => {
  behaviour = { fixed: 1, each: 5 };
  const store = await open();
  await store.search(queries);
  await vi.waitFor(() => expect(scans.filter((count) => count === 32)).toHaveLength(5), { timeout: 10_000 });
  await vi.waitFor(() => expect(alive).toBe(0));
  expect(await gpu(store)).toBeUndefined();
  await store.search(queries);
  await add(store, 'more', 500);
  await store.search(queries);
  await settled();
  expect(createGpuScan).toHaveBeenCalledTimes(1);
  behaviour = { fixed: 1, each: 0 };
  await add(store, 'many', 2000);
  await start(store);
  expect(createGpuScan).toHaveBeenCalledTimes(2);
});

test('a GPU that is wrong is not used', async () => {
  behaviour = { fixed: 0, each: 0, wrong: true };
  const store = await open();
  const right = await store.search(queries);
  await vi.waitFor(() => expect(scans).toHaveLength(10), { timeout: 10_000 });
  await vi.waitFor(() => expect(alive).toBe(0));
  expect(await store.search(queries)).toEqual(right);
  await settled();
  expect(scans).toHaveLength(10);
  expect(createGpuScan).toHaveBeenCalledTimes(1);
});

test('a GPU that has no memory, or fails at a scan, is let go; after three times for good', async () => {
  behaviour = { fixed: 0, each: 0, failsAtPut: 0 };
  const store = await open();
  const right = await store.search(queries);
  await vi.waitFor(() => expect(createGpuScan).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(alive).toBe(0));
  behaviour = { fixed: 0, each: 0 };
  await start(store);
  behaviour = { fixed: 0, each: 0, failsAtScan: 0 };
  expect(await store.search(queries)).toEqual(right);
  expect(await gpu(store)).toBeUndefined();
  behaviour = { fixed: 0, each: 0 };
  await start(store);
  behaviour = { fixed: 0, each: 0, failsAtScan: 0 };
  expect(await store.search(queries)).toEqual(right);
  await store.search(queries);
  await settled();
  expect(createGpuScan).toHaveBeenCalledTimes(3);
  expect(alive).toBe(0);
});

test('where there is no GPU, it is asked for once', async () => {
  vi.mocked(createGpuScan).mockResolvedValue(undefined);
  const store = await open();
  for (let round = 0; round < 3; round++) {
    await store.search(queries);
    await settled();
  }
  expect(createGpuScan).toHaveBeenCalledTimes(1);
});

test('a collection that is closed while its codes go to the GPU', async () => {
  let give = (_scan: GpuScan) => {};
  vi.mocked(createGpuScan).mockImplementation(
    () =>
      new Promise((resolve) => {
        give = resolve;
      }),
  );
  const store = await open();
  await store.search(queries);
  await vi.waitFor(() => expect(createGpuScan).toHaveBeenCalled());
  await store.close();
  give(new FakeScan({ dimension }) as unknown as GpuScan);
  await vi.waitFor(() => expect(alive).toBe(0));
});
