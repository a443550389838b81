// Records beside a collection, in memory; in IndexedDB they are in test/browser.
import { expect, test } from 'vitest';
import { deleteCollection } from '../../../src/store/collections.ts';
import { recordsOf } from '../../../src/store/records.ts';

test('records are kept by collection and key, and go with the collection', async () => {
  const one = recordsOf('one', false);
  const value = { weights: Float32Array.of(1, 2) };
  await one.put('adapter', value);
  value.weights[0] = 9;
  expect(await recordsOf('one', false).get('adapter')).toEqual({ weights: Float32Array.of(1, 2) });
  expect(await recordsOf('two', false).get('adapter')).toBeUndefined();
  await one.delete('adapter');
  expect(await one.get('adapter')).toBeUndefined();
  await one.put('a', 1);
  await deleteCollection('one');
  expect(await one.get('a')).toBeUndefined();
});
