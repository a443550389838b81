// Questions out of documents.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestSet } from '../../../src/eval/make-test-set.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

const text = `# Harbor lamp
The Harbor lamp was founded by the sea in 1952 and sold since then. It weighs 300 grams without the strap and its box.
Its first designer in the small workshop was Ingrid Dahl of Bergen. It is nice. Between 3 and 3 there is nothing to ask about here.`;

let scene: Scene;
let library: Parameters<typeof makeTestSet>[0];
beforeAll(async () => {
  scene = await openScene([
    { id: 'lamp', title: 'Harbor lamp', text },
    { id: 'copy', title: 'Copy', text: text.split('\n')[1]! },
  ]);
  library = { documents: () => scene.store.list(), text: scene.context.retriever.text };
});
afterAll(() => scene.store.close());

test('numbers, years and names become what is asked for; the gold is where the sentence is', async () => {
  const { cases } = await makeTestSet(library);
  expect(cases.map(({ question, answers }) => [question, answers])).toEqual([
    ['The Harbor lamp was founded by the sea in which year and sold since then?', ['1952']],
    ['Harbor lamp: It weighs how many grams without the strap and its box?', ['300']],
    ['Harbor lamp: Its first designer in the small workshop was who or what of Bergen?', ['Ingrid Dahl']],
  ]);
  for (const { gold, answers } of cases) {
    const [{ document, start, end }] = gold as [{ document: string; start: number; end: number }];
    expect(document).toBe('lamp');
    expect(text.slice(start, end)).toContain(answers![0]);
    expect(text.slice(start, end)).toMatch(/^(?:The|It).*\.$/s);
  }
});

test('the seed draws', async () => {
  const { cases } = await makeTestSet(library, { n: 2, seed: 4 });
  expect(cases).toHaveLength(2);
  expect(await makeTestSet(library, { n: 2, seed: 4 })).toMatchObject({ cases });
});

test('a chat model asks in its own words; a question that holds its answer, or is none, is left out', async () => {
  const llm = mockLlm({
    reply: ([message]) =>
      message!.content.includes('"1952"')
        ? 'When was the firm founded?'
        : message!.content.includes('"300"')
          ? 'Why does it weigh 300 grams?'
          : 'I cannot do that.',
  });
  const { cases } = await makeTestSet(library, { llm });
  expect(cases.map(({ question }) => question)).toEqual(['When was the firm founded?']);
});

test('documents that tell nothing', async () => {
  const empty = { documents: async () => [{ id: 'a', title: 'A' }], text: async () => 'Nothing much.' };
  await expect(makeTestSet(empty)).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(makeTestSet(library, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});
