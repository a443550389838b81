// Strategies over a graph, and the graph as it follows its collection. The index is real, the embedding model knows words only.
import { describe, expect, test } from 'vitest';
import { communities } from '../../../src/rag/communities.ts';
import { graph } from '../../../src/rag/graph.ts';
import { lightGraph } from '../../../src/rag/light-graph.ts';
import { GraphKeeper } from '../../../src/service/graph-keeper.ts';
import type { KnowledgeGraph } from '../../../src/spec/graph.ts';
import type { StrategyContext } from '../../../src/spec/strategy.ts';
import { recordsOf } from '../../../src/store/records.ts';
import { retrievalOf, testStrategy } from '../../contract/test-strategy.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

let names = 0;

/** The scene with a graph. */
function linked({ context, store }: Scene, name = `graph ${names++}`) {
  const keeper = () =>
    new GraphKeeper(
      () => store,
      async () => recordsOf(name, false),
      (question, options) => context.retriever.search(question, options),
    );
  const asGraph = (kept: GraphKeeper): KnowledgeGraph => ({
    sync: (options = {}) => kept.sync(options),
    search: (question, options = {}) => kept.search(question, options),
    keys: (question, options = {}) => kept.keys(question, options),
    passages: (list, options = {}) => kept.passages(list, options),
    communities: (question, options = {}) => kept.communities(question, options),
  });
  const linkedGraph = asGraph(keeper());
  return { context: { ...context, graph: linkedGraph } satisfies StrategyContext, again: () => asGraph(keeper()), name };
}

const oneRound = () => graph({ rounds: 1 });
for (const create of [graph, oneRound, lightGraph, communities]) {
  testStrategy(`${create === oneRound ? 'graph in one round' : create().name} with a graph`, {
    create,
    prepare: (scene) => linked(scene).context,
  });
}

const hops = [
  { id: 'song', title: 'Hello Love (song)', text: 'Hello Love is a song that Hank Snow recorded in 1974.' },
  { id: 'singer', title: 'Hank Snow', text: 'Hank Snow died at his ranch near Madison, among horses.' },
  { id: 'town', title: 'Madison', text: 'Madison lies in the north of Davidson County.' },
  { id: 'garden', title: 'Garden', text: 'Tulips are planted in autumn.' },
];

describe('graph', () => {
  test('finds what only a name leads to', async () => {
    const scene = await openScene(hops);
    const { context } = linked(scene);
    const { retrieval } = await retrievalOf(oneRound(), 'Where did the performer of Hello Love die?', context, { k: 2 });
    const found = retrieval.hits.map(({ document }) => document);
    expect(found).toContain('song');
    expect(found).toContain('singer');
    const { retrieval: light } = await retrievalOf(lightGraph(), 'Where did the performer of Hello Love die?', context, { k: 3 });
    expect(light.hits.map(({ document }) => document)).toContain('singer');
    await scene.store.close();
  });

  test('follows the collection, also one that another has written, and what is kept is what a new one makes', async () => {
    const scene = await openScene(hops);
    const { context, again, name } = linked(scene);
    const progress: number[] = [];
    const first = await context.graph.sync({ onProgress: ({ done }) => progress.push(done) });
    expect(first).toMatchObject({ documents: 4, passages: 4 });
    expect(progress.at(-1)).toBe(4);
    await scene.store.remove(['singer']);
    const less = await context.graph.sync();
    expect(less.documents).toBe(3);
    expect(less.edges).toBeLessThan(first.edges);
    await scene.add([hops[1]!]);
    expect(await context.graph.sync()).toEqual(first);
    let read = 0;
    const other = again();
    expect(await other.sync({ onProgress: () => read++ })).toEqual(first);
    expect(read).toBe(0);
    expect([...(await recordsOf(name, false).entries('graph-1/')).keys()]).toHaveLength(4);
    expect(await other.search('Hank Snow', { k: 1 })).toMatchObject([{ document: 'singer', score: 1 }]);
    await scene.store.close();
  });

  test('an abort ends bringing it up', async () => {
    const scene = await openScene(hops);
    const { context } = linked(scene);
    await expect(context.graph.sync({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await context.graph.sync()).toMatchObject({ documents: 4 });
    await scene.store.close();
  });

  test('a question about the whole is answered from all communities', async () => {
    const groups = ['Oslo', 'Lima', 'Cairo'];
    const scene = await openScene(
      groups.flatMap((city) =>
        [1, 2, 3].map((i) => ({
          id: `${city}-${i}`,
          title: `${city} ${i}`,
          text: `${city} Harbor and ${city} Museum are in ${city}.`,
        })),
      ),
    );
    const { context } = linked(scene);
    const { steps, retrieval } = await retrievalOf(communities(), 'What are the main themes?', context, { k: 3 });
    expect(steps).toMatchObject([{ step: 'route' }]);
    expect(new Set(retrieval.hits.map(({ document }) => document.split('-')[0]))).toEqual(new Set(groups));
    const local = await retrievalOf(communities(), 'What is in Lima?', context, { k: 3 });
    expect(local.retrieval.hits[0]!.document).toContain('Lima');
    await scene.store.close();
  });
});
