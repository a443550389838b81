// Collections of many passages: large documents that are staged, several full segments, and candidates chosen by codes.
import { afterEach, expect, test } from 'vitest';
import type { Store } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openMemoryDatabase } from '../../../src/store/disk/memory-database.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../contract/test-store.ts';
import { StoreModel } from '../../support/store-model.ts';
import { clusteredVectors } from './kernels/vectors.ts';

const name = 'large';
afterEach(() => deleteCollection(name));

/** Writes a document in pieces, as an ingest does. */
async function putInPieces(store: Store, document: ReturnType<typeof createDocument>, dimension: number): Promise<void> {
  const { head, text, spans, vectors } = document;
  const writer = await store.write(head);
  const step = 700;
  for (let row = 0; row < spans.length; row += step) {
    const part = spans.slice(row, row + step);
    await writer.text(text.slice(part[0]!.start, part.at(-1)!.end));
    await writer.chunks(part, vectors.slice(row * dimension, (row + step) * dimension));
  }
  await writer.commit();
}

const records = (table: 'segments' | 'staging' | 'rows' | 'text') =>
  openMemoryDatabase(name).read((tables) => tables.keys(table));

test('documents of more passages than a segment holds, among small ones', { timeout: 60_000 }, async () => {
  const dimension = 8;
  const random = createRandom(1);
  const model = new StoreModel(dimension);
  let store = await openCollection({ name });
  await store.bind(createSpace(dimension));
  const words = ['apple', 'pear', 'plum', 'fig', 'nut'];
  const text = (count: number) => Array.from({ length: count }, () => words[Math.floor(random() ** 2 * 5)]!.padEnd(8)).join('');
  const make = (id: string, passages: number) =>
    createDocument(id, { random, text: text(passages), spanLength: 8, metadata: { size: passages } });

  const check = async () => {
    const vector = createVector(random, dimension);
    for (const filter of [undefined, { size: 9000 }, { size: { $lt: 100 } }]) {
      const query = { vector, k: 50, filter, fusion: { method: 'rrf', constant: 60 } } as const;
      const wanted = await model.search({ ...query, mode: 'dense' });
      expect(await store.search({ ...query, exact: true })).toEqual(wanted);
    }
    const lexical = { text: 'nut fig', k: 300, fusion: { method: 'rrf', constant: 60 } } as const;
    expect(await store.search(lexical)).toEqual(await model.search({ ...lexical, mode: 'lexical' }));
    expect(await store.stats()).toMatchObject({ chunks: model.chunks, documents: model.ids.length });
    expect(await records('staging')).toEqual([]);
  };
  const add = async (id: string, passages: number) => {
    const document = make(id, passages);
    await putInPieces(store, document, dimension);
    await model.put(document);
  };

  for (let index = 0; index < 20; index++) await add(`s${index}`, 20);
  await add('big', 9000);
  await add('other', 4096);
  await add('s3', 30);
  await check();
  // Replaced by one that is staged too, then by one that is not.
  await add('big', 5000);
  await check();
  await store.remove(['s1', 's5', 'other']);
  model.remove(['s1', 's5', 'other']);
  await check();
  await store.compact();
  await check();
  expect(await store.stats()).toMatchObject({ deleted: 0 });
  await store.close();
  store = await openCollection({ name, memory: 20_000 });
  await store.bind(createSpace(dimension));
  await check();
  await add('big', 10);
  await check();
  await store.compact();
  await check();
  expect(await records('segments')).toHaveLength(1);
  expect(await records('rows')).toHaveLength(1);
  await store.close();
});

test('codes choose the candidates: recall against exact, only live passages, the same with little memory', {
  timeout: 60_000,
}, async () => {
  const dimension = 64;
  const count = 6000;
  const vectors = clusteredVectors(count + 40, dimension, 3);
  const store = await openCollection({ name });
  await store.bind(createSpace(dimension));
  const perDocument = 50;
  for (let from = 0; from < count; from += perDocument) {
    const id = `d${from / perDocument}`;
    const document = createDocument(id, {
      dimension,
      text: 'x'.repeat(perDocument * 4),
      spanLength: 4,
      metadata: { odd: (from / perDocument) % 2 === 1 },
    });
    document.vectors = vectors.slice(from * dimension, (from + perDocument) * dimension);
    await put(store, document);
  }
  const removed = Array.from({ length: 30 }, (_, index) => `d${index * 4}`);
  await store.remove(removed);
  const small = await openCollection({ name, memory: 100_000 });
  await small.bind(createSpace(dimension));

  const measure = async (filter?: { odd: boolean }, oversample?: number) => {
    let found = 0;
    for (let query = 0; query < 40; query++) {
      const vector = vectors.slice((count + query) * dimension, (count + query + 1) * dimension);
      const exact = await store.search({ vector, filter, exact: true });
      const hits = await store.search({ vector, filter, oversample });
      expect(await small.search({ vector, filter, oversample })).toEqual(hits);
      expect(await small.search({ vector, filter, exact: true })).toEqual(exact);
      const truth = new Map(exact.map((hit) => [hit.id, hit]));
      for (const hit of hits) {
        expect(removed).not.toContain(hit.document);
        if (filter) expect(hit.metadata.odd).toBe(filter.odd);
        if (truth.has(hit.id)) expect(hit).toEqual(truth.get(hit.id));
      }
      expect(hits).toHaveLength(10);
      found += hits.filter(({ id }) => truth.has(id)).length;
      // With all of them as candidates it is exact.
      if (query < 5) expect(await store.search({ vector, filter, oversample: 1000 })).toEqual(exact);
    }
    return found / 400;
  };
  // Codes of 64 dimensions tell little, so that the number of candidates shows.
  const usual = await measure();
  expect(usual).toBeGreaterThan(0.9);
  const more = await measure(undefined, 60);
  expect(more).toBeGreaterThan(Math.max(0.99, usual));
  expect(await measure({ odd: true }, 60)).toBeGreaterThan(0.99);
  await store.compact();
  expect(await measure(undefined, 60)).toBeGreaterThan(0.99);
  await Promise.all([store.close(), small.close()]);
});
