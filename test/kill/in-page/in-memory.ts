// Stores in memory, beside those on disk.
import type { Store } from '../../../src/spec/store.ts';
import { openCollection } from '../../../src/store/open-collection.ts';

/** A store that finds no IndexedDB, and so keeps everything in memory. No other may be opened meanwhile. */
export async function openInMemory(name: string): Promise<Store> {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', { value: undefined, configurable: true });
  try {
    return await openCollection({ name });
  } finally {
    Reflect.deleteProperty(globalThis, 'indexedDB');
    if (descriptor) Object.defineProperty(globalThis, 'indexedDB', descriptor);
  }
}
