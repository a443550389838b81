// The store over IndexedDB: the contract, several stores at once, and every way in which storage fails.
import { type Remote, wrap } from 'comlink';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Store } from '../../src/spec/store.ts';
import { deleteCollection, listCollections } from '../../src/store/collections.ts';
import { type CollectionEvent, openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put, testStore } from '../contract/test-store.ts';
import { findOrphans } from '../support/orphans.ts';
import { History } from '../support/store-history.ts';
import { StoreScene } from '../support/store-scene.ts';
import type { Peer } from './store-peer.ts';

let count = 0;
const newName = () => `test ${count++}: “ä/ö” 😀`;

testStore('IndexedDB', async () => {
  const name = newName();
  return { open: () => openCollection({ name }), destroy: () => deleteCollection(name) };
});

describe('over IndexedDB', () => {
  let name: string;
  const open: { store: Store[]; workers: Worker[] } = { store: [], workers: [] };

  beforeEach(() => {
    name = newName();
  });
  afterEach(async () => {
    for (const worker of open.workers.splice(0)) worker.terminate();
    for (const store of open.store.splice(0)) await store.close();
    await deleteCollection(name);
  });

  async function openStore(events?: CollectionEvent[], onChange?: () => void, memory?: number): Promise<Store> {
    const store = await openCollection({ name, onChange, memory, onEvent: (event) => events?.push(event) });
    open.store.push(store);
    await store.bind(createSpace(8));
    return store;
  }

  function startPeer(): { peer: Remote<Peer>; worker: Worker } {
    const worker = new Worker(new URL('./store-peer.ts', import.meta.url), { type: 'module' });
    open.workers.push(worker);
    return { peer: wrap<Peer>(worker), worker };
  }

  const openRaw = () => openDB(`inpage:${name}`);
  const vector = createVector(createRandom(3), 8);
  const found = async (store: Store) => (await store.search({ vector, k: 1000 })).map((hit) => hit.document).sort();

  /** What is on disk, counted. */
  async function countRecords(): Promise<Record<string, number>> {
    const database = await openRaw();
    const counts = await Promise.all(
      Array.from(database.objectStoreNames, async (table) => [table, await database.count(table)]),
    );
    database.close();
    return Object.fromEntries(counts);
  }

  test.each([
    { seed: 1, memory: undefined },
    { seed: 2, memory: 3000 },
  ])('a random history answers as the model does, bit for bit: %o', async ({ seed, memory }) => {
    const history = new History({ seed, passages: 20, open: () => openCollection({ name, memory }) });
    await history.begin();
    for (let step = 0; step < 60; step++) await history.step();
    await history.end();
    expect(await findOrphans(name)).toEqual([]);
  });

  test('searches beside changes in two stores are never wrong', async () => {
    const events: CollectionEvent[] = [];
    const stores = [await openStore(events, undefined, 300), await openStore(events)];
    await new StoreScene(3, stores).run(24);
    expect(events).toEqual([]);
    for (const store of stores) await store.close();
    expect(await findOrphans(name)).toEqual([]);
  });

  test('collections are listed and deleted', async () => {
    const store = await openStore();
    await put(store, createDocument('a'));
    expect((await store.stats()).persistent).toBe(true);
    expect(await listCollections()).toContain(name);
    let changes = 0;
    await openStore([], () => changes++);
    await deleteCollection(name);
    expect(await listCollections()).not.toContain(name);
    await expect.poll(() => changes).toBe(1);
    // A store that was open goes on with the new, empty collection.
    expect(await store.list()).toEqual([]);
    await put(store, createDocument('b'));
    expect(await found(store)).toEqual(['b']);
  });

  test('two stores in two threads write at once and lose nothing', async () => {
    let changes = 0;
    const store = await openStore([], () => changes++);
    const { peer } = startPeer();
    await peer.open(name);
    const ids = Array.from({ length: 60 }, (_, index) => `${index}`);
    const mine = ids.slice(0, 35);
    const theirs = ids.slice(25);
    await Promise.all([Promise.all(mine.map((id) => put(store, createDocument(id)))), peer.putAll(theirs)]);
    expect(await found(store)).toEqual([...ids].sort());
    expect((await peer.list()).sort()).toEqual([...ids].sort());
    await expect.poll(() => changes).toBeGreaterThan(0);
    for (const stats of [await store.stats(), await peer.stats()]) {
      expect(stats).toMatchObject({ documents: ids.length, chunks: ids.length });
      expect(stats.segments).toBeLessThan(12);
    }
    const reopened = await openStore();
    expect(await found(reopened)).toEqual([...ids].sort());
  });

  test('what was acknowledged is there after the thread is killed; what was begun is removed, but not while its writer lives', async () => {
    const { peer, worker } = startPeer();
    await peer.open(name);
    await peer.putAll(['kept']);
    await peer.begin('unfinished');
    const staged = await countRecords();
    expect(staged.staging).toBe(1);
    expect(staged.text).toBeGreaterThan(90);

    const meanwhile = await openStore();
    expect(await countRecords()).toEqual(staged);
    expect(await found(meanwhile)).toEqual(['kept']);
    worker.terminate();
    await expect
      .poll(async () => {
        const store = await openStore();
        expect(await found(store)).toEqual(['kept']);
        return findOrphans(name);
      })
      .toEqual([]);
  });

  test('without Web Locks, leftovers go only after a day of silence', async () => {
    const locks = navigator.locks;
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
    try {
      const hour = 60 * 60 * 1000;
      let time = 0;
      const openAt = async (hours: number) => {
        time = hours * hour;
        open.store.push(await openCollection({ name, now: () => time }));
        return (await countRecords()).staging;
      };
      const store = await openStore();
      time = Date.now();
      await store.write(createDocument('large').head).then((writer) => writer.text('x'.repeat(3_000_000)));
      expect(await openAt(time / hour + 23)).toBe(1);
      expect(await openAt(time / hour + 3)).toBe(0);
    } finally {
      Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    }
  });

  test('an abort, a close and a deletion leave nothing of a large document', async () => {
    const store = await openStore();
    const begin = async () => {
      const writer = await store.write(createDocument('large').head);
      await writer.text('x'.repeat(3_000_000));
      expect((await countRecords()).staging).toBe(1);
      return writer;
    };
    const empty = await countRecords();
    await (await begin()).abort();
    expect(await countRecords()).toEqual(empty);
    const writer = await begin();
    await deleteCollection(name);
    await expect(writer.commit()).rejects.toMatchObject({ code: 'storage-failed', message: expect.stringContaining('deleted') });
    expect(await countRecords()).toEqual(empty);
    await begin();
    await store.close();
    expect(await countRecords()).toEqual(empty);
  });

  test('a full disk keeps what was acknowledged, refuses the rest, and can be written to afterwards', async () => {
    const origin = location.origin;
    // Models that other tests have cached count too. Chromium remembers for a while how much room there was; it forgets it
    // together with the data.
    await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 5_000_000 });
    await cdp().send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,cache_storage' });
    const store = await openStore();
    // Passages weigh more than text, which is compressed.
    const text = 'y'.repeat(15_000);
    const heavy = (id: string) => createDocument(id, { text, spanLength: 1 });
    const acknowledged: string[] = [];
    let failure: unknown;
    try {
      for (let index = 0; index < 40 && !failure; index++) {
        await put(store, heavy(`${index}`)).then(
          (record) => acknowledged.push(record.id),
          (error) => {
            failure = error;
          },
        );
      }
      expect(failure).toMatchObject({ code: 'quota-exceeded', message: expect.stringContaining('full') });
      expect(acknowledged.length).toBeGreaterThan(0);
      expect((await store.list()).map((record) => record.id)).toEqual(acknowledged);
      // A large one fails while it is staged.
      const large = heavy('large');
      const writer = await store.write(large.head);
      const stage = async () => {
        await writer.text(text);
        for (let part = 0; part < 20; part++) await writer.chunks(large.spans, large.vectors);
      };
      await expect(stage()).rejects.toMatchObject({ code: 'quota-exceeded' });
      await expect(writer.commit()).rejects.toMatchObject({ code: 'quota-exceeded' });
    } finally {
      await cdp().send('Storage.overrideQuotaForOrigin', { origin });
    }
    expect((await countRecords()).staging).toBe(0);
    await put(store, createDocument('afterwards'));
    const reopened = await openStore();
    expect((await reopened.list()).map((record) => record.id)).toEqual([...acknowledged, 'afterwards']);
    for (const id of acknowledged) expect(await reopened.text(id)).toBe(text);
  });

  test('a damaged segment is left out, its documents are named, and adding them again heals the collection', async () => {
    const first = await openStore();
    // So many passages that they take several segments; "small" comes into one of its own at the end.
    const big = createDocument('big', { text: 'w'.repeat(30_000), spanLength: 1 });
    await put(first, big);
    await put(first, createDocument('small'));
    const whole = (await first.stats()).segments;
    expect(whole).toBeGreaterThan(1);
    await first.close();
    const damage = async (id: number, change: (buffer: ArrayBuffer) => ArrayBuffer | undefined) => {
      const database = await openRaw();
      const buffer = change(await database.get('segments', id));
      if (buffer) await database.put('segments', buffer, id);
      else await database.delete('segments', id);
      database.close();
    };
    const raw = await openRaw();
    const [id] = (await raw.getAllKeys('segments')) as number[];
    const intact = await raw.get('segments', id!);
    raw.close();

    const faults: ((buffer: ArrayBuffer) => ArrayBuffer | undefined)[] = [
      () => undefined,
      (buffer) => buffer.slice(0, -4),
      (buffer) => {
        new Uint8Array(buffer)[5000]! ^= 1;
        return buffer;
      },
      (buffer) => {
        new Uint8Array(buffer)[0]! ^= 1;
        return buffer;
      },
    ];
    for (const fault of faults) {
      await damage(id!, fault);
      const events: CollectionEvent[] = [];
      const store = await openStore(events);
      expect(events).toEqual([expect.objectContaining({ type: 'data-corrupt', documents: ['big'] })]);
      expect(await store.hash('big')).toBeUndefined();
      expect(await store.hash('small')).toBeDefined();
      const hits = await store.search({ vector, k: 1000, filter: { id: 'small' } });
      expect(hits.map((hit) => hit.document)).toEqual(['small']);
      expect(await store.text('big')).toBe(big.text);
      await store.close();
      await damage(id!, () => intact);
    }
    await damage(id!, faults[2]!);
    const store = await openStore();
    await put(store, createDocument('unrelated'));
    expect(await store.hash('big')).toBeUndefined();
    await put(store, big);
    expect(await store.hash('big')).toBe(big.head.hash);
    const events: CollectionEvent[] = [];
    const healed = await openStore(events);
    expect(events).toEqual([]);
    expect((await healed.stats()).chunks).toBe(30_002);
    expect((await healed.search({ vector, k: 1000, filter: { id: 'big' } })).length).toBe(1000);
  });

  test('a newer format is refused and left alone', async () => {
    const store = await openStore();
    await put(store, createDocument('a'));
    const raw = await openRaw();
    const manifest = await raw.get('manifest', 'manifest');
    await raw.put('manifest', { ...manifest, format: 3, epoch: manifest.epoch + 1 }, 'manifest');
    raw.close();
    const refused = expect.objectContaining({ code: 'format-unsupported', message: expect.stringMatching(/Update inpage/) });
    await expect(store.list()).rejects.toEqual(refused);
    await expect(put(store, createDocument('b'))).rejects.toEqual(refused);
    await expect(openStore()).rejects.toEqual(refused);
    await store.close();
    await deleteCollection(name);
    (await openDB(`inpage:${name}`, 3)).close();
    await expect(openStore()).rejects.toEqual(refused);
  });

  test.each(['none', 'forbidden'] as const)(
    'with storage "%s" the collection is in memory, and an event says so',
    async (storage) => {
      const { peer } = startPeer();
      expect(await peer.open(name, storage)).toEqual([{ type: 'storage-in-memory', message: expect.stringContaining(name) }]);
      await peer.putAll(['a', 'b']);
      expect(await peer.list()).toEqual(['a', 'b']);
      expect(await peer.stats()).toMatchObject({ persistent: false, documents: 2 });
      expect(await listCollections()).not.toContain(name);
    },
  );

  test('a connection that the browser has closed is opened again', async () => {
    const store = await openStore();
    await put(store, createDocument('before'));
    await cdp().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb,cache_storage' });
    await put(store, createDocument('after'));
    expect(await found(store)).toEqual(['after']);
    const reopened = await openStore();
    expect(await found(reopened)).toEqual(['after']);
  });

  test('who keeps the database open against a deletion is asked to close, by an error that says so', async () => {
    await openStore();
    const stubborn = await openRaw();
    await expect(deleteCollection(name)).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('Close the other tabs'),
    });
    stubborn.close();
  });
});
