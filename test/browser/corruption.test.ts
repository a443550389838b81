// Damaged records: bytes on disk are flipped, cut and lost. What is lost is named, everything else works, and adding the named
// documents again heals the collection.
import { beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddingSpace } from '../../src/spec/embedder.ts';
import type { Store } from '../../src/spec/store.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, put, type TestDocument } from '../contract/test-store.ts';
import databaseUrl from '../fixtures/format-1/database.bin?url';
import { fixtureDocuments, fixtureSpace } from '../fixtures/format-1/documents.ts';
import { type RawDatabase, readRaw, restoreRaw, unpackRaw, writeRaw } from '../support/idb-raw.ts';

const rounds = 40;

/** A collection as it is on disk, and what is in it. */
interface Sample {
  raw: RawDatabase;
  space: EmbeddingSpace;
  documents: readonly TestDocument[];
}

/** A record with bytes. */
interface Place {
  store: string;
  key: IDBValidKey;
  bytes: ArrayBuffer;
}

type Random = () => number;
const below = (random: Random, count: number) => Math.floor(random() * count);

const faults: Record<string, (bytes: Uint8Array, random: Random) => Uint8Array | undefined> = {
  'one bit flipped'(bytes, random) {
    bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
    return bytes;
  },
  'bytes overwritten'(bytes, random) {
    const from = below(random, bytes.length);
    return bytes.fill(below(random, 256), from, from + 64).map((byte, at) => (at === from ? byte ^ 0xff : byte));
  },
  'cut off': (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  'a word less': (bytes) => bytes.slice(0, -4),
  'a word more'(bytes) {
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    return longer;
  },
  empty: () => new Uint8Array(0),
  zeroes: (bytes) => new Uint8Array(bytes.length),
  gone: () => undefined,
};

/** Object stores with bytes in them, and their records. */
function findPlaces({ stores }: RawDatabase): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const [store, records] of Object.entries(stores)) {
    for (const { key, value } of records) {
      if (!(value instanceof ArrayBuffer)) continue;
      found.set(store, [...(found.get(store) ?? []), { store, key, bytes: value }]);
    }
  }
  return found;
}

/** Whether everything of a document but its digest is found. */
async function isWhole(store: Store, { head, text, spans, vectors }: TestDocument): Promise<boolean> {
  const dimension = vectors.length / Math.max(1, spans.length);
  if ((await store.text(head.id)) !== text) return false;
  if (spans.length === 0) return true;
  const filter = { id: head.id };
  if (spans.length <= 1000) {
    const hits = await store.search({ vector: vectors.slice(0, dimension), k: 1000, exact: true, filter });
    if (hits.length !== spans.length || hits.some((hit) => hit.text !== text.slice(hit.start, hit.end))) return false;
  }
  for (let row = 0; row < spans.length; row += Math.ceil(spans.length / 20)) {
    const vector = vectors.slice(row * dimension, (row + 1) * dimension);
    const [hit] = await store.search({ vector, k: 1 });
    if (hit?.id !== `${head.id}#${row}`) return false;
  }
  // Words that only this document has, and each with the one after it.
  for (const match of text.matchAll(/\b(unique\w+)( \w+)?/g)) {
    const row = spans.findLastIndex(({ start }) => start <= match.index);
    for (const words of [match[1]!, `"${match[0]}"`]) {
      const hits = await store.search({ text: words, k: 5 });
      if (hits[0]?.id !== `${head.id}#${row}`) return false;
    }
  }
  return true;
}

/** Damages a record of a copy of the sample, and checks what is left and how it heals. Gives the documents that were named. */
async function checkDamage(name: string, { raw, space, documents }: Sample, { store: table, key }: Place, value: unknown) {
  await restoreRaw(name, raw);
  await writeRaw(name, table, key, value);
  const named = new Set<string>();
  const open = async () => {
    const onEvent: Parameters<typeof openCollection>[0]['onEvent'] = (event) => {
      expect(event.type).toBe('data-corrupt');
      if (event.type === 'data-corrupt') for (const id of event.documents) named.add(id);
    };
    const store = await openCollection({ name, onEvent });
    await store.bind(space);
    return store;
  };
  let store = await open();
  try {
    const whole = new Map<string, boolean>();
    // What is lost may come to light only when it is needed.
    for (const _pass of ['first', 'second']) {
      for (const document of documents) whole.set(document.head.id, await isWhole(store, document));
      for (const [id, isSound] of whole) if (!isSound) expect(named).toContain(id);
    }
    const lost = documents.filter(({ head }) => named.has(head.id));
    for (const { head } of documents) {
      expect(await store.hash(head.id)).toBe(named.has(head.id) ? undefined : head.hash);
      if (named.has(head.id)) expect(whole.get(head.id)).toBe(false);
    }
    expect((await store.list()).map(({ id }) => id)).toEqual(documents.map(({ head }) => head.id));

    for (const document of lost) await put(store, document);
    const check = async () => {
      for (const document of documents) {
        expect(await isWhole(store, document)).toBe(true);
        expect(await store.hash(document.head.id)).toBe(document.head.hash);
      }
    };
    await check();
    await store.close();
    named.clear();
    store = await open();
    await check();
    await store.compact();
    await check();
    expect(named).toEqual(new Set());
    return lost.map(({ head }) => head.id);
  } finally {
    await store.close();
    await deleteCollection(name);
  }
}

/** Text of passages of 40 units; the first and the last have words that no other document has. */
function createText(random: Random, id: string, passages: number): string {
  const words = 'alder birch cedar daisy ebony flax grape hazel iris juniper'.split(' ');
  const passage = (start: string) => {
    let text = start;
    while (text.length < 40) text += `${words[below(random, words.length)]} `;
    return text.slice(0, 40);
  };
  const starts = Array.from({ length: passages }, () => '');
  starts[passages - 1] = `unique${id}last `;
  starts[0] = `unique${id} `;
  return starts.map(passage).join('');
}

describe('a damaged collection', () => {
  let sample: Sample;

  beforeAll(async () => {
    const name = 'damage';
    const random = createRandom(4);
    const space = createSpace(24);
    const create = (id: string, passages: number) => {
      const text = createText(random, id, passages);
      return createDocument(id, { random, text, dimension: 24, spanLength: 40 });
    };
    const store = await openCollection({ name });
    await store.bind(space);
    const put_ = async (...documents: TestDocument[]) => {
      await Promise.all(documents.map((document) => put(store, document)));
      return documents;
    };
    await put_(...Array.from({ length: 8 }, (_, index) => create(`a${index}`, 1 + index * 3)));
    const early = await put_(...Array.from({ length: 8 }, (_, index) => create(`b${index}`, 1 + index * 3)));
    // More than a segment and a block of rows.
    const big = await put_(create('big', 4500));
    const late = await put_(...Array.from({ length: 4 }, (_, index) => create(`c${index}`, 30)));
    // Masks of deleted rows.
    await store.remove(['a2', 'a3', 'b5', 'c1']);
    await store.remove(['a0', 'a1', 'a4', 'a5', 'a6']);
    const replaced = await put_(create('a7', 3));
    await store.close();
    const documents = [...early, ...big, ...late].filter(({ head }) => !['b5', 'c1'].includes(head.id)).concat(replaced);
    sample = { raw: await readRaw(name), space, documents };
    await deleteCollection(name);
  });

  test(`${rounds} random faults: what is lost is named, the rest is found, and adding again heals`, async () => {
    const random = createRandom(5);
    const places = [...findPlaces(sample.raw).values()];
    const tally: Record<string, number> = {};
    const failures: string[] = [];
    for (let round = 0; round < rounds; round++) {
      // Each object store and each fault in turn.
      const records = places[round % places.length]!;
      const place = records[below(random, records.length)]!;
      const names = Object.keys(faults);
      const fault = names[Math.floor(round / places.length) % names.length]!;
      const value = faults[fault]!(new Uint8Array(place.bytes.slice(0)), random);
      const changed = value && new Uint8Array(value).buffer;
      try {
        const lost = await checkDamage(`damage ${round}`, sample, place, changed);
        tally[place.store] = Math.max(tally[place.store] ?? 0, lost.length);
      } catch (error) {
        failures.push(`round ${round}, "${place.store}" ${JSON.stringify(place.key)}, ${fault}: ${(error as Error).message}`);
      }
    }
    expect(failures).toEqual([]);
    console.log(`documents lost with one record at most, by object store: ${JSON.stringify(tally)}`);
    expect(Math.max(...Object.values(tally))).toBeGreaterThan(0);
  });

  test('a record in the place of another is no valid one', async () => {
    for (const records of findPlaces(sample.raw).values()) {
      const [first, second] = records;
      if (second) await checkDamage(`swapped ${first!.store}`, sample, first!, second.bytes);
    }
  });
});

test('damage in a collection of the old format is named after the upgrade', async () => {
  const raw = await unpackRaw(await (await fetch(databaseUrl)).blob());
  const sample: Sample = { raw, space: fixtureSpace, documents: fixtureDocuments() };
  for (const [index, place] of findPlaces(raw).get('segments')!.entries()) {
    const bytes = new Uint8Array(place.bytes.slice(0));
    bytes[bytes.length >> 1]! ^= 1;
    const lost = await checkDamage(`old ${index}`, sample, place, bytes.buffer);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(sample.documents.length);
  }
});

test('a collection that the browser itself found unreadable and has emptied is told, with the reason', async () => {
  // No page can make Chromium lose a database, so the event that tells of it is as it would be then.
  const told = { dataLoss: 'total', dataLossMessage: 'Corruption: block checksum mismatch' };
  const { prototype } = IDBVersionChangeEvent;
  const before = Object.keys(told).map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)!] as const);
  expect(before.every(([, descriptor]) => descriptor?.get)).toBe(true);
  for (const [name, value] of Object.entries(told)) Object.defineProperty(prototype, name, { value, configurable: true });
  const events: unknown[] = [];
  try {
    const store = await openCollection({ name: 'lost', onEvent: (event) => events.push(event) });
    await store.close();
  } finally {
    for (const [name, descriptor] of before) Object.defineProperty(prototype, name, descriptor);
  }
  expect(events).toEqual([
    { type: 'data-corrupt', message: expect.stringMatching(/"lost" \(Corruption.+emptied it/), documents: [] },
  ]);
  await deleteCollection('lost');
});
