// What strategies make of passages: fused, spread out, reranked, widened, narrowed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diversify } from '../../../../src/rag/steps/diversify.ts';
import { expand } from '../../../../src/rag/steps/expand.ts';
import { fuseScores } from '../../../../src/rag/steps/fuse-scores.ts';
import { relevance } from '../../../../src/rag/steps/relevance.ts';
import { rerank } from '../../../../src/rag/steps/rerank.ts';
import { strips } from '../../../../src/rag/steps/strips.ts';
import type { Reranker } from '../../../../src/spec/reranker.ts';
import type { Hit } from '../../../../src/spec/store.ts';
import { openScene, type Scene } from '../../../support/strategy-scene.ts';

const hit = (id: string, score: number, text = id): Hit => ({
  id,
  document: id,
  title: '',
  mediaType: 'text/plain',
  text,
  start: 0,
  end: text.length,
  headings: [],
  metadata: {},
  score,
  scores: { dense: score },
});
const ids = (hits: readonly Hit[]) => hits.map(({ id }) => id);

test('scores of rankings add up, each scaled by its best', () => {
  const fused = fuseScores([
    { hits: [hit('a', 10), hit('b', 6)], weight: 1 },
    { hits: [hit('b', 0.5), hit('c', 0.4)], weight: 0.5 },
  ]);
  expect(ids(fused)).toEqual(['b', 'a', 'c']);
  expect(fused.map(({ score }) => score)).toEqual([1.1, 1, 0.4]);
  expect(fuseScores([])).toEqual([]);
  expect(fuseScores([{ hits: [hit('a', 0)], weight: 1 }])[0]!.score).toBe(0);
});

test('a passage that says what a better one says comes later', () => {
  const hits = [
    hit('a', 1, 'the lamp weighs 300 grams'),
    hit('b', 0.95, 'the lamp weighs 300 grams'),
    hit('c', 0.9, 'its battery lasts nine hours'),
  ];
  expect(ids(diversify(hits, 2))).toEqual(['a', 'c']);
  expect(ids(diversify(hits, 3, 1))).toEqual(['a', 'b', 'c']);
  expect(diversify([], 3)).toEqual([]);
});

test('a reranker moves the passages that it has seen', async () => {
  const scores: Record<string, number> = { a: 0, b: 5, c: 9 };
  const reranker: Reranker = {
    load: async () => ({ model: 'test', device: 'wasm' }),
    rerank: async (_query, texts) => texts.map((text) => scores[text]!),
    close: async () => {},
  };
  const hits = [hit('a', 0.9), hit('b', 0.8), hit('c', 0.7)];
  expect(ids(await rerank('?', hits, reranker))).toEqual(['c', 'b', 'a']);
  expect(ids(await rerank('?', hits, reranker, { depth: 2 }))).toEqual(['b', 'a', 'c']);
  expect(ids(await rerank('?', hits, reranker, { weight: 0 }))).toEqual(['a', 'b', 'c']);
});

describe('over a collection', () => {
  const text = 'First paragraph of the manual.\n\nThe lamp weighs 300 grams.\n\nHold the button to reset it.\n\nLast paragraph.';
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene([{ id: 'manual', text }]);
  });
  afterAll(() => scene.store.close());
  const passage = (start: number, end: number): Hit => ({
    ...hit(`manual#${start}`, 1, text.slice(start, end)),
    document: 'manual',
    start,
    end,
  });
  const [from, to] = [text.indexOf('The lamp'), text.indexOf('grams.') + 6];

  test('a passage is widened to whole paragraphs, and its offsets with it', async () => {
    const { retriever } = scene.context;
    const [wide] = await expand([passage(from, to)], retriever, { around: 35 });
    expect(wide!.text).toBe('First paragraph of the manual.\n\nThe lamp weighs 300 grams.\n\nHold the button to reset it.');
    expect(text.slice(wide!.start, wide!.end)).toBe(wide!.text);
    const [all] = await expand([passage(from, to)], retriever);
    expect(all!.text).toBe(text);
    const [same] = await expand([passage(from, to)], retriever, { around: 5 });
    expect(same!.text).toBe('The lamp weighs 300 grams.');
  });

  test('passages that grow together become one', async () => {
    const second = text.indexOf('Hold');
    const wide = await expand([passage(from, to), passage(second, second + 28)], scene.context.retriever);
    expect(wide).toHaveLength(1);
    expect(wide[0]).toMatchObject({ id: `manual#${from}`, start: 0, end: text.length });
  });

  test('a strip is the sentences nearest to the question, where they stand', async () => {
    const long = passage(0, text.length);
    const [strip] = await strips('How heavy is the lamp, in grams?', [long], scene.context.embedder, { sentences: 1 });
    expect(strip!.text).toBe('The lamp weighs 300 grams.');
    expect(text.slice(strip!.start, strip!.end)).toBe(strip!.text);
    expect(await strips('?', [passage(from, to)], scene.context.embedder)).toEqual([passage(from, to)]);
  });
});

test('relevance grows with the cosine and the words found', () => {
  const near = { ...hit('a', 1, 'The lamp weighs 300 grams.'), scores: { dense: 0.6 } };
  expect(relevance('How heavy is the lamp?', [near])).toBeCloseTo(0.75);
  expect(relevance('How heavy is the lamp?', [])).toBe(0);
  expect(relevance('tulips', [{ ...near, scores: {} }])).toBe(0);
});
