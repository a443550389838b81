// A collection that the first version of the format wrote is opened, searched and changed by the present code.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Hit, Store, StoreQuery } from '../../src/spec/store.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import { type CollectionEvent, openCollection } from '../../src/store/open-collection.ts';
import databaseUrl from '../fixtures/format-1/database.bin?url';
import { type FixtureDocument, fixtureDocuments, fixtureSpace } from '../fixtures/format-1/documents.ts';
import expectedJson from '../fixtures/format-1/expected.json';
import { digest, type Expected } from '../fixtures/format-1/expected.ts';
import { fromBase64, restoreRaw, unpackRaw } from '../support/idb-raw.ts';

const expected = expectedJson as unknown as Expected;
const documents = fixtureDocuments();
const { dimension } = fixtureSpace;
/** Rows of one byte a component are this near to the truth. */
const tolerance = 0.01;

let count = 0;
let name: string;
let store: Store;
let events: CollectionEvent[];

const open = async () => {
  events = [];
  const opened = await openCollection({ name, onEvent: (event) => events.push(event) });
  await opened.bind(fixtureSpace);
  return opened;
};
const put = async ({ head, text, spans, vectors }: FixtureDocument) => {
  const writer = await store.write(head);
  await writer.text(text);
  await writer.chunks(spans, vectors);
  await writer.commit();
};

beforeEach(async () => {
  name = `format-1 ${count++}`;
  await restoreRaw(name, await unpackRaw(await (await fetch(databaseUrl)).blob()));
  store = await open();
});
afterEach(async () => {
  await store.close();
  await deleteCollection(name);
});

/** The true cosine of every passage, best first. */
function rank(query: Float32Array, among = documents): { id: string; score: number }[] {
  return among
    .flatMap(({ head, spans, vectors }) =>
      spans.map((_, row) => {
        const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
        return { id: `${head.id}#${row}`, score: vector.reduce((sum, value, index) => sum + value * query[index]!, 0) };
      }),
    )
    .sort((a, b) => b.score - a.score);
}

/** Each place has the score of the true ranking's, and each passage its own. */
function checkHits(hits: readonly Hit[], query: Float32Array, among = documents): void {
  const truth = rank(query, among);
  const scores = new Map(truth.map(({ id, score }) => [id, score]));
  expect(hits).toHaveLength(Math.min(10, truth.length));
  expect(new Set(hits.map((hit) => hit.id)).size).toBe(hits.length);
  for (const [place, hit] of hits.entries()) {
    expect(Math.abs(hit.score - truth[place]!.score)).toBeLessThan(tolerance);
    expect(Math.abs(hit.score - scores.get(hit.id)!)).toBeLessThan(tolerance);
    const { head, text, spans } = among.find((document) => document.head.id === hit.document)!;
    const { start, end } = spans[Number(hit.id.slice(hit.id.lastIndexOf('#') + 1))]!;
    const { id: _id, hash: _hash, sections: _sections, ...shown } = head;
    expect(hit).toMatchObject({ ...shown, start, end, text: text.slice(start, end) });
  }
}

const queries = expected.searches.map(({ query }) => new Float32Array(fromBase64(query).buffer));

/** Everything that the old code found. */
async function checkContent(): Promise<void> {
  expect(events).toEqual([]);
  expect(await store.list()).toEqual(expected.records);
  for (const { head, text } of documents) {
    expect(await store.hash(head.id)).toBe(head.hash);
    const stored = await store.text(head.id);
    expect(stored).toBe(text);
    expect(await digest(stored)).toBe(expected.texts[head.id]);
  }
  for (const query of queries) checkHits(await store.search({ vector: query, k: 10 }), query);
  const passages = documents.reduce((sum, { spans }) => sum + spans.length, 0);
  expect(await store.stats()).toMatchObject({ documents: documents.length, chunks: passages, space: fixtureSpace });
}

test('the fixture is what its documents say', () => {
  for (const [index, query] of queries.entries()) {
    const truth = rank(query).slice(0, 10);
    const { hits } = expected.searches[index]!;
    expect(hits.map(({ id }) => id)).toEqual(truth.map(({ id }) => id));
    for (const [place, { score }] of hits.entries()) expect(score).toBeCloseTo(truth[place]!.score, 5);
  }
});

test('everything in it is there, and still after reopening', async () => {
  await checkContent();
  await store.close();
  store = await open();
  await checkContent();
});

test('every passage is found by its own vector', async () => {
  for (const { head, spans, vectors } of documents) {
    for (let row = 0; row < spans.length; row += 7) {
      const vector = vectors.slice(row * dimension, (row + 1) * dimension);
      const [hit] = await store.search({ vector, k: 1 });
      expect(hit!.id).toBe(`${head.id}#${row}`);
      expect(hit!.score).toBeGreaterThan(1 - tolerance);
    }
  }
});

test('its words are found, which the old format had no index of', async () => {
  for (const { head, text, spans } of documents) {
    const unique = /\bunique\d+/.exec(text)?.[0];
    if (!unique || spans.length === 0) continue;
    const hits = await store.search({ text: unique, k: 5 });
    expect(hits.map(({ document }) => document)).toEqual([head.id]);
  }
  expect((await store.search({ text: '図書館', k: 10 })).length).toBe(10);
  expect((await store.search({ text: '"Title large"', k: 5 })).map(({ document }) => document)).toContain('large');
});

test('filters over its metadata', async () => {
  const query = queries[0]!;
  const search = async (filter: NonNullable<StoreQuery['filter']>, match: (d: FixtureDocument) => boolean) =>
    checkHits(await store.search({ vector: query, k: 10, filter }), query, documents.filter(match));
  await search({ topic: 'ships' }, ({ head }) => head.metadata.topic === 'ships');
  await search({ tags: 'red' }, ({ head }) => (head.metadata.tags as string[] | undefined)?.includes('red') ?? false);
  await search({ year: { $gt: 2000 } }, ({ head }) => (head.metadata.year as number) > 2000);
  await search({ 数: { $exists: true } }, ({ head }) => '数' in head.metadata);
  await search({ id: 'large' }, ({ head }) => head.id === 'large');
});

test('it can be written to: documents are replaced, removed and added', async () => {
  const added = { ...documents[0]!, head: { ...documents[0]!.head, id: 'added', metadata: { topic: 'ships' } } };
  const replaced = { ...documents[1]!, head: { ...documents[2]!.head, hash: 'new' } };
  expect(await store.remove(['large', documents[5]!.head.id])).toBe(2);
  await put(added);
  await put(replaced);
  const gone = new Set(['large', documents[5]!.head.id, replaced.head.id]);
  const now = [...documents.filter(({ head }) => !gone.has(head.id)), added, replaced];
  const check = async () => {
    expect(events).toEqual([]);
    expect((await store.list()).map(({ id }) => id)).toEqual(now.map(({ head }) => head.id));
    for (const { head, text } of now) expect(await store.text(head.id)).toBe(text);
    for (const query of queries) checkHits(await store.search({ vector: query, k: 10 }), query, now);
  };
  await check();
  await store.close();
  store = await open();
  await check();
});

test('two stores open it at once', async () => {
  const fresh = `${name} twice`;
  await restoreRaw(fresh, await unpackRaw(await (await fetch(databaseUrl)).blob()));
  const stores = await Promise.all([0, 1].map(() => openCollection({ name: fresh })));
  try {
    for (const opened of stores) expect(await opened.list()).toEqual(expected.records);
    const [first, second] = await Promise.all(stores.map((opened) => opened.search({ vector: queries[0]!, k: 10 })));
    expect(first).toEqual(second);
  } finally {
    await Promise.all(stores.map((opened) => opened.close()));
    await deleteCollection(fresh);
  }
});
