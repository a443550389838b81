// Who makes an answer, when there is none, and what is extracted. Models are stand-ins; the index is real.
import { afterEach, describe, expect, test } from 'vitest';
import { answerKind, namesKind } from '../../../../src/rag/answer/answer-kind.ts';
import { confidenceOf, confidenceSignals } from '../../../../src/rag/answer/confidence.ts';
import { whoLeads } from '../../../../src/rag/answer/who-leads.ts';
import { extractive } from '../../../../src/rag/extractive.ts';
import { naive } from '../../../../src/rag/naive.ts';
import type { Llm } from '../../../../src/spec/llm.ts';
import { words } from '../../../../src/util/text.ts';
import { eventsOf, lampDocuments, retrievalOf } from '../../../contract/test-strategy.ts';
import { openScene, type Scene } from '../../../support/strategy-scene.ts';

let scene: Scene;
afterEach(() => scene?.store.close());

const question = 'How heavy is the Harbor lamp?';

/** The stand-in under the name of a small model. */
const small = (llm: Llm): Llm => ({
  ...llm,
  load: async (call) => ({ ...(await llm.load(call)), model: 'SmolLM2-135M-Instruct' }),
});

describe('extraction leads', () => {
  test('quotes come first, then what the model says of them, if supported', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'The lamp weighs 300 grams. It was made by elves in Narnia.' } });
    const context = { ...scene.context, llm: small(scene.context.llm) };
    const { events, done } = await eventsOf(naive(), question, context);
    const tokens = events.flatMap((event) => (event.type === 'token' ? event.text : []));
    expect(tokens[0]).toContain('The Harbor lamp weighs 300 grams.');
    expect(tokens.slice(1)).toEqual(['\n\nThe lamp weighs 300 grams.']);
    expect(done.answer).toBe(tokens.join(''));
    expect(done).toMatchObject({ method: 'generated', reason: 'stop' });
    expect(done.citations.every(({ supported }) => supported)).toBe(true);
    for (const { answerStart, answerEnd, sentence, document, start, end, quote } of done.citations) {
      expect(done.answer.slice(answerStart, answerEnd)).toBe(sentence);
      expect(await context.retriever.text(document!, { start, end })).toBe(quote);
    }
  });

  test('where nothing is supported the quotes are the answer', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'The lamp weighs 900 grams.' } });
    const { done } = await eventsOf(naive(), question, { ...scene.context, llm: small(scene.context.llm) });
    expect(done.answer).not.toContain('900');
    expect(done).toMatchObject({ method: 'extracted', reason: 'stop' });
  });

  test('the page may say who leads', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
    const generated = await eventsOf(
      naive(),
      question,
      { ...scene.context, llm: small(scene.context.llm) },
      { lead: 'generate' },
    );
    expect(generated.done).toMatchObject({ answer: 'The Harbor lamp weighs 300 grams.', method: 'generated' });
    const extracted = await eventsOf(naive(), question, scene.context, { lead: 'extract' });
    expect(extracted.done).toMatchObject({ method: 'extracted' });
  });

  test('small models and emulated GPUs do not lead; names that tell no size do', () => {
    const led = (model: string, software = false) => whoLeads({ model, software });
    for (const model of [
      'SmolLM2-135M-Instruct',
      'SmolLM2-360M-Instruct-q4f16_1-MLC',
      'Qwen2.5-0.5B-Instruct',
      'gemma-3-270m-it',
    ])
      expect(led(model)).toBe('extract');
    for (const model of ['Qwen2.5-1.5B-Instruct', 'Llama-3.2-3B', 'gemma-2b', 'gpt-4o-mini', 'gemini-nano', 'Phi-3.5-mini'])
      expect(led(model)).toBe('generate');
    expect(led('Llama-3.2-3B', true)).toBe('extract');
  });
});

describe('extractive', () => {
  test('never touches the chat model', async () => {
    scene = await openScene(lampDocuments);
    const untouchable = new Proxy({} as Llm, {
      get() {
        throw new Error('the model was touched');
      },
    });
    const { done } = await eventsOf(extractive(), question, { ...scene.context, llm: untouchable });
    expect(done).toMatchObject({ method: 'extracted', usage: { promptTokens: 0, completionTokens: 0 } });
    expect(done.citations.length).toBeLessThanOrEqual(2);
    expect(extractive().needs).toEqual({ llm: false });
  });
});

describe('confidence', () => {
  test('is higher for what the documents tell than for what they do not, and decides', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'Yes.' } });
    const judged = async (asked: string) => (await retrievalOf(naive(), asked, scene.context)).retrieval.confidence!;
    const known = await judged(question);
    const unknown = await judged('What does the parliament of Iceland vote on tomorrow?');
    expect(known).toBeGreaterThan(0.5);
    expect(unknown).toBeLessThan(0.15);
    const { done } = await eventsOf(naive(), 'What does the parliament of Iceland vote on tomorrow?', scene.context);
    expect(done).toMatchObject({ reason: 'abstained', abstention: { reason: expect.stringMatching(/irrelevant|unanswered/) } });
    expect(done.abstention!.closest.length).toBeGreaterThan(0);
    const forced = await eventsOf(naive(), 'What does the parliament of Iceland vote on tomorrow?', scene.context, {
      minScore: -1,
    });
    expect(forced.done.reason).not.toBe('abstained');
  });

  test('grows with each signal, from 0 to 1', () => {
    const signals = { nearness: 0.5, coverage: 0.5, lead: 0.2 };
    const base = confidenceOf(signals);
    for (const name of ['nearness', 'coverage', 'lead'] as const)
      expect(confidenceOf({ ...signals, [name]: 0.9 })).toBeGreaterThan(base);
    expect(confidenceSignals(question, [])).toEqual({ nearness: 0, coverage: 0, lead: 0 });
  });
});

test('what a question asks for, and sentences that name it', () => {
  for (const [asked, kind] of [
    ['who wrote hamlet', 'person'],
    ['when did the war end', 'time'],
    ['how many legs has a spider', 'count'],
    ['Wo liegt Bremen?', 'place'],
    ['why is the sky blue', undefined],
  ] as const)
    expect(answerKind(asked)).toBe(kind);
  const names = (kind: Parameters<typeof namesKind>[0], sentence: string, asked: string) =>
    namesKind(kind, sentence, new Set(words(asked)));
  expect(names('person', 'The play was written by William Shakespeare.', 'who wrote hamlet')).toBe(true);
  expect(names('person', 'Hamlet is a play.', 'who wrote hamlet')).toBe(false);
  expect(names('time', 'It ended in 1945.', 'when did it end')).toBe(true);
  expect(names('time', 'In 1914 it began.', 'when did the war of 1914 end')).toBe(false);
});
