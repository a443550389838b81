// Stores on real servers: the contract of `Store`, and what is theirs alone. INPAGE_CHROMA_URL and INPAGE_QDRANT_URL name servers of
// your own; else Chroma's server and the local mode of Qdrant's client are installed from PyPI.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chroma } from '../../src/remote/chroma.ts';
import { qdrant } from '../../src/remote/qdrant.ts';
import type { Store } from '../../src/spec/store.ts';
import { createDocument, createSpace, put, testStore } from '../contract/test-store.ts';
import { prepareServers, type Server, startChroma, startQdrant } from '../support/servers/start.ts';

const reason = await prepareServers();
let number = 0;

const systems = [
  { name: 'chroma', own: process.env.INPAGE_CHROMA_URL, start: startChroma, open: chroma },
  { name: 'qdrant', own: process.env.INPAGE_QDRANT_URL, start: startQdrant, open: qdrant },
];

for (const { name, own, start, open } of systems) {
  describe.skipIf(reason && !own)(reason && !own ? `${name} (skipped: ${reason})` : name, () => {
    let server: Server | undefined;
    beforeAll(async () => {
      if (!own) server = await start();
    });
    afterAll(() => server?.close());
    const connect = (collection: string): Store => open({ name: collection, url: own ?? server!.url });

    testStore(
      name,
      async () => {
        const collection = `test-${Date.now()}-${number++}`;
        return {
          open: async () => connect(collection),
          async destroy() {
            const store = connect(collection);
            await store.clear();
            await store.close();
          },
        };
      },
      { remote: true },
    );

    test('passages of a writer that was lost are invisible, and compact() removes them', async () => {
      const store = connect(`test-${Date.now()}-${number++}`);
      await store.bind(createSpace(8));
      await put(store, createDocument('kept'));
      const { head, text, spans, vectors } = createDocument('lost');
      const writer = await store.write(head);
      await writer.text(text);
      await writer.chunks(spans, vectors);
      const hits = () => store.search({ vector: vectors.slice(0, 8) });
      expect((await hits()).map(({ document }) => document)).toEqual(['kept']);
      const seen: number[] = [];
      await store.compact({ onProgress: ({ done }) => seen.push(done) });
      expect(seen).toEqual([1]);
      expect(await hits()).toHaveLength(1);
      await store.clear();
    });

    test('search by words is refused, with the remedy; with words and a vector the vector decides', async () => {
      const store = connect(`test-${Date.now()}-${number++}`);
      await store.bind(createSpace(8));
      const document = createDocument('a');
      await put(store, document);
      const vector = document.vectors.slice(0, 8);
      const refused = expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining("'dense'") });
      await expect(store.search({ text: 'words' })).rejects.toEqual(refused);
      await expect(store.search({ text: 'words', vector, mode: 'hybrid' })).rejects.toEqual(refused);
      expect(await store.search({ text: 'words', vector })).toHaveLength(1);
      expect(() => store.export()).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
      await store.clear();
    });

    test('a server that cannot be reached', async () => {
      const store = open({ name: 'nowhere', url: 'http://127.0.0.1:9' });
      await expect(store.list()).rejects.toMatchObject({ code: 'remote-failed' });
    });
  });
}
