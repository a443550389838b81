// Damaged records: exactly the documents that lost something are named, everything else is found, adding them again heals, and
// compaction goes on meanwhile.
import { afterEach, expect, test } from 'vitest';
import type { Store } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import type { Database, Tables } from '../../../src/store/disk/database.ts';
import { openMemoryDatabase } from '../../../src/store/disk/memory-database.ts';
import { blockRows } from '../../../src/store/disk/row-blocks.ts';
import { decodeRowTable } from '../../../src/store/disk/row-table.ts';
import { decodeHead } from '../../../src/store/disk/segment-head.ts';
import { type CollectionEvent, openCollection } from '../../../src/store/open-collection.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put, type TestDocument } from '../../contract/test-store.ts';
import { StoreModel } from '../../support/store-model.ts';

const dimension = 512;
const name = 'damage';
const binary = ['segments', 'rows', 'live', 'postings', 'positions'] as const;
type Binary = (typeof binary)[number];
const vector = createVector(createRandom(1), dimension);

const faults: ((bytes: Uint8Array<ArrayBuffer>, random: () => number) => ArrayBuffer | undefined)[] = [
  (bytes, random) => {
    bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    return bytes.buffer;
  },
  (bytes, random) => bytes.slice(0, random() * bytes.length).buffer,
  () => undefined,
  (bytes) => bytes.map((byte) => byte ^ 0x55).buffer,
];

afterEach(() => deleteCollection(name));

async function begin(store: Store, { head, text, spans, vectors }: TestDocument) {
  const writer = await store.write(head);
  await writer.text(text);
  await writer.chunks(spans, vectors);
  return writer;
}

/** A collection of a few segments with several blocks and deleted rows, and what is in it. */
async function fill(): Promise<{ database: Database; documents: Map<string, TestDocument> }> {
  const random = createRandom(2);
  const documents = new Map<string, TestDocument>();
  const make = (id: string, passages: number) => {
    const text = Array.from({ length: passages }, (_, index) => `common words ${id}x${index} `.padEnd(25)).join('');
    const document = createDocument(id, { random, dimension, text, spanLength: 25 });
    documents.set(id, document);
    return document;
  };
  const store = await openCollection({ name });
  await store.bind(createSpace(dimension));
  const together = async (ids: string[]) => {
    const writers = await Promise.all(ids.map((id) => begin(store, make(id, 30))));
    await Promise.all(writers.map((writer) => writer.commit()));
  };
  await together(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
  await together(['b0', 'b1', 'b2']);
  await together(['c0', 'c1']);
  await store.remove(['a2', 'b1']);
  for (const id of ['a2', 'b1']) documents.delete(id);
  expect((await store.stats()).segments).toBe(3);
  await store.close();
  return { database: openMemoryDatabase(name), documents };
}

/** The documents with rows that are not deleted in a segment, or in a block of it. */
async function documentsIn(database: Database, id: number, block?: number): Promise<string[]> {
  return database.read(async (tables) => {
    const { segments } = (await tables.get('manifest', 'manifest'))!;
    const { rows } = segments.find((entry) => entry.id === id)!;
    const { runs } = decodeRowTable(decodeHead(await tables.get('segments', id), { id, rows, dimension })!.table);
    const size = blockRows(dimension);
    const [from, to] = block === undefined ? [0, rows] : [block * size, (block + 1) * size];
    const inside = [...runs.ordinals].filter((_, run) => runs.starts[run]! < to && runs.starts[run + 1]! > from);
    const found = await Promise.all(inside.map((ordinal) => tables.get('documents', ordinal)));
    return found.flatMap((document) => document?.id ?? []);
  });
}

async function lostWith(database: Database, table: Binary, key: Tables[Binary]['key']): Promise<string[]> {
  if (table === 'live') return [];
  return Array.isArray(key) ? documentsIn(database, key[0], key[1]) : documentsIn(database, key as number);
}

/** Opens the collection and asks it for everything; gives the ids that are named, each once. */
async function openAndAsk(): Promise<{ store: Store; named: string[] }> {
  const events: CollectionEvent[] = [];
  const store = await openCollection({ name, onEvent: (event) => events.push(event) });
  await store.bind(createSpace(dimension));
  for (let round = 0; round < 2; round++) {
    await store.search({ vector, k: 1000, exact: true });
    await store.search({ text: 'common', k: 1000 });
    await store.search({ text: '"common words"', k: 1000 });
  }
  const named = events.flatMap((event) => (event.type === 'data-corrupt' ? event.documents : []));
  expect(new Set(named).size).toBe(named.length);
  return { store, named: named.sort() };
}

async function createModel(documents: Iterable<TestDocument>): Promise<StoreModel> {
  const model = new StoreModel(dimension);
  for (const document of documents) await model.put(document);
  return model;
}

const query = { mode: 'dense', vector, k: 1000, fusion: { method: 'rrf', constant: 60 } } as const;

/** All but the lost documents is found; these are unknown, and their texts are there. */
async function checkRest(store: Store, documents: ReadonlyMap<string, TestDocument>, lost: readonly string[]): Promise<void> {
  const whole = [...documents.values()].filter(({ head }) => !lost.includes(head.id));
  const filter = { id: { $nin: lost } };
  expect(await store.search({ vector, k: 1000, exact: true, filter })).toEqual(await (await createModel(whole)).search(query));
  for (const text of ['common', '"common words"']) {
    const hits = await store.search({ text, k: 1000, filter });
    expect(hits).toHaveLength(whole.length * 30);
  }
  for (const [id, { head, text }] of documents) {
    expect(await store.hash(id), id).toBe(lost.includes(id) ? undefined : head.hash);
    expect(await store.text(id)).toBe(text);
  }
}

/** Everything is found, in every way. */
async function checkAll(store: Store, documents: ReadonlyMap<string, TestDocument>): Promise<void> {
  const order = (await store.list()).map(({ id }) => id);
  expect([...order].sort()).toEqual([...documents.keys()].sort());
  const model = await createModel(order.map((id) => documents.get(id)!));
  const { vector: _vector, ...rest } = query;
  expect(await store.search({ vector, k: 1000, exact: true })).toEqual(await model.search(query));
  for (const text of ['common', '"common words" b0x7'])
    expect(await store.search({ text, k: 1000 })).toEqual(await model.search({ ...rest, mode: 'lexical', text }));
}

test.each(binary)('damage in each record of %s', { timeout: 60_000 }, async (table) => {
  const random = createRandom(7);
  const { database } = await fill();
  const keys = await database.read((tables) => tables.keys(table));
  expect(keys.length).toBeGreaterThan(1);
  for (const [index, key] of keys.entries()) {
    await deleteCollection(name);
    const { database: fresh, documents } = await fill();
    const lost = (await lostWith(fresh, table, key)).sort();
    const fault = faults[index % faults.length]!;
    await fresh.write('strict', async (tables) => {
      const bytes = new Uint8Array((await tables.get(table, key as never)) as ArrayBuffer).slice();
      const damaged = fault(bytes, random);
      if (damaged) tables.put(table, key as never, damaged as never);
      else tables.delete(table, key as never);
    });

    const { store, named } = await openAndAsk();
    expect(named).toEqual(lost);
    await checkRest(store, documents, lost);
    await store.compact();
    await checkRest(store, documents, lost);
    for (const id of lost) await put(store, documents.get(id)!);
    await checkAll(store, documents);
    await store.compact();
    expect(await store.stats()).toMatchObject({ segments: 1, deleted: 0, chunks: documents.size * 30 });
    await store.close();
    const reopened = await openAndAsk();
    expect(reopened.named).toEqual([]);
    await checkAll(reopened.store, documents);
    await reopened.store.close();
  }
});

test('a text that is lost is named, its passages are left out, and adding it again heals', async () => {
  const { database, documents } = await fill();
  await database.write('strict', async (tables) => {
    const ordinal = await tables.get('ids', 'b2');
    tables.delete('text', [ordinal!, 0]);
  });
  const { store, named } = await openAndAsk();
  expect(named).toEqual(['b2']);
  expect(await store.hash('b2')).toBeUndefined();
  await expect(store.text('b2')).rejects.toMatchObject({ code: 'data-corrupt' });
  const hits = await store.search({ vector, k: 1000, exact: true });
  expect(new Set(hits.map((hit) => hit.document))).toEqual(new Set([...documents.keys()].filter((id) => id !== 'b2')));
  await put(store, documents.get('b2')!);
  await checkAll(store, documents);
  await store.close();
});

test('a document whose record is lost stops no search', async () => {
  const { database, documents } = await fill();
  await database.write('strict', async (tables) => tables.delete('documents', (await tables.get('ids', 'b2'))!));
  const { store } = await openAndAsk();
  const hits = await store.search({ vector, k: 1000, exact: true });
  expect(new Set(hits.map((hit) => hit.document))).toEqual(new Set([...documents.keys()].filter((id) => id !== 'b2')));
  expect(await store.hash('b2')).toBeUndefined();
  await store.close();
});

test('two documents that lost something are healed one after the other, in one session', async () => {
  const { database, documents } = await fill();
  const [first] = await database.read((tables) => tables.keys('segments'));
  await database.write('strict', async (tables) => tables.delete('segments', first!));
  const { store, named } = await openAndAsk();
  expect(named.length).toBeGreaterThan(2);
  for (const [index, id] of named.entries()) {
    await put(store, documents.get(id)!);
    expect(await store.hash(id)).toBeDefined();
    if (index + 1 < named.length) expect(await store.hash(named[index + 1]!)).toBeUndefined();
  }
  expect(await store.stats()).toMatchObject({ chunks: documents.size * 30 });
  expect(
    await database.read(async (tables) => (await tables.get('manifest', 'manifest'))!.segments.some(({ id }) => id === first)),
  ).toBe(false);
  await checkAll(store, documents);
  await store.close();
});
