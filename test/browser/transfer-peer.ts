// A store in a worker of its own that imports a file which never ends, for a test that kills it.
import { expose } from 'comlink';
import type { Store } from '../../src/spec/store.ts';
import { openCollection } from '../../src/store/open-collection.ts';

let store: Store;

const peer = {
  /** Begins to import and resolves when all of `file` was taken. */
  async begin(name: string, file: Blob): Promise<void> {
    store = await openCollection({ name });
    await new Promise<void>((resolve, reject) => {
      async function* endless() {
        yield new Uint8Array(await file.arrayBuffer());
        resolve();
        await new Promise(() => {});
      }
      store.import(endless()).catch(reject);
    });
  },
};

export type Peer = typeof peer;

expose(peer);
