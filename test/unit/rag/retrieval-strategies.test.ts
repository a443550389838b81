// What each way of finding passages does besides the contract. The index is real, the embedding model knows words only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auto } from '../../../src/rag/auto.ts';
import { corrective } from '../../../src/rag/corrective.ts';
import { fusion, ruleVariants } from '../../../src/rag/fusion.ts';
import { hyde } from '../../../src/rag/hyde.ts';
import { iterative } from '../../../src/rag/iterative.ts';
import { naive } from '../../../src/rag/naive.ts';
import { rewrite } from '../../../src/rag/rewrite.ts';
import { type Features, featureNames } from '../../../src/rag/route/features.ts';
import { probabilityOfSeveral } from '../../../src/rag/route/router.ts';
import { trainRouter } from '../../../src/rag/route/train.ts';
import type { StrategyContext } from '../../../src/spec/strategy.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { lampDocuments, retrievalOf, testStrategy } from '../../contract/test-strategy.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

testStrategy('iterative with a draft', { create: () => iterative({ draft: true }) });
testStrategy('fusion by the model', { create: () => fusion({ variants: 'llm' }) });
testStrategy('fusion by ranks', { create: () => fusion({ method: 'rrf' }) });
testStrategy('rewrite by the model', { create: () => rewrite({ by: 'llm' }) });
testStrategy('naive, spread out and widened', { create: () => naive({ relevance: 0.8, around: 200 }) });
testStrategy('corrective with strips', { create: () => corrective({ sentences: 1 }) });

/** A chain: the question names a song; its singer and the town where she lives stand elsewhere. */
const chain = [
  { id: 'song', title: 'Blue Harbour', text: 'Blue Harbour is a song performed by Solveig Brandt.' },
  { id: 'singer', title: 'Solveig Brandt', text: 'When she was young, Solveig Brandt moved to Lillevik.' },
  { id: 'town', title: 'Lillevik', text: 'The mayor of Lillevik is elected every four years.' },
  ...Array.from({ length: 12 }, (_, i) => ({
    id: `other${i}`,
    title: `Town number ${i}`,
    text: `A town with a harbour, number ${i}.`,
  })),
];

let lamps: Scene;
let songs: Scene;
beforeAll(async () => {
  lamps = await openScene(lampDocuments);
  songs = await openScene(chain);
});
afterAll(async () => {
  await lamps.store.close();
  await songs.store.close();
});
const question = 'Where is the town to which the performer of the song Blue Harbour moved?';
const documents = async (...call: Parameters<typeof retrievalOf>) =>
  (await retrievalOf(...call)).retrieval.hits.map(({ document }) => document);
const saying = (scene: Scene, reply: string): StrategyContext => ({ ...scene.context, llm: mockLlm({ reply }) });

describe('iterative', () => {
  test('finds what only a passage found names', async () => {
    expect(await documents(naive(), question, songs.context, { k: 3 })).not.toEqual(
      expect.arrayContaining(['song', 'singer', 'town']),
    );
    expect(await documents(iterative(), question, songs.context, { k: 3 })).toEqual(
      expect.arrayContaining(['song', 'singer', 'town']),
    );
  });

  test('tells what it searches for', async () => {
    const { steps } = await retrievalOf(iterative(), question, songs.context);
    const { queries } = steps.find(({ step }) => step === 'search')!.detail as { queries: string[] };
    expect(queries.some((query) => query.includes('Solveig Brandt'))).toBe(true);
    expect(queries.every((query) => !query.includes('blue') || !query.includes('Blue Harbour'))).toBe(true);
  });
});

test('fusion asks with content words, names, and the rest', async () => {
  expect(ruleVariants('How heavy is the Harbor lamp?')).toEqual(['heavy harbor lamp', 'Harbor', 'heavy lamp']);
  expect(ruleVariants('???')).toEqual([]);
  const { steps } = await retrievalOf(
    fusion({ variants: 'llm', count: 2 }),
    'How heavy is it?',
    saying(lamps, '1. Weight?\n2. Mass?\n3. Grams?'),
  );
  expect(steps[0]!.detail).toEqual({ queries: ['How heavy is it?', 'Weight?', 'Mass?'] });
});

test('hyde finds by the words of the made-up answer', async () => {
  const context = saying(lamps, 'Tulips are planted in autumn in the garden.');
  expect(await documents(hyde({ weight: 3 }), 'When do I put bulbs into the ground?', context, { k: 1 })).toEqual(['garden']);
});

describe('rewrite', () => {
  test('each thing that is compared has its passage', async () => {
    const found = await documents(
      rewrite(),
      'What is the difference between the Harbor lamp manual and tulips in autumn?',
      lamps.context,
      { k: 3 },
    );
    expect(found).toEqual(expect.arrayContaining(['garden', 'manual']));
  });

  test('by the model, line by line', async () => {
    const { steps } = await retrievalOf(
      rewrite({ by: 'llm' }),
      'Tell me all',
      saying(lamps, '- lamp weight\n- tulips in autumn'),
    );
    expect(steps[0]!.detail).toEqual({ queries: ['lamp weight', 'tulips in autumn'] });
  });
});

describe('corrective', () => {
  test('sure passages stay, others are searched for again, and the confidence is told', async () => {
    const sure = await retrievalOf(corrective({ upper: 0.3 }), 'Harbor lamp weighs 300 grams', lamps.context);
    expect(sure.steps).toHaveLength(1);
    expect(sure.retrieval.confidence).toBeGreaterThan(0.3);
    const unsure = await retrievalOf(corrective(), 'Which Zeppelin crossed the Nordlys ocean?', lamps.context);
    expect(unsure.steps).toHaveLength(2);
    expect(unsure.retrieval.confidence).toBeLessThan(sure.retrieval.confidence!);
  });
});

describe('auto', () => {
  const routeOf = async (...call: Parameters<typeof retrievalOf>) =>
    (await retrievalOf(...call)).steps.filter(({ step }) => step === 'route').map(({ detail }) => detail!.to);

  test('chooses by the question', async () => {
    expect(await routeOf(auto(), 'How long does the battery last?', lamps.context)).toEqual(['naive']);
    expect(
      await routeOf(auto(), 'Who is the mayor of the town where the performer of Blue Harbour moved?', songs.context),
    ).toEqual(['graph']);
    expect(await routeOf(auto(), 'How heavy is the lamp and when are tulips planted?', lamps.context)).toEqual(['rewrite']);
  });

  test('gives what the chosen one gives', async () => {
    const plain = 'How long does the battery last?';
    expect(await documents(auto(), plain, lamps.context)).toEqual(await documents(naive(), plain, lamps.context));
    expect(await documents(auto({ several: 0 }), question, songs.context)).toEqual(
      await documents(iterative(), question, songs.context),
    );
    expect(await documents(auto({ several: 1.1 }), question, songs.context)).toEqual(
      await documents(naive(), question, songs.context),
    );
  });

  test('takes in earlier turns once', async () => {
    const history = [{ role: 'user', content: 'Who makes the Harbor lamp?' }] as const;
    const { steps, retrieval } = await retrievalOf(auto({ several: 1.1 }), 'How heavy is it?', lamps.context, { history });
    expect(steps.map(({ step }) => step)).toEqual(['condense', 'route']);
    expect(retrieval.question).toContain('Harbor');
  });
});

test.each([naive(), auto(), iterative()])("$name has the page's reranker look, once", async (strategy) => {
  const asked: number[] = [];
  const reranker = {
    load: async () => ({ model: 'test', device: 'wasm' as const }),
    async rerank(_query: string, texts: readonly string[]) {
      asked.push(texts.length);
      return texts.map((text) => (text.includes('Tulips') ? 1 : 0));
    },
    close: async () => {},
  };
  const { steps, retrieval } = await retrievalOf(strategy, 'How heavy is the lamp?', { ...lamps.context, reranker }, { k: 2 });
  expect(steps.filter(({ step }) => step === 'rerank')).toHaveLength(1);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeGreaterThan(2);
  expect(retrieval.hits).toHaveLength(2);
  expect(retrieval.hits[0]!.document).toBe('garden');
});

test('the router learns what tells the questions apart, and refuses questions of one kind', () => {
  const features = (covered: number) =>
    Object.fromEntries(featureNames.map((name) => [name, name === 'covered' ? covered : 0.5])) as Features;
  const questions = [0.1, 0.2, 0.8, 0.9].map((covered) => ({ features: features(covered), several: covered < 0.5 }));
  const weights = trainRouter(questions);
  expect(weights).toEqual(trainRouter(questions));
  expect(probabilityOfSeveral(features(0), weights)).toBeGreaterThan(0.8);
  expect(probabilityOfSeveral(features(1), weights)).toBeLessThan(0.2);
  expect(() => trainRouter(questions.slice(0, 2))).toThrow(RangeError);
});
