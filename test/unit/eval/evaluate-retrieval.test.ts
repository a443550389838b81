// Rankings of passages against what a question should find.
import { expect, test } from 'vitest';
import { evaluateRetrieval } from '../../../src/eval/evaluate-retrieval.ts';
import { summarize } from '../../../src/eval/summarize.ts';
import { rankedIds, sample } from '../../../src/eval/test-set.ts';
import type { Hit } from '../../../src/spec/store.ts';

/** A passage as a search gives it. @param place `document@start-end` */
function hit(place: string): Hit {
  const [, document = '', start, end] = /^(.*)@(\d+)-(\d+)$/.exec(place)!;
  const common = { title: '', mediaType: 'text/plain', text: '', headings: [], metadata: {}, score: 1, scores: {} };
  return { ...common, id: `${document}#${start}`, document, start: Number(start), end: Number(end) };
}

test('a document counts once, at its best passage', () => {
  const hits = ['a@0-9', 'b@0-9', 'a@9-20', 'c@0-9'].map(hit);
  const { ranked, relevant } = rankedIds(hits, [{ document: 'a' }, { document: 'c' }]);
  expect(ranked).toEqual(['a', 'b', 'c']);
  expect([...relevant]).toEqual(['a', 'c']);
});

test('gold inside a document is found by a passage that overlaps it, and by no other of the document', () => {
  const hits = ['a@0-10', 'a@10-30', 'b@0-9', 'a@30-40'].map(hit);
  const { ranked, relevant } = rankedIds(hits, [{ document: 'a', start: 25, end: 35 }]);
  expect([...relevant]).toEqual(['a@25-35']);
  expect(ranked).toEqual(['a#0', 'a@25-35', 'b#0']);
});

test('one passage may hold several', () => {
  const { ranked } = rankedIds(
    [hit('a@0-10')],
    [
      { document: 'a', start: 0, end: 3 },
      { document: 'a', start: 5, end: 8 },
    ],
  );
  expect(ranked).toEqual(['a@0-3', 'a@5-8']);
});

test('each question is asked once, with its k; the row has means of all', async () => {
  const asked: unknown[] = [];
  const finder = {
    async retrieve(question: string, options?: object) {
      asked.push([question, options]);
      return { question, hits: question === 'first' ? [hit('a@0-9'), hit('b@0-9')] : [hit('c@0-9')], confidence: 0.5 };
    },
  };
  const cases = [
    { id: '1', question: 'first', gold: [{ document: 'b' }] },
    { id: '2', question: 'second', gold: [{ document: 'x' }] },
  ];
  const seen: number[] = [];
  const results = await evaluateRetrieval(finder, { name: 'set', cases }, { k: 7, onProgress: ({ done }) => seen.push(done) });
  expect(asked).toEqual([
    ['first', { k: 7, signal: undefined }],
    ['second', { k: 7, signal: undefined }],
  ]);
  expect(seen).toEqual([1, 2]);
  expect(results.map(({ values }) => values['recall@2'])).toEqual([1, 0]);
  expect(results[0]).toMatchObject({ id: '1', confidence: 0.5, values: { 'recall@1': 0, 'mrr@10': 0.5, 'hit@2': 1, map: 0.5 } });
  const row = summarize('naive', results, { tokens: 30 });
  expect(row).toMatchObject({ strategy: 'naive', n: 2, tokens: 15, metrics: { 'mrr@10': { mean: 0.25 } } });
});

test('a question without gold, and an abort', async () => {
  const finder = { retrieve: async (question: string) => ({ question, hits: [] }) };
  const set = { name: 'set', cases: [{ id: '1', question: 'first', gold: [] }] };
  await expect(evaluateRetrieval(finder, set)).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(evaluateRetrieval(finder, set, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});

test('samples are drawn by the seed, in order, without repeats', () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const drawn = sample(items, 10, 1);
  expect(drawn).toEqual(sample(items, 10, 1));
  expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
  expect(drawn).not.toEqual(sample(items, 10, 2));
  expect(sample(items, 80, 1)).toEqual(items);
});
