// A store whose scans are divided: the answers are those of a store that scans alone, whatever happens to the threads.
import { afterEach, expect, test, vi } from 'vitest';
import type { Store } from '../../../../src/spec/store.ts';
import { deleteCollection } from '../../../../src/store/collections.ts';
import { openMemoryDatabase } from '../../../../src/store/disk/memory-database.ts';
import { type CollectionEvent, openCollection } from '../../../../src/store/open-collection.ts';
import type { Shard, ShardOptions } from '../../../../src/store/shards/shard.ts';
import { nextTask } from '../../../../src/util/async.ts';
import { type InProcessShard, inProcessShards } from '../../../support/in-process-shards.ts';
import { ShardHistory } from '../../../support/shard-history.ts';

const name = 'shards';
const stores: Store[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await deleteCollection(name);
});

async function open(shards?: ShardOptions, options?: { memory?: number; onEvent?: (event: CollectionEvent) => void }) {
  const store = await openCollection({ name, shards, ...options });
  stores.push(store);
  return store;
}

/** A collection of some thousand passages, and what its two stores have seen. */
async function begin(options: Partial<ShardOptions> & { wrap?: (shard: Shard) => Shard } = {}, seed = 1) {
  const { start, started } = inProcessShards(options.wrap);
  const events: CollectionEvent[] = [];
  const shards = { start, cores: 3, rows: 4000, trial: 0, ...options };
  const sharded = await open(shards, { onEvent: (event) => events.push(event) });
  const history = new ShardHistory(seed, { sharded, single: await open() });
  await history.begin();
  for (let commit = 0; commit < 6; commit++) await history.add(1000);
  return { sharded, history, started, events };
}

const threads = async (store: Store) => (await store.stats()).kernel?.shards;

/** Searches until the codes are divided. */
async function divided(store: Store, history: ShardHistory, started: readonly InProcessShard[], count = 2): Promise<void> {
  await store.search(history.query());
  await vi.waitFor(async () => {
    expect(await threads(store)).toBe(count);
    for (const shard of started) if (!shard.ended) expect(shard.held.size).toBeGreaterThan(0);
  });
}

const scans = (started: readonly InProcessShard[]) => started.reduce((sum, shard) => sum + shard.scans, 0);

test.each([1, 2, 3])('equal through adding, replacing, removing, compaction and filters (seed %i)', async (seed) => {
  const { sharded, history, started } = await begin({}, seed);
  await divided(sharded, history, started);
  await history.check(6);
  await history.remove(0.2);
  await history.check(6);
  await history.add(2500);
  await history.check(6);
  await history.compact();
  await history.check(6);
  await history.add(1500);
  await history.remove(0.1);
  await history.check(6);
  expect(scans(started)).toBeGreaterThan(30);
});

test('searches, commits and compaction at once', async () => {
  const { sharded, history, started } = await begin();
  await divided(sharded, history, started);
  let writing = true;
  const search = async () => {
    while (writing) {
      expect(await sharded.search(history.query())).toHaveLength(10);
      await nextTask();
    }
  };
  const searching = [search(), search()];
  for (let round = 0; round < 5; round++) {
    await history.add(600);
    await history.remove(0.1);
    await history.compact();
  }
  writing = false;
  await Promise.all(searching);
  await history.check(3);
});

test('codes are in one place each, and those of segments that are gone are dropped', async () => {
  const { sharded, history, started } = await begin();
  await divided(sharded, history, started);
  const before = (await sharded.stats()).segments;
  expect(started.reduce((sum, { held }) => sum + held.size, 0)).toBeLessThan(before);
  await history.remove(1);
  await sharded.search(history.query());
  await history.add(1100);
  await sharded.search(history.query());
  // So few rows are scanned by one thread.
  await vi.waitFor(async () => expect(await threads(sharded)).toBe(0));
  for (const shard of started) {
    expect(shard.ended).toBe(true);
    expect(shard.held.size).toBe(0);
  }
  expect((await sharded.stats()).kernel?.unsharded).toBeUndefined();
  await history.add(5000);
  await history.check(1);
  await vi.waitFor(async () => expect(await threads(sharded)).toBe(2));
  await history.check(6);
});

test('a thread that dies during a scan: the search is repeated, the others go on', async () => {
  const { sharded, history, started } = await begin();
  await divided(sharded, history, started);
  const before = started[1]!.held.size;
  started[0]!.onScan = () => {
    started[0]!.onScan = undefined;
    started[0]!.die();
  };
  const running = [sharded.search(history.query()), sharded.search(history.query())];
  for (const hits of await Promise.all(running)) expect(hits).toHaveLength(10);
  await history.check(6);
  expect(await threads(sharded)).toBe(1);
  // What has come back is divided again.
  await vi.waitFor(() => expect(started[1]!.held.size).toBeGreaterThan(before));
  await history.check(6);

  started[1]!.die();
  await history.check(6);
  expect((await sharded.stats()).kernel).toMatchObject({ shards: 0, unsharded: expect.stringContaining('unexpectedly') });
});

test('a thread that fails at a scan is given up', async () => {
  let failing = false;
  const wrap = (shard: Shard): Shard => ({
    ...shard,
    scan: (...scan) => (failing ? Promise.reject(new Error('no memory')) : shard.scan(...scan)),
  });
  const { sharded, history, started } = await begin({ wrap });
  await divided(sharded, history, started);
  failing = true;
  await history.check(6);
  expect(started.map(({ ended }) => ended)).toEqual([true, true]);
});

test('a thread that dies while codes are on the way to it', async () => {
  let left = 2;
  const wrap = (shard: Shard): Shard => ({
    ...shard,
    put: (...put) => (left-- > 0 ? shard.put(...put) : Promise.reject(new Error('no memory'))),
  });
  const { sharded, history } = await begin({ wrap });
  await history.check(9);
  await vi.waitFor(async () => expect(await threads(sharded)).toBeLessThan(2));
  await history.check(6);
});

test('codes that cannot be read again are damage, and are reported', async () => {
  const { sharded, history, started, events } = await begin();
  await divided(sharded, history, started);
  const database = openMemoryDatabase(name);
  await database.write('strict', async (tables) => {
    for (const id of await tables.keys('segments')) tables.delete('segments', id);
  });
  for (const shard of started) shard.die();
  const hits = await sharded.search(history.query());
  expect(hits.length).toBeGreaterThan(0);
  const damage = events.filter(({ type }) => type === 'data-corrupt');
  expect(damage).toHaveLength(1);
  const lost = new Set((damage[0] as Extract<CollectionEvent, { type: 'data-corrupt' }>).documents);
  expect(lost.size).toBeGreaterThan(0);
  expect(lost.size).toBeLessThan((await sharded.list()).length);
});

test('threads that do not pay are ended, and the codes come back', async () => {
  const wrap = (shard: Shard): Shard => ({
    ...shard,
    scan: async (...scan) => {
      const found = await shard.scan(...scan);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return found;
    },
  });
  const { sharded, history, started } = await begin({ wrap, trial: 5 });
  await sharded.search(history.query());
  await vi.waitFor(
    async () => {
      const { shards, unsharded } = (await sharded.stats()).kernel!;
      expect(unsharded).toMatch(/^Scans by 3 threads took \d+ % of the time of one\.$/);
      expect(shards).toBe(0);
    },
    { timeout: 5000 },
  );
  for (const shard of started) expect(shard).toMatchObject({ ended: true, scans: 5 });
  await history.add(1000);
  await history.check(6);
  expect(started).toHaveLength(2);
});

test('threads that pay are kept', async () => {
  const { sharded, history, started } = await begin({ trial: 5, cores: 4 });
  // From when they are there, time goes by a thousand times as slowly.
  const now = performance.now.bind(performance);
  let since: number | undefined;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    if (started.length < 3) return now();
    since ??= now();
    return since + (now() - since) / 1000;
  });
  try {
    await sharded.search(history.query());
    await vi.waitFor(() => {
      for (const shard of started) expect(shard.scans).toBe(5);
      expect(started).toHaveLength(3);
    });
  } finally {
    clock.mockRestore();
  }
  await history.check(3);
  expect((await sharded.stats()).kernel).toMatchObject({ shards: 3, unsharded: undefined });
});

test.each<[string, Partial<ShardOptions>, number | undefined, RegExp]>([
  ['on one core', { cores: 1 }, undefined, /one core/],
  ['where no thread starts', { start: () => Promise.reject(new Error('No workers here.')) }, undefined, /No workers here/],
  ['with little memory', {}, 1000, /memory budget/],
])('one thread scans %s, and the reason is told', async (_when, options, memory, reason) => {
  const { start, started } = inProcessShards();
  const sharded = await open({ start, cores: 3, rows: 2000, trial: 0, ...options }, { memory });
  const history = new ShardHistory(3, { sharded, single: await open() });
  await history.begin();
  await history.add(3000);
  await history.check(6);
  // Threads are thought of when the answer is out.
  await expect
    .poll(async () => (await sharded.stats()).kernel)
    .toMatchObject({ shards: 0, unsharded: expect.stringMatching(reason) });
  expect(started).toHaveLength(0);
});

test('a small collection starts none', async () => {
  const { start, started } = inProcessShards();
  const sharded = await open({ start, cores: 3, rows: 5000, trial: 0 });
  const history = new ShardHistory(4, { sharded, single: await open() });
  await history.begin();
  await history.add(3000);
  await history.check(6);
  expect(started).toHaveLength(0);
  expect((await sharded.stats()).kernel).toMatchObject({ shards: 0, unsharded: undefined });
});

test('an abort and a close in the middle of a scan', async () => {
  const { sharded, history, started } = await begin();
  await divided(sharded, history, started);
  const controller = new AbortController();
  started[0]!.onScan = () => {
    started[0]!.onScan = undefined;
    controller.abort();
  };
  await expect(sharded.search({ ...history.query(), signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  await history.check(3);

  const closing = new Promise<void>((resolve) => {
    started[1]!.onScan = () => {
      started[1]!.onScan = undefined;
      sharded.close().then(resolve);
    };
  });
  await expect(sharded.search(history.query())).rejects.toMatchObject({ code: 'closed' });
  await closing;
  expect(started.map(({ ended }) => ended)).toEqual([true, true]);
});
