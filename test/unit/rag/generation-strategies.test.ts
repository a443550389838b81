// Strategies that work on the model's side of an answer: what they ask of it, and when they search again. On stand-ins.
import { afterEach, describe, expect, test } from 'vitest';
import { contextAware } from '../../../src/rag/context-aware.ts';
import { lookAhead } from '../../../src/rag/look-ahead.ts';
import { mergeRankings } from '../../../src/rag/merge-rankings.ts';
import { nearestNeighbours } from '../../../src/rag/nearest-neighbours.ts';
import { speculative } from '../../../src/rag/speculative.ts';
import type { GenerateOptions, Llm } from '../../../src/spec/llm.ts';
import type { Hit } from '../../../src/spec/store.ts';
import { eventsOf, lampDocuments, retrievalOf } from '../../contract/test-strategy.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

let scene: Scene;
afterEach(() => scene?.store.close());

/** The stand-in for the model, with open logits: the probability of each token by what it says, and what was asked of it. */
function openLlm(llm: Llm, probability: (token: string) => number) {
  const asked: GenerateOptions[] = [];
  const open: Llm = {
    ...llm,
    async load(call) {
      const info = await llm.load(call);
      return { ...info, capabilities: { ...info.capabilities, logits: ['probabilities', 'contrast', 'neighbours'] } };
    },
    async *generate(messages, options = {}) {
      asked.push(options);
      for await (const event of llm.generate(messages, options)) {
        yield event.type === 'token' ? { ...event, probability: probability(event.text.trim()) } : event;
      }
    },
  };
  return { open, asked };
}

describe('look-ahead', () => {
  const reply = 'Ingrid Dahl designed the Fjord lantern.';
  const question = 'Who makes the lamp?';

  test('an unsure draft is searched for, without its unsure tokens', async () => {
    scene = await openScene(lampDocuments, { llm: { reply } });
    const { open } = openLlm(scene.context.llm, (token) => (token === 'Ingrid' ? 0.1 : 0.9));
    const { steps } = await retrievalOf(lookAhead(), question, { ...scene.context, llm: open });
    expect(steps.map(({ step }) => step)).toEqual(['draft', 'search']);
    expect(steps[1]!.detail).toEqual({ query: `${question} Dahl designed the Fjord lantern.` });
  });

  test('a sure one is not', async () => {
    scene = await openScene(lampDocuments, { llm: { reply } });
    const { open } = openLlm(scene.context.llm, () => 0.9);
    const { steps } = await retrievalOf(lookAhead(), question, { ...scene.context, llm: open });
    expect(steps.map(({ step }) => step)).toEqual(['draft']);
  });

  test('without probabilities the passages decide', async () => {
    for (const [said, count] of [
      ['The Harbor lamp weighs 300 grams.', 1],
      ['The Harbor lamp weighs 900 grams.', 2],
    ] as const) {
      scene = await openScene(lampDocuments, { llm: { reply: said } });
      const { steps } = await retrievalOf(lookAhead(), 'How heavy is the Harbor lamp?', scene.context);
      expect(steps).toHaveLength(count);
      await scene.store.close();
    }
  });
});

describe('speculative', () => {
  test('the draft that the passages support is the answer, and the model is not asked for another', async () => {
    let times = 0;
    const reply = () => ['The Harbor lamp weighs 900 kilograms.', 'The Harbor lamp weighs 300 grams.'][times++] ?? 'No.';
    scene = await openScene(lampDocuments, { llm: { reply } });
    const { events, done } = await eventsOf(speculative(), 'How heavy is the Harbor lamp?', scene.context);
    expect(times).toBe(2);
    expect(done).toMatchObject({ answer: 'The Harbor lamp weighs 300 grams.', method: 'generated' });
    expect(done.citations).toMatchObject([{ supported: true, document: 'manual' }]);
    expect(events.flatMap((event) => (event.type === 'step' ? event.step : []))).toEqual(['draft', 'draft', 'judge']);
  });
});

describe('context-aware, nearest-neighbours', () => {
  test('the question without passages is the contrast', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
    const { open, asked } = openLlm(scene.context.llm, () => 1);
    await eventsOf(contextAware({ weight: 1 }), 'How heavy is the Harbor lamp?', { ...scene.context, llm: open });
    expect(asked[0]!.contrast!.weight).toBe(1);
    const [, last] = asked[0]!.contrast!.messages;
    expect(last!.content).toContain('How heavy is the Harbor lamp?');
    expect(last!.content).not.toContain('300');
  });

  test('the prompt is the datastore of neighbours', async () => {
    scene = await openScene(lampDocuments, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
    const { open, asked } = openLlm(scene.context.llm, () => 1);
    await eventsOf(nearestNeighbours({ weight: 0.5 }), 'How heavy is the Harbor lamp?', { ...scene.context, llm: open });
    expect(asked[0]!.neighbours).toEqual({ weight: 0.5 });
  });

  test('a model without open logits is told of, and answers plainly', async () => {
    for (const strategy of [contextAware(), nearestNeighbours()]) {
      scene = await openScene(lampDocuments, { llm: { reply: 'The Harbor lamp weighs 300 grams.' } });
      const { events, done } = await eventsOf(strategy, 'How heavy is the Harbor lamp?', scene.context);
      expect(events[0]).toMatchObject({ type: 'step', strategy: strategy.name, reason: expect.stringContaining('logits') });
      expect(done.answer).toContain('300');
      await scene.store.close();
    }
  });
});

test('rankings are merged by reciprocal ranks, each passage once', () => {
  const hits = (ids: string) => [...ids].map((id) => ({ id }) as Hit);
  expect(mergeRankings([hits('abc'), hits('bd')]).map(({ id }) => id)).toEqual(['b', 'a', 'd', 'c']);
});
