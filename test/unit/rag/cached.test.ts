// The semantic cache: what is given again, to whom, and until when.
import { afterEach, describe, expect, test } from 'vitest';
import { sameQuestion } from '../../../src/rag/cache/same-question.ts';
import { cached } from '../../../src/rag/cached.ts';
import { naive } from '../../../src/rag/naive.ts';
import { eventsOf, lampDocuments, testStrategy } from '../../contract/test-strategy.ts';
import different from '../../fixtures/questions/different.json' with { type: 'json' };
import same from '../../fixtures/questions/same.json' with { type: 'json' };
import { openScene, type Scene } from '../../support/strategy-scene.ts';

testStrategy('cached', { create: () => cached(naive()) });

let scene: Scene;

/** A scene whose model counts how often it is asked. */
async function counting() {
  const asked = { times: 0 };
  const reply = () => {
    asked.times++;
    return 'The Harbor lamp weighs 300 grams.';
  };
  scene = await openScene(lampDocuments, { llm: { reply } });
  return { asked, context: scene.context };
}

const question = 'How heavy is the Harbor lamp?';
// The stand-in for the embedding model knows words only, so that paraphrases are as near as the words that they share.
const again = 'How heavy is that Harbor lamp, please?';
const strategyOf = () => cached(naive(), { minCosine: 0.7 });

describe('cached', () => {
  afterEach(() => scene.store.close());

  test('the same question in other words is answered without the model, with the same citations', async () => {
    const { asked, context } = await counting();
    const strategy = strategyOf();
    const first = await eventsOf(strategy, question, context);
    const second = await eventsOf(strategy, again, context);
    expect(asked.times).toBe(1);
    expect(first.done.method).toBe('generated');
    expect(second.done).toMatchObject({ method: 'cached', answer: first.done.answer, citations: first.done.citations });
    expect(second.events[0]).toMatchObject({ type: 'step', step: 'cache', detail: { question } });
  });

  test('another name, other options and earlier turns are other questions', async () => {
    const { asked, context } = await counting();
    const strategy = strategyOf();
    await eventsOf(strategy, question, context);
    await eventsOf(strategy, 'How heavy is the Fjord lantern?', context);
    await eventsOf(strategy, question, context, { k: 2 });
    await eventsOf(strategy, question, context, { filter: { id: 'manual' } });
    await eventsOf(strategy, question, context, { history: [{ role: 'user', content: 'Hello.' }] });
    expect(asked.times).toBe(5);
  });

  test('a source that changes, goes or gets company makes an answer stale', async () => {
    for (const change of [
      () => scene.add([{ ...lampDocuments[0]!, text: 'The Harbor lamp weighs 310 grams.' }]),
      () => scene.store.remove(['manual']),
      () => scene.add([{ id: 'note', title: 'Harbor lamp', text: 'How heavy the Harbor lamp is: 310 grams.' }]),
    ]) {
      const { asked, context } = await counting();
      const strategy = strategyOf();
      await eventsOf(strategy, question, context);
      await change();
      expect((await eventsOf(strategy, question, context)).done.method).not.toBe('cached');
      expect(asked.times).toBe(2);
      await scene.store.close();
    }
  });

  test('a document that has nothing to do with it changes nothing', async () => {
    const { context } = await counting();
    const strategy = cached(naive());
    await eventsOf(strategy, question, context, { k: 1 });
    await scene.add([{ id: 'other', title: 'Soup', text: 'Onions are fried first.' }]);
    expect((await eventsOf(strategy, question, context, { k: 1 })).done.method).toBe('cached');
  });

  test('the last answers are kept, and no abstention', async () => {
    const { asked, context } = await counting();
    const strategy = cached(naive(), { maxEntries: 1 });
    await eventsOf(strategy, question, context);
    await eventsOf(strategy, 'Who founded Nordlys Works?', context);
    await eventsOf(strategy, question, context);
    expect(asked.times).toBe(3);
    const options = { filter: { id: 'nothing' } };
    await eventsOf(strategy, question, context, options);
    expect((await eventsOf(strategy, question, context, options)).done).toMatchObject({
      reason: 'abstained',
      method: 'extracted',
    });
  });
});

describe('sameQuestion', () => {
  test('no pair of questions that are alike but for one thing passes, where vectors take most of them for the same', () => {
    // Nearer than 0.9 to each other, by the default embedding model, are 16 of them. The rest is left to the vectors.
    const far = /change my email|take to charge|hänge|schwer/;
    expect(different.filter(([a, b]) => !far.test(b!) && sameQuestion(a!, b!))).toEqual([]);
  });

  test('most paraphrases pass', () => {
    const passing = same.filter(([a, b]) => sameQuestion(a!, b!));
    expect(passing.length / same.length).toBeGreaterThan(0.45);
  });
});
