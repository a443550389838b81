// Scans divided among real workers of a worker, over IndexedDB: the answers are those of a store that scans alone.
import { type Remote, wrap } from 'comlink';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteCollection } from '../../src/store/collections.ts';
import type { ShardPeer } from './shard-peer.ts';

const name = 'shards';
let worker: Worker;
let peer: Remote<ShardPeer>;

beforeEach(() => {
  worker = new Worker(new URL('./shard-peer.ts', import.meta.url), { type: 'module' });
  peer = wrap<ShardPeer>(worker);
});
afterEach(async () => {
  await peer.close();
  worker.terminate();
  await deleteCollection(name);
});

async function fill(seed: number, script?: string): Promise<void> {
  await peer.open(name, seed, script);
  for (let commit = 0; commit < 6; commit++) await peer.add(1000);
}

/** Searches until the threads are there. */
const divided = (count: number) =>
  expect
    .poll(async () => {
      await peer.check(1);
      return (await peer.kernel())?.shards;
    })
    .toBe(count);

test.each([1, 2])('equal through adding, replacing, removing, compaction and filters (seed %i)', async (seed) => {
  await fill(seed);
  await divided(2);
  await peer.check(12);
  await peer.remove(0.2);
  await peer.add(2000);
  await peer.check(6);
  await peer.compact();
  await peer.check(6);
  await peer.add(1500);
  await peer.check(6);
  expect(await peer.kernel()).toMatchObject({ shards: 2 });
  expect(await peer.started()).toBe(2);
});

test('workers that die under searches are not missed', async () => {
  await fill(3);
  await divided(2);
  expect(await peer.kill(0)).toEqual([10, 10, 10, 10]);
  await peer.check(6);
  expect(await peer.kernel()).toMatchObject({ shards: 1 });
  expect(await peer.kill(1)).toEqual([10, 10, 10, 10]);
  await peer.check(6);
  expect(await peer.kernel()).toMatchObject({ shards: 0, unsharded: expect.stringContaining('unexpectedly') });
});

test('where the script of the workers is missing, one thread scans', async () => {
  await fill(4, '/no-such-script.js');
  await peer.check(3);
  await expect.poll(async () => (await peer.kernel())?.unsharded).toContain('scan worker could not be started');
  await peer.check(6);
});
