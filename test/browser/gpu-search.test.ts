// Batches of queries by a collection with the GPU, a real adapter in software here: the hits are those of the CPU.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Hit, Store, StoreQuery } from '../../src/spec/store.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import type { GpuUse } from '../../src/store/gpu/gpu-pool.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createSpace, createVector } from '../contract/test-store.ts';

const dimension = 24;
const documents = 360;
const passages = 40;
const words = ['window', 'garden', 'river', 'engine', 'harbour', 'lantern', 'meadow'];

let devices: GPUDevice[] = [];
let submitted = 0;
const opened: Store[] = [];

beforeEach(() => {
  devices = [];
  submitted = 0;
  const { requestDevice } = GPUAdapter.prototype;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (this: GPUAdapter, descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  });
  const { submit } = GPUQueue.prototype;
  vi.spyOn(GPUQueue.prototype, 'submit').mockImplementation(function (this: GPUQueue, buffers) {
    submitted++;
    return submit.call(this, buffers);
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const store of opened.splice(0)) await store.close();
  await deleteCollection('gpu');
});

async function open(gpu?: GpuUse): Promise<Store> {
  const store = await openCollection({ name: 'gpu', gpu });
  opened.push(store);
  return store;
}

async function* createDocuments(seed: number, count: number) {
  const random = createRandom(seed);
  for (let index = 0; index < count; index++) {
    const vectors = new Float32Array(passages * dimension);
    for (let row = 0; row < passages; row++) vectors.set(createVector(random, dimension), row * dimension);
    const text = Array.from({ length: passages }, () => words[Math.floor(random() * words.length)]!.padEnd(10, '.')).join('');
    const spans = Array.from({ length: passages }, (_, row) => ({ start: row * 10, end: row * 10 + 10 }));
    yield { id: `${seed}-${index}`, text, passages: spans, vectors, metadata: { even: index % 2 === 0 } };
  }
}

function createQueries(count: number): StoreQuery[] {
  const random = createRandom(9);
  return Array.from({ length: count }, (_, index) => {
    const vector = createVector(random, dimension);
    if (index % 5 === 4) return { text: words[index % 7], k: 3 };
    if (index % 5 === 3) return { vector, text: `${words[index % 7]} ${words[(index + 2) % 7]}`, k: 5 };
    if (index % 10 === 2) return { vector, k: 4, filter: { even: true } };
    return { vector, k: 1 + (index % 7) };
  });
}

const found = (hits: Hit[][]) => hits.map((list) => list.map(({ id, score, scores }) => ({ id, score, scores })));

/** Searches until the GPU takes part. */
async function warm(store: Store, query: StoreQuery): Promise<void> {
  await vi.waitFor(
    async () => {
      submitted = 0;
      await store.search(query);
      expect(submitted).toBe(1);
      expect((await store.stats()).kernel?.gpu).toBeDefined();
    },
    { timeout: 60_000, interval: 200 },
  );
}

test('a batch has the same hits with and without the GPU, whatever changes; a device that is lost is not missed', async () => {
  const plain = await open('never');
  await plain.bind(createSpace(dimension));
  await plain.add(createDocuments(1, documents));
  await plain.remove(['1-3', '1-200', '1-359']);
  const queries = createQueries(70);
  const right = found(await plain.search(queries));
  expect(submitted).toBe(0);

  const store = await open('always');
  await store.bind(createSpace(dimension));
  await warm(store, queries[0]!);
  expect((await store.stats()).kernel?.gpu).toMatchObject({ nanoseconds: expect.any(Number), queries: 1 });
  submitted = 0;
  expect(found(await store.search(queries))).toEqual(right);
  expect(submitted).toBeGreaterThan(1);
  expect(found([await store.search(queries[0]!)])).toEqual(right.slice(0, 1));

  // Segments come and go.
  await store.add(createDocuments(2, 30));
  await store.remove(['1-7']);
  await store.compact();
  const changed = found(await plain.search(queries));
  expect(changed).not.toEqual(right);
  expect(found(await store.search(queries))).toEqual(changed);
  await warm(store, queries[0]!);
  expect(found(await store.search(queries))).toEqual(changed);

  // A query that fails takes its batch with it, and nothing else.
  const abort = new AbortController();
  const failing = store.search([...queries, { ...queries[0]!, signal: abort.signal }]);
  abort.abort();
  await expect(failing).rejects.toMatchObject({ name: 'AbortError' });

  const running = store.search(queries);
  devices.at(-1)!.destroy();
  expect(found(await running)).toEqual(changed);
  expect(found(await store.search(queries))).toEqual(changed);
  // Another device takes its place.
  await warm(store, queries[0]!);
  expect(devices).toHaveLength(2);
  expect(found(await store.search(queries))).toEqual(changed);

  await store.close();
  await expect(devices[1]!.lost).resolves.toMatchObject({ reason: 'destroyed' });
}, 120_000);

test('an adapter in software is left alone', async () => {
  const store = await open();
  await store.bind(createSpace(dimension));
  await store.add(createDocuments(1, documents));
  const asked = vi.spyOn(navigator.gpu, 'requestAdapter');
  const [query] = createQueries(1);
  // So many that the CPU takes long: only then is there a reason to look for a GPU.
  await store.search(Array.from({ length: 4000 }, () => ({ ...query!, k: 1 })));
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 });
  await store.search([query!, query!]);
  expect(devices).toHaveLength(0);
  expect((await store.stats()).kernel?.gpu).toBeUndefined();
});
