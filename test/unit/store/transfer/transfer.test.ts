// Export and import without a browser: what comes out of a copy is what is in the original, and nothing of a bad file stays.
import { afterEach, describe, expect, test } from 'vitest';
import type { DocumentHead, Store, StoreQuery } from '../../../../src/spec/store.ts';
import { deleteCollection } from '../../../../src/store/collections.ts';
import { openCollection } from '../../../../src/store/open-collection.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../../contract/test-store.ts';

const dimension = 16;
const words = 'apple river stone cloud engine paper silver garden window ladder copper bridge'.split(' ');
let count = 0;
const opened: { store: Store; name: string }[] = [];

afterEach(async () => {
  for (const { store, name } of opened.splice(0)) {
    await store.close();
    await deleteCollection(name);
  }
});

async function open(bound = true): Promise<Store> {
  const name = `transfer ${count++}`;
  const store = await openCollection({ name });
  opened.push({ store, name });
  if (bound) await store.bind(createSpace(dimension));
  return store;
}

/** A document of random words. */
function document(id: string, random: () => number, { length = 300, ...head }: Partial<DocumentHead> & { length?: number } = {}) {
  let text = '';
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]} `;
  return createDocument(id, { random, text, dimension, spanLength: 60, hash: `hash ${id} ${text.length}`, ...head });
}

async function fill(store: Store, seed: number, prefix = 'd'): Promise<void> {
  const random = createRandom(seed);
  for (let group = 0; group < 6; group++) {
    const documents = Array.from({ length: 7 }, (_, index) =>
      document(`${prefix}${group}-${index}`, random, {
        length: 50 + random() * 900,
        metadata: { group, tags: ['x', `t${index}`], weight: index === 3 ? Number.POSITIVE_INFINITY : random(), none: null },
        ...(index % 2 === 0 && { url: `https://example.org/${group}` }),
        ...(index === 1 && { sections: [{ level: 1, title: `Part ${group} “é” \ud800`, start: 0, end: 30 }] }),
      }),
    );
    await Promise.all(documents.map((each) => put(store, each)));
  }
}

async function collect(file: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file) pieces.push(piece);
  return pieces;
}

async function* pieces(bytes: Uint8Array, size = 1 << 16): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const join = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const exported = async (store: Store) => join(await collect(store.export()));

/** Hits of many queries, as they are. */
async function ask(store: Store) {
  const random = createRandom(99);
  const queries: StoreQuery[] = [];
  for (let index = 0; index < 12; index++) {
    const vector = createVector(random, dimension);
    const text = `${words[index]} ${words[(index * 5 + 3) % words.length]}`;
    queries.push(
      { vector, k: 20 },
      { text, k: 20 },
      { vector, text, k: 20 },
      { vector, exact: true, filter: { group: { $lte: 2 } } },
    );
    queries.push(
      { text: `"${words[index]} ${words[index + 1] ?? words[0]}"`, k: 10 },
      { vector, filter: { weight: { $gt: 2 } } },
    );
  }
  return store.search(queries);
}

describe('a copy', () => {
  test('finds the same, bit for bit, in the same order of documents', async () => {
    const store = await open();
    await fill(store, 1);
    const copy = await open(false);
    const file = await exported(store);
    expect(await copy.import(pieces(file, 1000))).toEqual({ documents: 42, chunks: (await store.stats()).chunks });
    expect(await ask(copy)).toEqual(await ask(store));
    expect(await copy.list()).toEqual(await store.list());
    for (const { id } of await store.list()) expect(await copy.text(id)).toBe(await store.text(id));
    const [from, to] = [await store.stats(), await copy.stats()];
    expect(to).toMatchObject({ documents: 42, chunks: from.chunks, segments: from.segments, space: from.space });
    expect(await exported(copy)).toEqual(file);
  });

  test('has no deleted rows, and finds what a compacted original finds', async () => {
    const store = await open();
    await fill(store, 2);
    const gone = (await store.list()).flatMap(({ id }, index) => (index % 3 === 1 ? [id] : []));
    await store.remove(gone);
    expect((await store.stats()).deleted).toBeGreaterThan(0);
    const copy = await open(false);
    await copy.import(pieces(await exported(store)));
    expect(await copy.stats()).toMatchObject({ documents: 28, deleted: 0, chunks: (await store.stats()).chunks });
    expect(await ask(copy)).toEqual(await ask(store));
    await store.compact();
    expect(await ask(copy)).toEqual(await ask(store));
  });

  test('of many segments and texts of many blocks', async () => {
    const random = createRandom(3);
    const store = await open();
    await put(store, document('large', random, { length: 400_000 }));
    await put(store, document('empty', random, { length: 0 }));
    await put(store, document('odd', random, { length: 32_000 }));
    const parts = await collect(store.export());
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
    const copy = await open(false);
    await copy.import(pieces(join(parts), 100_001));
    expect((await copy.stats()).segments).toBeGreaterThan(1);
    expect(await ask(copy)).toEqual(await ask(store));
    expect(await copy.text('large', 199_990, 200_010)).toBe(await store.text('large', 199_990, 200_010));
  });
});
