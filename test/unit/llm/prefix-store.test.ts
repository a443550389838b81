import { describe, expect, test } from 'vitest';
import { KeyValues } from '../../../src/llm/key-values.ts';
import { commonPrefix, createPrefixStore } from '../../../src/llm/prefix-store.ts';
import { fakeRows } from './fake-tensor.ts';

// 16 bytes a token.
const known = (tokens: number[], { steps = [], location = 'cpu' }: { steps?: number[]; location?: string } = {}) =>
  new KeyValues(tokens, { 'past_key_values.0.key': fakeRows(tokens, location) }, steps);
const disposed = ({ tensors }: KeyValues) => (Object.values(tensors)[0] as unknown as { disposed: boolean }).disposed;

describe('prefix store', () => {
  test('gives the longest beginning, as it is where all of it fits', () => {
    const store = createPrefixStore(10_000);
    const conversation = known([1, 2, 3]);
    store.keep(known([1, 9]));
    store.keep(conversation);
    expect(store.find([1, 2, 3, 4], true)).toBe(conversation);
    expect(store.find([1, 2, 7], true)?.tokens).toEqual([1, 2]);
    expect(store.find([8, 2, 3], true)).toBeUndefined();
  });

  test('leaves the last token of the prompt to be read', () => {
    const store = createPrefixStore(10_000);
    store.keep(known([1, 2, 3]));
    expect(store.find([1, 2, 3], true)?.tokens).toEqual([1, 2]);
    expect(store.find([1], true)).toBeUndefined();
  });

  test('ends at a step where it may not end anywhere', () => {
    const store = createPrefixStore(10_000);
    store.keep(known([1, 2, 3, 4, 5], { steps: [2, 4] }));
    expect(store.find([1, 2, 3, 4, 5, 6], false)?.tokens).toEqual([1, 2, 3, 4]);
    expect(store.find([1, 2, 3, 9], false)?.tokens).toEqual([1, 2]);
    expect(store.find([1, 9], false)).toBeUndefined();
  });

  test('on a GPU a whole entry or nothing', () => {
    const store = createPrefixStore(10_000);
    store.keep(known([1, 2, 3], { location: 'gpu-buffer' }));
    expect(store.find([1, 2, 3, 4], true)?.tokens).toEqual([1, 2, 3]);
    expect(store.find([1, 2, 4], true)).toBeUndefined();
  });

  test('what goes on replaces what it began with, but for what is shared', () => {
    const store = createPrefixStore(10_000);
    const system = known([1, 2], { location: 'gpu-buffer' });
    const first = known([1, 2, 3], { location: 'gpu-buffer' });
    store.keep(system, { shared: true });
    store.keep(first);
    store.keep(known([1, 2, 3, 4], { location: 'gpu-buffer' }));
    expect(store.holds(first)).toBe(false);
    expect(disposed(first)).toBe(true);
    expect(store.holds(system)).toBe(true);
    expect(disposed(system)).toBe(false);
  });

  test('the least recently used goes first; a shared beginning is used by whatever begins with it', () => {
    const store = createPrefixStore(16 * 8);
    const system = known([1, 2]);
    const first = known([1, 2, 3]);
    store.keep(system, { shared: true });
    store.keep(first);
    store.keep(known([7, 8, 9]));
    store.find([1, 2, 3, 4], true);
    store.keep(known([5, 6, 7]));
    expect(store.bytes).toBe(16 * 8);
    expect(store.find([7, 8, 9, 1], true)).toBeUndefined();
    expect(store.find([1, 2, 3, 4], true)).toBe(first);
    expect(store.holds(system)).toBe(true);
  });

  test('keeps nothing twice, nothing empty and nothing larger than the budget; clear frees all', () => {
    const store = createPrefixStore(16 * 4);
    const kept = known([1, 2, 3], { location: 'gpu-buffer' });
    store.keep(kept);
    store.keep(known([1, 2, 3]));
    store.keep(new KeyValues([], {}));
    store.keep(known([4, 5, 6, 7, 8]));
    expect(store.bytes).toBe(16 * 3);
    expect(store.holds(kept)).toBe(true);
    store.clear();
    expect(store.bytes).toBe(0);
    expect(disposed(kept)).toBe(true);
  });
});

test('common prefix', () => {
  expect(commonPrefix([1, 2, 3], [1, 2, 4])).toBe(2);
  expect(commonPrefix([1], [1, 2])).toBe(1);
  expect(commonPrefix([], [1])).toBe(0);
});
