// A store in a worker of its own, for tests that need a second one: another tab, a crash, a browser without storage.
import { expose } from 'comlink';
import type { Store } from '../../src/spec/store.ts';
import type { CollectionEvent } from '../../src/store/open-collection.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createDocument, createSpace, put } from '../contract/test-store.ts';

let store: Store;

const peer = {
  /** Opens a collection; gives the events of the opening. */
  async open(name: string, storage: 'real' | 'none' | 'forbidden' = 'real'): Promise<CollectionEvent[]> {
    if (storage === 'none') Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    if (storage === 'forbidden') {
      const open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      Object.defineProperty(globalThis, 'indexedDB', { value: { open } });
    }
    const events: CollectionEvent[] = [];
    store = await openCollection({ name, onEvent: (event) => events.push(event) });
    await store.bind(createSpace(8));
    return events;
  },
  /** Writes documents one after the other. */
  async putAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await put(store, createDocument(id));
  },
  /** Begins a document large enough to be staged, and leaves it. */
  async begin(id: string): Promise<void> {
    const writer = await store.write(createDocument(id).head);
    await writer.text('x'.repeat(3_000_000));
  },
  list: async () => (await store.list()).map((record) => record.id),
  stats: () => store.stats(),
};

export type Peer = typeof peer;

expose(peer);
