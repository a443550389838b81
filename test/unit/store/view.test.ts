// The view: follows the manifest, and keeps segments that are gone as long as a search that began before is at them.
import { expect, test } from 'vitest';
import { emptyManifest, type Manifest, type Reads, type SegmentEntry, type Writes } from '../../../src/store/disk/database.ts';
import type { Kernel } from '../../../src/store/kernels/kernel.ts';
import { createScalarKernel } from '../../../src/store/kernels/scalar-kernel.ts';
import { View } from '../../../src/store/view.ts';
import { createSegment, putSegment } from '../../../src/store/write/new-segment.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createSpace, createVector } from '../../contract/test-store.ts';

const dimension = 8;
const kernel = createScalarKernel(dimension);

/** A collection on disk that has one segment at a time. */
function createDisk() {
  const records = new Map<string, unknown>();
  const tables = {
    get: async (table: string, key: unknown) => records.get(`${table} ${key}`),
    keys: async () => [],
    values: async () => [],
    put: (table: string, key: unknown, value: unknown) => records.set(`${table} ${key}`, value),
    delete: (table: string, key: unknown) => records.delete(`${table} ${key}`),
  } as unknown as Reads & Writes;
  let manifest: Manifest = { ...emptyManifest(), space: createSpace(dimension) };
  const random = createRandom(1);
  const replace = (id: number) => {
    const part = {
      ordinal: id,
      chunk: 0,
      spans: Uint32Array.of(0, 1),
      ...kernel.encodeRows(createVector(random, dimension)),
      analyzed: [],
    };
    const { entry } = putSegment(tables, id, createSegment([part], kernel), 0);
    name([entry]);
  };
  const name = (segments: readonly SegmentEntry[]) => {
    manifest = { ...manifest, epoch: manifest.epoch + 1, segments };
    tables.put('manifest', 'manifest', manifest);
  };
  return { tables, replace, name };
}

const deferred = () => {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end };
};

test('searches that overlap without end keep no old segments', async () => {
  const used: Kernel = createScalarKernel(dimension);
  const dropped: number[] = [];
  const view = new View(
    () => used,
    ({ id }) => dropped.push(id),
  );
  const { tables, replace, name } = createDisk();
  replace(1);
  await view.load(tables);
  const one = used.memory;
  expect(one).toBeGreaterThan(0);

  const first = deferred();
  const firstHold = view.hold(() => first.over);
  replace(2);
  await view.load(tables);
  expect(dropped).toEqual([1]);
  expect(used.memory).toBe(2 * one);
  const second = deferred();
  const secondHold = view.hold(() => second.over);
  replace(3);
  await view.load(tables);
  expect(used.memory).toBe(3 * one);
  // The second search has not seen segment 1.
  first.end();
  await firstHold;
  expect(used.memory).toBe(2 * one);
  second.end();
  await secondHold;
  expect(used.memory).toBe(one);

  await expect(
    view.hold(async () => {
      name([]);
      await view.load(tables);
      expect(used.memory).toBe(one);
      throw new Error('failed');
    }),
  ).rejects.toThrow('failed');
  expect(used.memory).toBe(0);
});
