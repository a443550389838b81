// The naive strategy's own logic, on stand-ins for the models; with the real ones see test/e2e.
import { describe, expect, test } from 'vitest';
import { answerDefaults } from '../../../src/rag/answer/answer-from.ts';
import { naive } from '../../../src/rag/naive.ts';
import type { Retriever } from '../../../src/spec/retriever.ts';
import type { Hit } from '../../../src/spec/store.ts';
import type { AnswerEvent, AskOptions } from '../../../src/spec/strategy.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';
import { type MockLlmOptions, mockLlm } from '../../../src/testing/mock-llm.ts';

const text = 'The lamp weighs 300 grams. Hold the button for ten seconds to reset the lamp.';

const hit = (score: number, number = 0): Hit => ({
  id: `manual#${number}`,
  document: 'manual',
  title: 'Manual',
  mediaType: 'text/plain',
  text,
  start: 100,
  end: 100 + text.length,
  headings: [],
  metadata: {},
  score,
  scores: { dense: score },
});

/** Gives the same hits whatever is asked. */
const retrieverOf = (hits: Hit[]): Retriever => ({
  search: async (query: string | readonly string[]): Promise<never> =>
    (typeof query === 'string' ? hits : query.map(() => hits)) as never,
  text: async () => text,
});

async function ask(question: string, hits: Hit[], llm: MockLlmOptions, options: AskOptions = {}) {
  const context = { llm: mockLlm(llm), embedder: mockEmbedder(), retriever: retrieverOf(hits) };
  const events: AnswerEvent[] = [];
  for await (const event of naive().answer(question, context, options)) events.push(event);
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error('no end');
  const streamed = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
  return { events, done, streamed };
}

describe('naive', () => {
  test('streams what the model says and cites what supports it', async () => {
    const { events, done, streamed } = await ask('How heavy is the lamp?', [hit(0.6)], { reply: 'The lamp weighs 300 grams.' });
    expect(events[0]).toMatchObject({ type: 'retrieval', used: 1 });
    expect(streamed).toBe('The lamp weighs 300 grams.');
    expect(done).toMatchObject({ answer: streamed, reason: 'stop' });
    expect(done.citations).toMatchObject([{ supported: true, start: 100, end: 126, quote: 'The lamp weighs 300 grams.' }]);
  });

  test('adds quotes where nothing that the model said is supported', async () => {
    const { done, streamed } = await ask('How do I reset the lamp with the button?', [hit(0.6)], {
      reply: 'Ask a wizard nicely.',
    });
    expect(done.answer).toBe(streamed);
    expect(done.answer).toBe(
      `Ask a wizard nicely.\n\n${answerDefaults.quoteLead} The lamp weighs 300 grams. Hold the button for ten seconds to reset the lamp.`,
    );
    expect(done.citations.map(({ supported }) => supported)).toEqual([false, true, true]);
    for (const { answerStart, answerEnd, sentence } of done.citations)
      expect(done.answer.slice(answerStart, answerEnd)).toBe(sentence);
    for (const { start, quote } of done.citations.slice(1))
      expect(text.slice(start! - 100, start! - 100 + quote!.length)).toBe(quote);
  });

  test('abstains without a relevant passage, and asks no model', async () => {
    const reply = () => {
      throw new Error('the model was asked');
    };
    for (const hits of [[], [hit(0.1)]]) {
      const { done, streamed } = await ask('Who won?', hits, { reply });
      expect(done).toMatchObject({ reason: 'abstained', answer: answerDefaults.nothingFound, hits, citations: [] });
      expect(streamed).toBe(answerDefaults.nothingFound);
    }
    expect((await ask('Who won?', [hit(0.1)], { reply: 'Somebody.' }, { minScore: 0 })).done.reason).toBe('stop');
  });

  test('ends where the model begins to repeat itself', async () => {
    const sentence = 'The lamp weighs 300 grams in all. ';
    const { done } = await ask('How heavy is the lamp?', [hit(0.6)], { reply: sentence.repeat(20) });
    expect(done.answer).toBe(sentence.trim());
    expect(done.reason).toBe('stop');
  });

  test('keeps to the budget of the prompt, and says when it is too small', async () => {
    const hits = [hit(0.6), hit(0.5, 1), hit(0.4, 2)];
    const { events } = await ask('How heavy is the lamp?', hits, { reply: 'The lamp weighs 300 grams.' }, { promptTokens: 90 });
    expect(events[0]).toMatchObject({ type: 'retrieval', used: expect.toSatisfy((used: number) => used >= 1 && used < 3) });
    await expect(ask('How heavy is the lamp?', hits, {}, { promptTokens: 10 })).rejects.toMatchObject({
      code: 'context-overflow',
    });
  });

  test('checks k and honours the signal', async () => {
    for (const k of [0, 51, 1.5]) await expect(ask('Why?', [], {}, { k })).rejects.toMatchObject({ code: 'invalid-argument' });
    const controller = new AbortController();
    controller.abort();
    await expect(ask('How heavy is it?', [hit(0.6)], { reply: 'a b c' }, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
