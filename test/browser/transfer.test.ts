// Export and import over IndexedDB: copies, an import that is killed, a full disk, and how fast 50,000 vectors go.
import { wrap } from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { openStore } from '../../src/client/open-store.ts';
import type { Store } from '../../src/spec/store.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createSpace, createVector } from '../contract/test-store.ts';
import { databaseName, settled } from '../support/idb-raw.ts';
import { findOrphans } from '../support/orphans.ts';
import type { Peer } from './transfer-peer.ts';

const dimension = 384;
const words = 'apple river stone cloud engine paper silver garden window ladder copper bridge'.split(' ');
const realPut = IDBObjectStore.prototype.put;
let count = 0;
const opened: { name: string; store?: Store }[] = [];

afterEach(async () => {
  IDBObjectStore.prototype.put = realPut;
  for (const { store, name } of opened.splice(0)) {
    await store?.close();
    await deleteCollection(name);
  }
});

function newName(): string {
  const name = `transfer ${count++}`;
  opened.push({ name });
  return name;
}

async function open(name = newName()): Promise<Store> {
  const store = await openCollection({ name });
  opened.push({ name, store });
  return store;
}

/** A collection of documents with `passages` passages each. */
async function filled(documents: number, passages: number, seed: number): Promise<Store> {
  const store = await open();
  await store.bind(createSpace(dimension));
  const random = createRandom(seed);
  const pool = Float32Array.from({ length: 2000 * dimension }, () => (random() - 0.5) / 8);
  function* each() {
    for (let index = 0; index < documents; index++) {
      const texts = Array.from({ length: passages }, () =>
        Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)]).join(' '),
      );
      const vectors = new Float32Array(passages * dimension);
      for (let row = 0; row < passages; row++) {
        const [a, b] = [Math.floor(random() * 2000), Math.floor(random() * 2000)];
        for (let i = 0; i < dimension; i++) vectors[row * dimension + i] = pool[a * dimension + i]! + pool[b * dimension + i]!;
      }
      const text = texts.join('\n');
      let at = 0;
      const spans = texts.map(({ length }) => {
        const span = { start: at, end: at + length };
        at += length + 1;
        return span;
      });
      yield { id: `d${index}`, title: `Title ${index}`, text, passages: spans, vectors, metadata: { index } };
    }
  }
  await store.add(each());
  return store;
}

async function ask(store: Store, exact = false) {
  const random = createRandom(7);
  return store.search(
    Array.from({ length: 8 }, (_, index) => ({
      vector: createVector(random, dimension),
      text: `${words[index]} "${words[index + 1]} ${words[index + 2]}"`,
      k: 50,
      exact,
      ...(index % 2 && { filter: { index: { $gt: 3 } } }),
    })),
  );
}

async function toBlob(store: Store): Promise<Blob> {
  const pieces: BlobPart[] = [];
  for await (const piece of store.export()) pieces.push(piece as Uint8Array<ArrayBuffer>);
  return new Blob(pieces);
}

async function countRecords(name: string, table: string): Promise<number> {
  const database = await settled(indexedDB.open(databaseName(name)));
  const found = await settled(database.transaction(table).objectStore(table).count());
  database.close();
  return found;
}

test('a copy finds the same bit for bit, after reopening too, and other stores of its name see it', async () => {
  const from = await filled(60, 20, 1);
  const file = await toBlob(from);
  const name = newName();
  let changes = 0;
  const reader = await openCollection({ name, onChange: () => changes++ });
  opened.push({ name, store: reader });
  const copy = await open(name);
  expect(await copy.import(file.stream())).toEqual({ documents: 60, chunks: 1200 });
  const wanted = await ask(from);
  expect(await ask(copy)).toEqual(wanted);
  await expect.poll(() => changes).toBeGreaterThan(0);
  expect(await ask(reader)).toEqual(wanted);
  await copy.close();
  await reader.close();
  expect(await findOrphans(name)).toEqual([]);
  const again = await open(name);
  expect(await ask(again)).toEqual(wanted);
  expect(await again.list()).toEqual(await from.list());

  // Segments with deleted rows are written anew, and get other codes.
  await from.remove(['d7', 'd8']);
  const rest = await open();
  expect(await rest.import((await toBlob(from)).stream())).toEqual({ documents: 58, chunks: 1160 });
  expect(await ask(rest, true)).toEqual(await ask(from, true));
});

test('what an import that was killed has staged goes at the next opening', async () => {
  const from = await filled(40, 500, 2);
  const file = await toBlob(from);
  const name = newName();
  const kept = await open(name);
  await kept.bind(createSpace(dimension));
  await kept.add([{ id: 'kept', text: 'kept', vectors: createVector(createRandom(3), dimension) }]);
  await kept.close();
  const worker = new Worker(new URL('./transfer-peer.ts', import.meta.url), { type: 'module' });
  await wrap<Peer>(worker).begin(name, file.slice(0, file.size - 200));
  await expect.poll(() => countRecords(name, 'staging')).toBeGreaterThan(0);
  // It lives: nobody takes its things away.
  await (await openCollection({ name })).close();
  expect(await countRecords(name, 'staging')).toBeGreaterThan(0);
  worker.terminate();
  await expect
    .poll(async () => {
      await (await openCollection({ name })).close();
      return countRecords(name, 'staging');
    })
    .toBe(0);
  expect(await findOrphans(name)).toEqual([]);
  const store = await open(name);
  expect((await store.list()).map(({ id }) => id)).toEqual(['kept']);
});

test('a full disk at any write leaves the collection as it was', async () => {
  const from = await filled(40, 500, 4);
  const file = await toBlob(from);
  const name = newName();
  const store = await open(name);
  await store.bind(createSpace(dimension));
  await store.add([{ id: 'd3', text: 'old', vectors: createVector(createRandom(5), dimension) }]);
  const before = await store.list();
  let failAt = Number.POSITIVE_INFINITY;
  let writes = 0;
  IDBObjectStore.prototype.put = function (...args) {
    writes++;
    if (writes === failAt) throw new DOMException('full', 'QuotaExceededError');
    return realPut.apply(this, args);
  };
  await store.import(file.stream());
  const needed = writes;
  await store.clear();
  await store.bind(createSpace(dimension));
  await store.add([{ id: 'd3', text: 'old', vectors: createVector(createRandom(5), dimension) }]);
  const random = createRandom(6);
  for (let round = 0; round < 12; round++) {
    writes = 0;
    failAt = round === 0 ? 1 : round === 1 ? needed - 1 : 1 + Math.floor(random() * (needed - 1));
    await expect(store.import(file.stream()), `write ${failAt} of ${needed}`).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect((await store.list()).map(({ id, title }) => ({ id, title }))).toEqual(before.map(({ id, title }) => ({ id, title })));
    expect(await countRecords(name, 'staging')).toBe(0);
  }
  failAt = Number.POSITIVE_INFINITY;
  expect(await store.import(file.stream())).toEqual({ documents: 40, chunks: 20_000 });
  expect(await ask(store)).toEqual(await ask(from));
  await store.close();
  expect(await findOrphans(name)).toEqual([]);
});

test('50,000 vectors', async () => {
  const from = await filled(500, 100, 8);
  const timed = async <T>(work: () => Promise<T>) => {
    const start = performance.now();
    const result = await work();
    return { result, seconds: (performance.now() - start) / 1000 };
  };
  const { result: file, seconds: exporting } = await timed(() => toBlob(from));
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    const copy = await open();
    const { result, seconds } = await timed(() => copy.import(file.stream()));
    expect(result).toEqual({ documents: 500, chunks: 50_000 });
    rates.push(50_000 / seconds);
  }
  rates.sort((a, b) => a - b);
  const { bytes } = await from.stats();
  console.log(
    `50k × 384 with ${(bytes.text / 1e6).toFixed(1)} MB of text: export ${exporting.toFixed(2)} s, ${(file.size / 1e6).toFixed(1)} MB ` +
      `(on disk ${((bytes.vectors + bytes.lexical + bytes.text) / 1e6).toFixed(1)} MB); import ${rates.map(Math.round).join(', ')} vectors/s`,
  );
  expect(rates[1]).toBeGreaterThan(15_000);
});

test('a store in a worker gives and takes files, whole or as streams, and lets a slow reader make it wait', async () => {
  const store = await openStore({ name: newName(), space: { model: 'test/model', dimension } });
  const random = createRandom(9);
  await store.add(
    Array.from({ length: 3000 }, (_, index) => ({
      id: `d${index}`,
      text: `${words[index % words.length]} ${index}`,
      vectors: createVector(random, dimension),
    })),
  );
  // Compaction makes other codes, so candidates may differ; scores of all do not.
  const query = { vector: createVector(createRandom(10), dimension), k: 20, exact: true };
  const hits = await store.search(query);
  const seen: number[] = [];
  const file = await new Response(store.export({ onProgress: ({ done }) => seen.push(done) })).blob();
  expect(seen.length).toBeGreaterThan(2);

  // Left early: compaction goes on.
  const reader = store.export().getReader();
  await reader.read();
  await reader.cancel();
  await store.compact();
  const aborted = new AbortController();
  const stream = store.export({ signal: aborted.signal }).getReader();
  await stream.read();
  aborted.abort();
  await expect(stream.read()).rejects.toMatchObject({ name: 'AbortError' });
  await store.compact();

  const take = async (source: Blob | ReadableStream<Uint8Array>) => {
    const copy = await openStore({ name: newName() });
    try {
      expect(await copy.import(source)).toEqual({ documents: 3000, chunks: 3000 });
      expect(await copy.search(query)).toEqual(hits);
    } finally {
      await copy.close();
    }
  };
  await take(file);
  await take(file.stream());
  await take(store.export());
  await expect(store.import('' as never)).rejects.toMatchObject({ code: 'fetch-failed' });
  await expect(store.import({} as never)).rejects.toMatchObject({ code: 'invalid-argument' });
  await store.close();
});
