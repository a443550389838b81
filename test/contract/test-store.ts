// Contract of `Store`: every implementation runs it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbeddingSpace } from '../../src/spec/embedder.ts';
import type { Filter, MetadataValue } from '../../src/spec/metadata.ts';
import type { ChunkSpan, DocumentHead, DocumentRecord, Store } from '../../src/spec/store.ts';
import { createRandom } from '../../src/util/random.ts';

/** A place for one collection. */
export interface StorePlace {
  /** Opens the collection; a second store of it may be open. */
  open(): Promise<Store>;
  /** Deletes it. */
  destroy(): Promise<void>;
}

/** Makes the embedding space of a test. */
export function createSpace(dimension: number, model = 'test/model'): EmbeddingSpace {
  return { model, revision: 'main', dimension, pooling: 'mean', normalized: true, prefix: { query: '', passage: '' } };
}

/** A unit vector. */
export function createVector(random: () => number, dimension: number): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** What a test writes. */
export interface TestDocument {
  head: DocumentHead;
  text: string;
  spans: ChunkSpan[];
  vectors: Float32Array;
}

/** A document whose passages are of `spanLength` each, the last shorter. */
export function createDocument(
  id: string,
  {
    random = createRandom(1),
    text = `Text of ${id}.`,
    dimension = 8,
    spanLength = 20,
    ...head
  }: Partial<DocumentHead> & {
    random?: () => number;
    text?: string;
    dimension?: number;
    spanLength?: number;
  } = {},
): TestDocument {
  const spans: ChunkSpan[] = [];
  for (let start = 0; start < text.length; start += spanLength)
    spans.push({ start, end: Math.min(start + spanLength, text.length) });
  const vectors = new Float32Array(spans.length * dimension);
  for (const index of spans.keys()) vectors.set(createVector(random, dimension), index * dimension);
  return {
    head: { id, title: `Title ${id}`, mediaType: 'text/plain', metadata: {}, hash: `hash ${text}`, ...head },
    text,
    spans,
    vectors,
  };
}

/** Writes a document in one piece. */
export async function put(store: Store, document: TestDocument): Promise<DocumentRecord> {
  const writer = await store.write(document.head);
  await writer.text(document.text);
  await writer.chunks(document.spans, document.vectors);
  return writer.commit();
}

/**
 * Runs the contract.
 * @param create makes a place that no other test uses
 * @param remote the store is on a server, and has no segments and commits of its own to count
 */
export function testStore(name: string, create: () => Promise<StorePlace>, { remote = false } = {}): void {
  describe(`${name}: store contract`, () => {
    const dimension = 8;
    const space = createSpace(dimension);
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await create();
      store = await place.open();
      await store.bind(space);
    });
    afterEach(async () => {
      await store.close();
      await place.destroy();
    });

    const reopen = async () => {
      await store.close();
      store = await place.open();
      await store.bind(space);
    };
    const query = (seed = 3) => createVector(createRandom(seed), dimension);
    const failing = (code: string, ...parts: string[]) =>
      expect.objectContaining({ code, message: expect.stringMatching(parts.map((part) => `(?=.*${part})`).join('')) });

    test('a new store is empty', async () => {
      expect(await store.search({ vector: query() })).toEqual([]);
      expect(await store.list()).toEqual([]);
      expect(await store.hash('nothing')).toBeUndefined();
      expect(await store.remove(['nothing'])).toBe(0);
      expect(await store.stats()).toMatchObject({ documents: 0, chunks: 0, segments: 0, formatVersion: remote ? 1 : 2, space });
    });

    test('a document is found with its text, headings and metadata, and still after reopening', async () => {
      const text = 'Intro text. # One: apples and pears. ## Deep: plums and cherries. # Two: nuts.';
      const sections = [
        { level: 1, title: 'One', start: 12, end: 37 },
        { level: 2, title: 'Deep', start: 37, end: 66 },
        { level: 1, title: 'Two', start: 66, end: text.length },
      ];
      const metadata = { topic: 'fruit', year: 2024, tags: ['a', 'b'] };
      const document = createDocument('food', { text, sections, metadata, url: '/food.md', spanLength: 10 });
      const record = await put(store, document);
      expect(record).toMatchObject({
        id: 'food',
        title: 'Title food',
        url: '/food.md',
        length: text.length,
        chunks: 8,
        metadata,
      });

      const look = async () => {
        const vector = document.vectors.slice(4 * dimension, 5 * dimension);
        const [hit] = await store.search({ vector, k: 1 });
        expect(hit).toMatchObject({ id: 'food#4', document: 'food', start: 40, end: 50, headings: ['One', 'Deep'], metadata });
        expect(hit!.text).toBe(text.slice(40, 50));
        expect(hit!.score).toBeCloseTo(1, 2);
        expect(hit!.scores.dense).toBe(hit!.score);
        expect(await store.list()).toEqual([record]);
        expect(await store.hash('food')).toBe(document.head.hash);
        return store.search({ vector: query(), k: 100 });
      };
      const before = await look();
      expect(before.map((hit) => hit.headings)).toContainEqual([]);
      await reopen();
      expect(await look()).toEqual(before);
    });

    test('equal scores are ordered by document and passage', async () => {
      const same = query();
      for (const id of ['b', 'a', 'c']) {
        const document = createDocument(id, { text: 'x'.repeat(60) });
        for (const index of document.spans.keys()) document.vectors.set(same, index * dimension);
        await put(store, document);
      }
      const order = async () => (await store.search({ vector: same, k: 7 })).map((hit) => hit.id);
      const expected = ['b#0', 'b#1', 'b#2', 'a#0', 'a#1', 'a#2', 'c#0'];
      expect(await order()).toEqual(expected);
      await reopen();
      expect(await order()).toEqual(expected);
    });

    test('nothing is visible before the commit, and an abort leaves nothing', async () => {
      const document = createDocument('later');
      const writer = await store.write(document.head);
      await writer.text(document.text);
      await writer.chunks(document.spans, document.vectors);
      expect(await store.list()).toEqual([]);
      expect(await store.search({ vector: query() })).toEqual([]);
      await writer.abort();
      await expect(writer.commit()).rejects.toEqual(failing('closed', 'later'));
      await expect(writer.text('more')).rejects.toEqual(failing('closed'));
      await put(store, document);
      expect(await store.list()).toHaveLength(1);
    });

    test('a document of the same id replaces the old one, at its commit', async () => {
      await put(store, createDocument('page', { text: 'old '.repeat(50) }));
      await put(store, createDocument('other'));
      const next = createDocument('page', { text: 'new', random: createRandom(2) });
      const writer = await store.write(next.head);
      await writer.text(next.text);
      await writer.chunks(next.spans, next.vectors);
      expect(await store.text('page', 0, 3)).toBe('old');
      await writer.commit();
      expect(await store.text('page')).toBe('new');
      expect((await store.list()).map((record) => record.id)).toEqual(['other', 'page']);
      expect((await store.search({ vector: query(), k: 100 })).map((hit) => hit.id).sort()).toEqual(['other#0', 'page#0']);
    });

    test('many documents committed together are all there, the last version of an id wins', async () => {
      const ids = Array.from({ length: 150 }, (_, index) => `document ${index % 140}`);
      const records = await Promise.all(ids.map((id, index) => put(store, createDocument(id, { text: `Version ${index}.` }))));
      expect(records.map((record) => record.id)).toEqual(ids);
      expect(await store.list()).toHaveLength(140);
      expect(await store.text('document 3')).toBe('Version 143.');
      if (!remote) expect((await store.stats()).epoch).toBeLessThan(30);
    });

    test('remove and clear', async () => {
      for (const id of ['a', 'b', 'c']) await put(store, createDocument(id));
      expect(await store.remove(['a', 'c', 'a', 'unknown'])).toBe(2);
      expect((await store.search({ vector: query() })).map((hit) => hit.document)).toEqual(['b']);
      await expect(store.text('a')).rejects.toEqual(failing('not-found', 'a'));
      await store.clear();
      expect(await store.stats()).toMatchObject({ documents: 0, chunks: 0, segments: 0, bytes: { vectors: 0, text: 0 } });
      expect((await store.stats()).space).toBeUndefined();
      const other = createSpace(4, 'test/other');
      await store.bind(other);
      await put(store, createDocument('d', { dimension: 4 }));
      expect((await store.search({ vector: createVector(createRandom(1), 4) })).map((hit) => hit.id)).toEqual(['d#0']);
      await store.clear();
    });

    test('another embedding space is refused, naming both', async () => {
      await expect(store.bind(createSpace(dimension, 'test/other'))).rejects.toEqual(
        failing('embedding-mismatch', 'test/model', 'test/other', 'clear'),
      );
      const changes: Partial<EmbeddingSpace>[] = [
        { revision: 'v2' },
        { dimension: 9 },
        { pooling: 'cls' },
        { normalized: false },
        { prefix: { query: 'query: ', passage: '' } },
        { prefix: { query: '', passage: 'passage: ' } },
      ];
      for (const change of changes) {
        await expect(store.bind({ ...space, ...change })).rejects.toEqual(failing('embedding-mismatch'));
      }
      await store.bind({ ...space });
    });

    test.skipIf(remote)('passages of a document come in order with the vectors that were given', async () => {
      const random = createRandom(5);
      const sections = [{ level: 1, title: 'One', start: 40, end: 90 }];
      // Enough for several segments and blocks, and one between others.
      const documents = ['first', 'middle', 'last'].map((id) =>
        createDocument(id, { random, text: `${id} `.repeat(20_000), spanLength: 20, sections }),
      );
      for (const document of documents) await put(store, document);
      await store.remove(['first']);
      await reopen();
      const { spans, vectors } = documents[1]!;
      const passages = await store.passages('middle', { vectors: true });
      expect(passages.map(({ start, end }) => ({ start, end }))).toEqual(spans);
      expect(passages.map(({ id }) => id)).toEqual(spans.map((_, i) => `middle#${i}`));
      expect(passages[2]!.headings).toEqual(['One']);
      const cosines = passages.map(({ vector }, i) => {
        const given = vectors.subarray(i * dimension, (i + 1) * dimension);
        return vector!.reduce((sum, value, d) => sum + value * given[d]!, 0) / Math.hypot(...vector!);
      });
      expect(Math.min(...cosines)).toBeGreaterThan(0.999);
      await store.compact();
      expect(await store.passages('last')).toHaveLength(documents[2]!.spans.length);
      await expect(store.passages('first')).rejects.toEqual(failing('not-found', 'first'));
    });

    test('any slice of a long text, given in odd pieces with wide characters', async () => {
      const random = createRandom(7);
      let text = '';
      while (text.length < 150_000) text += ['plain words ', '漢字かな。', '😀', 'é'][Math.floor(random() * 4)];
      const writer = await store.write(createDocument('long').head);
      for (let at = 0; at < text.length; ) {
        const next = at + Math.floor(random() * 9000);
        await writer.text(text.slice(at, next));
        at = next;
      }
      await writer.commit();
      expect(await store.text('long')).toBe(text);
      for (let round = 0; round < 50; round++) {
        const start = Math.floor(random() * text.length);
        const end = start + Math.floor(random() ** 3 * (text.length - start));
        expect(await store.text('long', start, end)).toBe(text.slice(start, end));
      }
      expect(await store.text('long', text.length - 5)).toBe(text.slice(-5));
      expect(await store.text('long', text.length + 5)).toBe('');
      expect(await store.text('long', 31_999, 32_001)).toBe(text.slice(31_999, 32_001));
    });

    test('filters', async () => {
      const documents: Record<string, Record<string, MetadataValue>> = {
        a: { topic: 'x', year: 2020, tags: ['red', 'blue'], draft: false },
        b: { topic: 'y', year: 2022, tags: ['red'], draft: true },
        c: { topic: 'x', year: 2024, date: '2024-05-01' },
        d: { topic: null },
      };
      for (const [id, metadata] of Object.entries(documents)) await put(store, createDocument(id, { metadata }));
      const ids = async (filter: Filter) =>
        (await store.search({ vector: query(), filter }))
          .map((hit) => hit.document)
          .sort()
          .join('');
      expect(await ids({})).toBe('abcd');
      expect(await ids({ topic: 'x' })).toBe('ac');
      expect(await ids({ topic: 'x', year: { $gt: 2020 } })).toBe('c');
      expect(await ids({ topic: { $ne: 'x' } })).toBe('bd');
      expect(await ids({ tags: 'red' })).toBe('ab');
      expect(await ids({ tags: { $in: ['blue', 'green'] } })).toBe('a');
      expect(await ids({ tags: { $nin: ['blue'] } })).toBe('bcd');
      expect(await ids({ tags: ['red'] })).toBe('b');
      expect(await ids({ year: { $gte: 2020, $lt: 2024 } })).toBe('ab');
      expect(await ids({ date: { $lte: '2024-12-31' } })).toBe('c');
      expect(await ids({ topic: { $exists: false } })).toBe('d');
      expect(await ids({ $or: [{ topic: 'y' }, { year: 2024 }] })).toBe('bc');
      expect(await ids({ $not: { $and: [{ topic: 'x' }, { year: 2020 }] } })).toBe('bcd');
      expect(await ids({ id: { $in: ['a', 'd'] } })).toBe('ad');
      expect(await ids({ title: 'Title b', mediaType: 'text/plain' })).toBe('b');
      await expect(ids({ year: { $near: 2 } as never })).rejects.toEqual(failing('invalid-argument', '\\$near'));
      await expect(ids({ $nor: [] } as never)).rejects.toEqual(failing('invalid-argument', '\\$nor'));
    });

    test('bad input is refused by name and changes nothing', async () => {
      await put(store, createDocument('kept'));
      const bad = failing('invalid-argument');
      const { head } = createDocument('new');
      for (const k of [0, -1, 1.5, 1001, Number.NaN]) {
        await expect(store.search({ vector: query(), k })).rejects.toEqual(failing('invalid-argument', 'k is'));
      }
      await expect(store.search({ vector: new Float32Array(7) })).rejects.toEqual(failing('invalid-argument', '8'));
      await expect(store.search({ vector: query().fill(Number.NaN, 2, 3) })).rejects.toEqual(
        failing('invalid-argument', 'finite'),
      );
      await expect(store.search({ vector: [1] as never })).rejects.toEqual(bad);
      await expect(store.write({ ...head, id: '' })).rejects.toEqual(bad);
      await expect(store.write({ ...head, metadata: { nested: {} } as never })).rejects.toEqual(
        failing('invalid-argument', 'nested'),
      );
      await expect(store.write({ ...head, metadata: { call: () => {} } as never })).rejects.toEqual(bad);
      await expect(store.text('kept', -1)).rejects.toEqual(bad);
      await expect(store.text('kept', 3, 2)).rejects.toEqual(bad);
      await expect(store.remove('kept' as never)).rejects.toEqual(bad);
      const writer = await store.write(head);
      await writer.text('short');
      await expect(writer.chunks([{ start: 3, end: 2 }], query())).rejects.toEqual(bad);
      await expect(writer.chunks([{ start: 0, end: 2 }], new Float32Array(9))).rejects.toEqual(bad);
      await expect(writer.chunks([{ start: 0, end: 2 }], query().fill(Number.POSITIVE_INFINITY))).rejects.toEqual(bad);
      await expect(writer.chunks([{ start: 0, end: 6 }], query())).rejects.toEqual(
        failing('invalid-argument', '6', '5', 'first'),
      );
      await writer.abort();
      expect((await store.list()).map((record) => record.id)).toEqual(['kept']);
      expect(await store.search({ vector: query(), k: 1000 })).toHaveLength(1);
    });

    test('an aborted search rejects with the abort', async () => {
      await put(store, createDocument('a'));
      await expect(store.search({ vector: query(), signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
      const controller = new AbortController();
      const search = store.search({ vector: query(), signal: controller.signal });
      controller.abort();
      await expect(search).rejects.toMatchObject({ name: 'AbortError' });
      expect(await store.search({ vector: query() })).toHaveLength(1);
    });

    test('after close() every call says so, and what was acknowledged stays', async () => {
      const document = createDocument('a');
      const writer = await store.write({ ...document.head, id: 'unfinished' });
      const committing = put(store, document);
      await committing;
      await store.close();
      await store.close();
      const closed = failing('closed');
      await expect(store.list()).rejects.toEqual(closed);
      await expect(store.bind(space)).rejects.toEqual(closed);
      await expect(store.hash('a')).rejects.toEqual(closed);
      await expect(store.search({ vector: query() })).rejects.toEqual(closed);
      await expect(store.write(document.head)).rejects.toEqual(closed);
      await expect(store.text('a')).rejects.toEqual(closed);
      await expect(store.remove(['a'])).rejects.toEqual(closed);
      await expect(store.clear()).rejects.toEqual(closed);
      await expect(store.stats()).rejects.toEqual(closed);
      await expect(writer.text('x')).rejects.toEqual(closed);
      await reopen();
      expect((await store.list()).map((record) => record.id)).toEqual(['a']);
    });

    test('two stores of one name see each other’s commits and lose none', async () => {
      const other = await place.open();
      await other.bind(space);
      const ids = Array.from({ length: 40 }, (_, index) => `${index}`);
      await Promise.all(ids.map((id, index) => put(index % 2 ? store : other, createDocument(id))));
      for (const instance of [store, other]) {
        expect((await instance.list()).map((record) => record.id).sort()).toEqual([...ids].sort());
        // All these vectors are the same: a server's graph of neighbours does not reach all of them.
        if (!remote) expect(await instance.search({ vector: query(), k: 100 })).toHaveLength(40);
      }
      await Promise.all([store.remove(ids.slice(0, 10)), other.remove(ids.slice(5, 15)), put(store, createDocument('5'))]);
      expect(await store.search({ vector: query(), k: 100 })).toEqual(await other.search({ vector: query(), k: 100 }));
      await other.clear();
      await other.bind(createSpace(dimension, 'test/other'));
      await put(other, createDocument('foreign'));
      await expect(put(store, createDocument('6'))).rejects.toEqual(failing('embedding-mismatch'));
      await expect(store.search({ vector: query() })).rejects.toEqual(failing('embedding-mismatch'));
      await other.clear();
      await other.close();
    });

    test('a document too large for memory is stored in parts, replaced and removed', async () => {
      const random = createRandom(11);
      const wide = createSpace(256);
      await store.clear();
      await store.bind(wide);
      await put(store, createDocument('small', { dimension: 256 }));
      const vector = createVector(random, 256);
      for (const version of [1, 2]) {
        const writer = await store.write(createDocument('large', { hash: `${version}` }).head);
        const piece = `${version}`.repeat(40_000);
        for (let part = 0; part < 50; part++) {
          await writer.text(piece);
          const spans = Array.from({ length: 100 }, (_, index) => ({
            start: part * 40_000 + index,
            end: part * 40_000 + index + 9,
          }));
          const vectors = new Float32Array(100 * 256);
          for (let row = 0; row < 100; row++) vectors.set(createVector(random, 256), row * 256);
          if (part === 37) vectors.set(vector, 50 * 256);
          await writer.chunks(spans, vectors);
        }
        expect(await store.hash('large')).toBe(version === 1 ? undefined : '1');
        await writer.commit();
        const stats = await store.stats();
        expect(stats).toMatchObject({ documents: 2, chunks: 5001 });
        expect(stats.segments).toBeLessThan(8);
        const [hit] = await store.search({ vector, k: 1 });
        expect(hit).toMatchObject({ id: 'large#3750', start: 37 * 40_000 + 50, text: `${version}`.repeat(9) });
      }
      expect(await store.text('large', 1_999_990)).toBe('2'.repeat(10));
      expect(await store.remove(['large'])).toBe(1);
      expect(await store.stats()).toMatchObject({ documents: 1, chunks: 1, segments: remote ? 0 : 1 });
      await store.clear();
    });
  });
}
