// Searches beside commits, compaction and clearing, in two stores over a database that takes its time.
import { expect, test } from 'vitest';
import { Collection } from '../../../src/store/collection.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createSpace } from '../../contract/test-store.ts';
import { SlowDatabase } from '../../support/slow-database.ts';
import { StoreScene } from '../../support/store-scene.ts';

test.each([1, 2, 3, 4])('seed %i', { timeout: 60_000 }, async (seed) => {
  const database = new SlowDatabase(createRandom(seed + 1000));
  const events: unknown[] = [];
  const open = async (memory: number) => {
    const store = new Collection(database, { name: 'concurrency', memory, now: () => 0, onEvent: (event) => events.push(event) });
    await store.bind(createSpace(8));
    return store;
  };
  // One has room for nothing, the other for everything.
  const stores = [await open(300), await open(1e9)];
  expect(await new StoreScene(seed, stores).run(8)).toBeGreaterThan(50);
  expect(events).toEqual([]);
  for (const store of stores) await store.close();
});
