// Quality without right answers, with the judge that needs no model and with one that asks a chat model.
import { expect, test } from 'vitest';
import { embeddingJudge, llmJudge } from '../../../src/eval/judge.ts';
import {
  answerRelevance,
  citedShare,
  contextPrecision,
  contextRecall,
  contextRelevance,
  faithfulness,
} from '../../../src/eval/quality.ts';
import type { Citation } from '../../../src/spec/citation.ts';
import type { ChatMessage, Llm } from '../../../src/spec/llm.ts';
import type { Hit } from '../../../src/spec/store.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';

const hits = ['Tulips are planted in autumn.', 'The lamp weighs 300 grams.', 'Hold the button to reset the lamp.'].map(
  (text, i): Hit => ({
    id: `manual#${i}`,
    document: 'manual',
    title: 'Manual',
    mediaType: 'text/plain',
    text,
    start: 0,
    end: text.length,
    headings: [],
    metadata: {},
    score: 1,
    scores: {},
  }),
);

const embedder = mockEmbedder({ dimension: 512 });
const judge = embeddingJudge({ embedder });

test('of three passages the second and third are about the question', async () => {
  const question = 'what is the weight of the lamp';
  expect(await contextRelevance(judge, question, hits)).toBeCloseTo(2 / 3, 12);
  // (1/2 + 2/3) / 2
  expect(await contextPrecision(judge, question, hits)).toBeCloseTo(7 / 12, 12);
  expect(await contextPrecision(judge, question, hits.slice(1))).toBe(1);
});

test('recall is of the right answer, faithfulness of the one given', async () => {
  const reference = 'The lamp weighs 300 grams. It was made in Bergen in 1952.';
  expect(await contextRecall(judge, reference, hits)).toBe(1 / 2);
  expect(await faithfulness(judge, 'The lamp weighs 300 grams.', hits)).toBe(1);
  expect(await faithfulness(judge, 'The lamp weighs 500 grams.', hits)).toBe(0);
});

test('an answer in the words of the question is nearer than another', async () => {
  const question = 'How heavy is the lamp?';
  const near = await answerRelevance(embedder, question, 'The lamp is heavy.');
  expect(near).toBeGreaterThan(0.8);
  expect(await answerRelevance(embedder, question, 'Tulips grow.')).toBeLessThan(0.2);
});

test('nothing found, nothing said', async () => {
  expect(await contextRelevance(judge, 'lamp', [])).toBe(0);
  expect(await contextPrecision(judge, 'lamp', [])).toBe(0);
  expect(await faithfulness(judge, '', hits)).toBe(0);
  expect(citedShare([])).toBe(0);
  expect(citedShare([{ supported: true }, { supported: false }] as Citation[])).toBe(1 / 2);
});

test('a chat model is asked once a passage or sentence, with the choice of yes and no, and shown the passages as quoted', async () => {
  const asked: { prompt: string; options: unknown }[] = [];
  const reply = (messages: readonly ChatMessage[]) => (/300 grams|say that "The lamp/.test(messages[0]!.content) ? 'yes' : 'no');
  const inner = mockLlm({ reply });
  const llm: Llm = {
    ...inner,
    generate(messages, options) {
      asked.push({ prompt: messages[0]!.content, options });
      return inner.generate(messages, options);
    },
  };
  const byModel = llmJudge(llm);
  expect(await byModel.relevant('How heavy is it?', hits)).toEqual([0, 1, 0]);
  expect(await contextPrecision(byModel, 'How heavy is it?', hits)).toBe(1 / 2);
  expect(asked[0]!.options).toMatchObject({ output: { choice: ['yes', 'no'] }, temperature: 0 });
  expect(asked[0]!.prompt).toContain('[1] Tulips');
  asked.length = 0;
  expect(await faithfulness(byModel, 'The lamp is light. It is blue.', hits.slice(0, 1))).toBe(1 / 2);
  expect(asked).toHaveLength(2);
});
