// The store without IndexedDB.
import { expect, test } from 'vitest';
import { deleteCollection, listCollections } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { createDocument, createSpace, put, testStore } from '../../contract/test-store.ts';

let count = 0;

testStore('memory', async () => {
  const name = `memory ${count++}`;
  return { open: () => openCollection({ name }), destroy: () => deleteCollection(name) };
});

test('says that nothing is kept, and shares the content of a name until it is deleted', async () => {
  const events: unknown[] = [];
  const name = 'odd/name: “ü” 😀';
  const store = await openCollection({ name, onEvent: (event) => events.push(event) });
  expect(events).toEqual([{ type: 'storage-in-memory', message: expect.stringContaining(name) }]);
  await store.bind(createSpace(8));
  await put(store, createDocument('a'));
  expect((await store.stats()).persistent).toBe(false);
  expect(await listCollections()).toContain(name);
  await deleteCollection(name);
  expect(await listCollections()).not.toContain(name);
  expect(await store.list()).toEqual([]);
  await store.close();
  await deleteCollection(name);
});

test('names and signals are checked', async () => {
  for (const name of ['', 'x'.repeat(201), 7 as never]) {
    await expect(openCollection({ name })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(deleteCollection(name)).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  await expect(openCollection({ name: 'x', signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  const opening = openCollection({ name: 'x', signal: controller.signal });
  controller.abort();
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
});

test('documents carry the time of their commit', async () => {
  const store = await openCollection({ name: 'clock', now: () => 1234 });
  await store.bind(createSpace(8));
  expect((await put(store, createDocument('a'))).addedAt).toBe(1234);
  await store.close();
});
