// Answers and abstentions measured over the real index; the models are stand-ins.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkQuotes } from '../../../src/eval/check-quotes.ts';
import { evaluateAbstention, summarizeAbstention } from '../../../src/eval/evaluate-abstention.ts';
import { evaluateAnswers } from '../../../src/eval/evaluate-answers.ts';
import { embeddingJudge } from '../../../src/eval/judge.ts';
import { naive } from '../../../src/rag/naive.ts';
import type { AskOptions, Retrieval } from '../../../src/spec/strategy.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

const documents = [
  {
    id: 'manual',
    title: 'Manual',
    text: 'The Harbor lamp weighs 300 grams. Hold the button to reset it.',
    metadata: { id: 'manual' },
  },
  { id: 'garden', title: 'Garden', text: 'Tulips are planted in autumn.', metadata: { id: 'garden' } },
];

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(documents, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
});
afterAll(() => scene.store.close());

/** An assistant of which only this is needed. */
const assistant = () => ({
  ask: (question: string, options?: AskOptions) => naive().answer(question, scene.context, options),
  text: scene.context.retriever.text,
  async retrieve(question: string, options?: AskOptions): Promise<Retrieval> {
    const run = naive().retrieve!(question, scene.context, options);
    for (;;) {
      const { done, value } = await run.next();
      if (done) return value;
    }
  },
});

test('an answer is compared with the right ones and its quotes with the documents', async () => {
  const cases = [{ id: '1', question: 'How heavy is the Harbor lamp?', gold: [{ document: 'manual' }], answers: ['300 grams'] }];
  const [result] = await evaluateAnswers(assistant(), cases);
  expect(result!.values).toMatchObject({ contained: 1, em: 0, abstained: 0, cited: 1 });
  // 2 of 6 words (articles do not count) and 2 of 2.
  expect(result!.values.f1).toBeCloseTo((2 * 2) / (5 + 2), 12);
  expect(result).toMatchObject({ reason: 'stop', sentences: 1, supported: 1, violations: [] });
  expect(result!.tokens).toBeGreaterThan(5);
});

test('a filter takes the gold away; an abstention has no value of a citation and counts as wrong', async () => {
  const filter = { id: { $nin: ['manual', 'garden'] } };
  const cases = [{ id: '1', question: 'How heavy is the lamp?', gold: [{ document: 'manual' }], answers: ['300 grams'], filter }];
  const [result] = await evaluateAnswers(assistant(), cases);
  expect(result).toMatchObject({ reason: 'abstained', sentences: 0, values: { abstained: 1, contained: 0, f1: 0 } });
  expect(result!.values).not.toHaveProperty('cited');
});

test('judges say more of an answer and its passages', async () => {
  const { embedder } = scene.context;
  const cases = [{ id: '1', question: 'How heavy is the Harbor lamp?', gold: [{ document: 'manual' }], answers: ['300 grams'] }];
  const [result] = await evaluateAnswers(assistant(), cases, { judge: embeddingJudge({ embedder, minCosine: 0.3 }), embedder });
  // Of two passages the first is about the lamp.
  expect(result!.values).toMatchObject({
    'context-relevance': 1 / 2,
    'context-precision': 1,
    'context-recall': 1,
    faithfulness: 1,
  });
  expect(result!.values['answer-relevance']).toBeGreaterThan(0.3);
});

test('an abort ends it', async () => {
  const cases = [{ id: '1', question: 'lamp', gold: [] }];
  await expect(evaluateAnswers(assistant(), cases, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});

describe('quotes', () => {
  const answer = 'It weighs 300 grams.';
  const citation = {
    answerStart: 0,
    answerEnd: answer.length,
    sentence: answer,
    supported: true,
    score: 1,
    document: 'manual',
    start: 0,
    end: 33,
    quote: 'The Harbor lamp weighs 300 grams.',
  };
  const reasons = async (change: object) =>
    (await checkQuotes(answer, [{ ...citation, ...change }], scene.context.retriever)).map(({ reason }) => reason);

  test('that stand where they say are right; a sentence that is not supported needs none', async () => {
    expect(await reasons({})).toEqual([]);
    expect(await reasons({ supported: false, quote: undefined })).toEqual([]);
  });

  test('that are elsewhere, changed or missing are violations', async () => {
    expect(await reasons({ start: 1 })).toEqual(['The quote is not at its place in the document.']);
    expect(await reasons({ quote: 'The Harbor lamp weighs 900 grams.' })).toEqual([
      'The quote is not at its place in the document.',
    ]);
    expect(await reasons({ quote: undefined })).toEqual(['There is no quote.']);
    expect(await reasons({ answerStart: 2 })).toEqual(['The sentence is not at its place in the answer.']);
  });
});

test('abstention: the confidence with the gold and without, and what is done about it', async () => {
  const cases = [
    { id: '1', question: 'Harbor lamp weighs grams', gold: [{ document: 'manual' }] },
    { id: '2', question: 'tulips planted in autumn', gold: [{ document: 'garden' }] },
  ];
  const results = await evaluateAbstention(assistant(), cases);
  for (const { confidence } of results) expect(confidence.with).toBeGreaterThan(confidence.without);
  expect(results.map(({ abstained }) => abstained)).toEqual([
    { with: false, without: true },
    { with: false, without: true },
  ]);
  const { auc, refused, rejected } = summarizeAbstention(results);
  expect([auc.mean, refused.mean, rejected.mean]).toEqual([1, 0, 1]);
});
