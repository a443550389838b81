// Records beside a collection, in IndexedDB.
import { expect, test } from 'vitest';
import { deleteCollection } from '../../src/store/collections.ts';
import { recordsOf } from '../../src/store/records.ts';

const databases = async () => (await indexedDB.databases()).map(({ name }) => name);

test('records last, go with their collection, and make no database before the first one is put', async () => {
  const records = recordsOf('kept', true);
  expect(await records.get('adapter')).toBeUndefined();
  await records.delete('adapter');
  await records.clear();
  expect(await databases()).not.toContain('inpage-records:kept');
  const value = { weights: Float32Array.of(1, 2), nested: new Map([['a', { b: 1 }]]) };
  await records.put('adapter', value);
  await records.put('other', 1);
  await records.delete('other');
  expect(await recordsOf('kept', true).get('adapter')).toEqual(value);
  expect(await recordsOf('kept', true).get('other')).toBeUndefined();
  await records.clear();
  expect(await records.get('adapter')).toBeUndefined();
  await records.put('adapter', 1);
  await deleteCollection('kept');
  expect(await databases()).not.toContain('inpage-records:kept');
  expect(await records.get('adapter')).toBeUndefined();
});
