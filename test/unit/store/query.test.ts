// Queries: what is refused, what is left out, and what each option does to the answer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hit, Store, StoreQuery } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { checkQuery } from '../../../src/store/search/query.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../contract/test-store.ts';
import { StoreModel } from '../../support/store-model.ts';

const dimension = 8;
const vector = createVector(createRandom(1), dimension);

describe('a query', () => {
  test('has its defaults', () => {
    expect(checkQuery({ vector })).toMatchObject({ mode: 'dense', k: 10, exact: false, explain: false });
    expect(checkQuery({ vector })).toMatchObject({ fusion: { method: 'convex', weight: 0.6 } });
    expect(checkQuery({ text: 'a', fusion: { method: 'rrf' } })).toMatchObject({ mode: 'lexical', fusion: { constant: 60 } });
    expect(checkQuery({ vector, text: '' }).mode).toBe('hybrid');
    expect(checkQuery({ vector, text: 'a', mode: 'lexical' })).toMatchObject({ mode: 'lexical', vector: undefined });
    expect(checkQuery({ vector, text: 'a', mode: 'dense' })).toMatchObject({ mode: 'dense', text: undefined });
  });

  test('is not changed by what becomes of the vector that was given', () => {
    const given = vector.slice();
    const query = checkQuery({ vector: given });
    given.fill(0);
    expect(query.vector).toEqual(vector);
  });

  test.each<[unknown, string]>([
    [undefined, 'query'],
    [null, 'query'],
    ['words', 'query'],
    [{}, 'vector'],
    [{ text: 'a', mode: 'dense' }, 'vector'],
    [{ text: 'a', mode: 'hybrid' }, 'vector'],
    [{ vector, mode: 'hybrid' }, 'text'],
    [{ vector, mode: 'lexical' }, 'text'],
    [{ vector, mode: 'sparse' }, 'sparse'],
    [{ vector, text: 7 }, 'string'],
    [{ vector: null }, 'Float32Array'],
    [{ vector: [...vector] }, 'Float32Array'],
    [{ vector: new Float32Array([Number.NaN]) }, 'finite'],
    [{ vector, k: 0 }, 'k is 0'],
    [{ vector, k: 1001 }, '1000'],
    [{ vector, k: 2.5 }, '2.5'],
    [{ vector, oversample: 0 }, 'oversample'],
    [{ vector, oversample: 1001 }, 'oversample'],
    [{ vector, oversample: 1.5 }, 'oversample'],
    [{ vector, fusion: 'rrf' }, 'fusion'],
    [{ vector, fusion: { method: 'sum' } }, 'sum'],
    [{ vector, fusion: { method: 'convex', weight: -0.1 } }, 'weight'],
    [{ vector, fusion: { method: 'convex', weight: Number.NaN } }, 'weight'],
    [{ vector, fusion: { method: 'rrf', constant: 0 } }, 'constant'],
    [{ vector, fusion: { method: 'rrf', constant: Number.POSITIVE_INFINITY } }, 'constant'],
    [{ vector, filter: { a: { $near: 1 } } }, '$near'],
    [{ vector, filter: null }, 'filter'],
  ])('%j is refused, naming %s', (query, part) => {
    expect(() => checkQuery(query as StoreQuery)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(part) }),
    );
  });
});

describe('an answer', () => {
  const name = 'query';
  let store: Store;
  const model = new StoreModel(dimension);
  const query = { vector, text: 'apple pear' };

  beforeAll(async () => {
    store = await openCollection({ name });
    await store.bind(createSpace(dimension));
    const random = createRandom(2);
    const words = ['apple', 'pear', 'plum', 'fig', 'the'];
    for (let index = 0; index < 60; index++) {
      const text = Array.from({ length: 12 }, () => words[Math.floor(random() ** 2 * words.length)]).join(' ');
      const document = createDocument(`d${index}`, { random, text, spanLength: 17, metadata: { index } });
      await put(store, document);
      await model.put(document);
    }
    const apart = createDocument('apart', { random, text: 'an apple tree and an apple pie', spanLength: 100 });
    await put(store, apart);
    await model.put(apart);
  });
  afterAll(async () => {
    await store.close();
    await deleteCollection(name);
  });
  const brief = (hits: readonly Hit[]) => hits.map(({ id, score }) => ({ id, score }));

  test('has the scores of the stages that the mode asks for', async () => {
    for (const [mode, stages] of [
      ['dense', ['dense']],
      ['lexical', ['lexical']],
      ['hybrid', ['dense', 'fused', 'lexical']],
    ] as const) {
      const hits = await store.search({ ...query, mode });
      expect(hits).toHaveLength(10);
      for (const hit of hits) {
        expect(Object.keys(hit.scores).sort()).toEqual(stages);
        expect(hit.score).toBe(mode === 'hybrid' ? hit.scores.fused : hit.scores[mode]);
        expect(hit).not.toHaveProperty('explanation');
      }
    }
  });

  test('is that of the vector at weight 1 and that of the words at weight 0', async () => {
    const ids = (hits: readonly Hit[]) => hits.map(({ id }) => id);
    const [dense, lexical] = await store.search([{ vector }, { text: query.text }]);
    const fused = (weight: number) => store.search({ ...query, fusion: { method: 'convex', weight } });
    expect(ids(await fused(1))).toEqual(ids(dense!));
    expect(ids(await fused(0))).toEqual(ids(lexical!));
  });

  test('is that of the model, whatever the fusion', async () => {
    for (const fusion of [
      { method: 'convex', weight: 0.3 } as const,
      { method: 'rrf', constant: 10 } as const,
      { method: 'rrf', constant: 0.5 } as const,
    ]) {
      const wanted = await model.search({ ...query, mode: 'hybrid', k: 25, fusion });
      expect(await store.search({ ...query, k: 25, fusion })).toEqual(wanted);
    }
  });

  test('explains itself, and is the same as without', async () => {
    const plain = await store.search(query);
    const [explained] = await store.search([{ ...query, explain: true }]);
    expect(brief(explained!)).toEqual(brief(plain));
    const dense = (await store.search({ vector, k: 1000 })).map(({ id }) => id);
    const lexical = (await store.search({ text: query.text, k: 1000 })).map(({ id }) => id);
    for (const { id, scores, explanation } of explained!) {
      const { denseRank, lexicalRank, terms, timings } = explanation!;
      if (denseRank) expect(dense[denseRank - 1]).toBe(id);
      if (lexicalRank) expect(lexical[lexicalRank - 1]).toBe(id);
      expect(denseRank ?? lexicalRank).toBeDefined();
      if (lexicalRank) expect(terms!.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(scores.lexical!, 9);
      for (const { word } of terms ?? []) expect(['apple', 'pear']).toContain(word);
      expect(Object.keys(timings)).toEqual(expect.arrayContaining(['filter', 'dense', 'lexical', 'fusion', 'content']));
      for (const time of Object.values(timings)) expect(time).toBeGreaterThanOrEqual(0);
    }
  });

  test('to several queries is what each alone gives, in their order', async () => {
    const queries: StoreQuery[] = [
      { vector, k: 3 },
      { text: 'plum' },
      { ...query, filter: { index: { $lt: 5 } } },
      { text: 'nowhere' },
      { vector, filter: { index: 7 }, exact: true },
    ];
    const together = await store.search(queries);
    expect(together).toEqual(await Promise.all(queries.map((each) => store.search(each))));
    expect(together[3]).toEqual([]);
    expect(await store.search([])).toEqual([]);
    await expect(store.search([{ vector }, { vector, k: 0 }])).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(store.search([{ vector }, { vector: new Float32Array(3) }])).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(store.search([{ vector }, { vector, signal: AbortSignal.abort() }])).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('to words in quotes has them side by side', async () => {
    expect((await store.search({ text: '"apple tree"' })).map(({ document }) => document)).toEqual(['apart']);
    expect(await store.search({ text: '"tree apple"' })).toEqual([]);
    expect((await store.search({ text: '"apple pie" plum' })).map(({ document }) => document)).toEqual(['apart']);
  });

  test('to a text without words has nothing to go by but the vector', async () => {
    expect(await store.search({ text: ' ?! ' })).toEqual([]);
    const ids = async (each: StoreQuery) => (await store.search(each)).map(({ id }) => id);
    expect(await ids({ vector, text: '' })).toEqual(await ids({ vector }));
  });
});
