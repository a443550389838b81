// Writers: what is asked for without waiting is done in order, and whoever gives up leaves nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { type Table, tableNames } from '../../../src/store/disk/database.ts';
import { openMemoryDatabase } from '../../../src/store/disk/memory-database.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../contract/test-store.ts';

const dimension = 8;
const name = 'writer';
const vector = createVector(createRandom(1), dimension);
let store: Store;

beforeEach(async () => {
  store = await openCollection({ name });
  await store.bind(createSpace(dimension));
});
afterEach(async () => {
  await store.close();
  await deleteCollection(name);
});

/** Number of records by table; tables without any are left out. */
async function countRecords(): Promise<Partial<Record<Table, number>>> {
  const database = openMemoryDatabase(name);
  const counts = await database.read((tables) =>
    Promise.all(tableNames.map(async (table) => [table, (await tables.keys(table)).length])),
  );
  return Object.fromEntries(counts.filter(([, count]) => (count as number) > 0));
}

const big = (passages = 5000) => createDocument('big', { text: 'word '.repeat(passages), spanLength: 5 });

describe('calls that nobody waits for', () => {
  test('a document of more than a segment', async () => {
    const { head, text, spans, vectors } = big(9000);
    const writer = await store.write(head);
    const half = 4500;
    const calls = [
      writer.text(text.slice(0, 10_000)),
      writer.text(text.slice(10_000)),
      writer.chunks(spans.slice(0, half), vectors.slice(0, half * dimension)),
      writer.chunks(spans.slice(half), vectors.slice(half * dimension)),
    ];
    const committed = writer.commit();
    expect(await Promise.all(calls)).toHaveLength(4);
    expect(await committed).toMatchObject({ id: 'big', chunks: 9000, length: text.length });
    expect(await store.text('big')).toBe(text);
    expect(await store.stats()).toMatchObject({ chunks: 9000, documents: 1 });
    expect(await store.search({ text: 'word', k: 1000 })).toHaveLength(1000);
    expect(await countRecords()).toMatchObject({ documents: 1, ids: 1 });
    expect(await countRecords()).not.toHaveProperty('staging');
  });

  test.each(['abort', 'close', 'refusal'])('%s in the middle leaves nothing', async (end) => {
    await put(store, createDocument('kept'));
    const before = await countRecords();
    const { head, text, spans, vectors } = big();
    const writer = await store.write(head);
    const calls = [writer.text(text), writer.chunks(spans, vectors), writer.text(text.repeat(60)), writer.chunks(spans, vectors)];
    for (const call of calls) call.catch(() => {});
    if (end === 'abort') await writer.abort();
    else if (end === 'close') await store.close();
    else {
      await store.clear();
      await store.bind(createSpace(dimension, 'test/other'));
      await put(store, createDocument('other'));
      await expect(writer.commit()).rejects.toMatchObject({ code: 'embedding-mismatch' });
    }
    await Promise.allSettled(calls);
    expect(await countRecords()).toEqual(before);
    await expect(writer.commit()).rejects.toMatchObject({ code: 'closed' });
  });
});

test('an abort while a part is put on disk leaves nothing', async () => {
  const { head, text, spans, vectors } = big();
  for (const turns of [0, 1, 2, 5, 10, 50]) {
    const writer = await store.write(head);
    await writer.text(text);
    const staging = writer.chunks(spans, vectors);
    staging.catch(() => {});
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await writer.abort();
    await staging.catch(() => {});
    expect(await countRecords()).toEqual({ manifest: 1 });
  }
});

test('writers of two models at once: only the one of the collection’s commits', async () => {
  const old = await store.write({ ...createDocument('old').head });
  await old.text('old');
  await old.chunks([{ start: 0, end: 3 }], vector);
  await store.clear();
  await store.bind(createSpace(4, 'test/other'));
  const next = await store.write({ ...createDocument('next').head });
  await next.text('next');
  await next.chunks([{ start: 0, end: 4 }], createVector(createRandom(2), 4));
  const [refused, committed] = await Promise.allSettled([old.commit(), next.commit()]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'embedding-mismatch' } });
  expect(committed).toMatchObject({ status: 'fulfilled', value: { id: 'next' } });
  expect((await store.search({ text: 'next' })).map(({ id }) => id)).toEqual(['next#0']);
});

test('a passage may begin before the one before it, and after much text', async () => {
  const writer = await store.write(createDocument('long').head);
  const text = 'z'.repeat(3_000_000);
  await writer.text(`first ${text} last`);
  const end = text.length + 11;
  await writer.chunks(
    [
      { start: 0, end: 5 },
      { start: end - 4, end },
      { start: end - 8, end },
      { start: end, end },
    ],
    new Float32Array(32).fill(0.35),
  );
  await writer.commit();
  expect((await store.search({ text: 'first' })).map(({ id }) => id)).toEqual(['long#0']);
  expect((await store.search({ text: 'last' })).map(({ id }) => id)).toEqual(['long#1', 'long#2']);
  expect((await store.search({ vector, k: 4 })).find(({ id }) => id === 'long#3')).toMatchObject({ text: '', start: end, end });
});

test('passages so far behind that their text is not kept are refused', async () => {
  const writer = await store.write(createDocument('long').head);
  for (let part = 0; part < 30; part++) await writer.text('z'.repeat(1_000_000));
  await expect(writer.chunks([{ start: 5, end: 10 }], vector)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('in order'),
  });
  await writer.abort();
});

test('another collection of the same name has nothing of the first', async () => {
  await put(store, createDocument('a', { text: 'apple' }));
  const look = async (text: string) => (await store.search({ text })).map((hit) => `${hit.id} ${hit.text}`);
  const all = async () =>
    (await store.search({ vector, filter: { title: { $exists: true } } })).map((hit) => `${hit.id} ${hit.text}`);
  expect([await look('apple'), await all()]).toEqual([['a#0 apple'], ['a#0 apple']]);
  await deleteCollection(name);
  await store.bind(createSpace(dimension));
  await put(store, createDocument('b', { text: 'pear' }));
  expect([await look('apple'), await look('pear'), await all()]).toEqual([[], ['b#0 pear'], ['b#0 pear']]);
});
