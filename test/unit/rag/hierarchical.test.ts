// Groups of passages, and what a strategy makes of them. The index is real, the embedding model knows words only.
import { describe, expect, test } from 'vitest';
import { cluster } from '../../../src/outline/k-means.ts';
import { hierarchical } from '../../../src/rag/hierarchical.ts';
import { OutlineKeeper } from '../../../src/service/outline-keeper.ts';
import type { StrategyContext } from '../../../src/spec/strategy.ts';
import { deleteRecords, recordsOf } from '../../../src/store/records.ts';
import { createRandom } from '../../../src/util/random.ts';
import { lampDocuments, retrievalOf, testStrategy } from '../../contract/test-strategy.ts';
import { openScene, type Scene } from '../../support/strategy-scene.ts';

let names = 0;

/** The scene with an outline. */
function outlined({ context, store }: Scene): { context: StrategyContext; name: string } {
  const name = `outline ${names++}`;
  const keeper = new OutlineKeeper(
    () => store,
    async () => recordsOf(name, false),
  );
  const outline: StrategyContext['outline'] = {
    async groups(query, { count = 3, signal } = {}) {
      const { data } = await context.embedder.embed([query], { kind: 'query', signal });
      return keeper.groups(data, count, { signal });
    },
  };
  return { context: { ...context, outline }, name };
}

testStrategy('hierarchical with an outline', { create: () => hierarchical(), prepare: (scene) => outlined(scene).context });

const fruits = ['apple', 'pear', 'plum', 'cherry', 'quince', 'medlar', 'apricot', 'peach', 'fig', 'grape'];
const tools = ['hammer', 'saw', 'chisel', 'plane', 'file', 'vice', 'drill', 'level', 'pliers', 'wrench'];
const documents = [
  ...fruits.map((id) => ({ id, title: id, text: `The ${id} is a fruit of the orchard, sweet and ripe in the garden.` })),
  ...tools.map((id) => ({ id, title: id, text: `The ${id} is a tool of the workshop, made of steel and kept in the drawer.` })),
];

describe('hierarchical', () => {
  test('a group gives passages that do not say the word that was asked for', async () => {
    const scene = await openScene([...documents, ...lampDocuments]);
    const { context } = outlined(scene);
    const question = 'sweet ripe fruit of the orchard garden';
    const { steps, retrieval } = await retrievalOf(hierarchical({ share: 0.5 }), question, context, { k: 6 });
    expect(steps).toMatchObject([{ step: 'expand' }]);
    expect(retrieval.hits).toHaveLength(6);
    expect(retrieval.hits.every(({ document }) => fruits.includes(document))).toBe(true);
    await scene.store.close();
  });

  test('an outline stays until more than a tenth has changed, and does not name what is gone', async () => {
    const scene = await openScene(documents);
    const { context, name } = outlined(scene);
    const groups = () => context.outline!.groups('fruit orchard', { count: 10 });
    const first = await groups();
    expect(first.length).toBeGreaterThan(3);
    expect(new Set(first.map(({ layer }) => layer)).size).toBeGreaterThan(0);
    const stored = () => recordsOf(name, false).get('outline');
    const before = await stored();
    const [gone] = first[0]!.central;
    await scene.store.remove([gone!.document]);
    expect((await groups()).flatMap(({ central }) => central).map(({ id }) => id)).not.toContain(gone!.id);
    expect(await stored()).toEqual(before);
    await scene.add([
      { id: 'new', title: 'new', text: 'Something new in the orchard.' },
      { id: 'newer', title: 'newer', text: 'And newer still.' },
    ]);
    await groups();
    expect(await stored()).not.toEqual(before);
    await deleteRecords(name, false);
    await scene.store.close();
  });
});

describe('cluster', () => {
  const dimension = 16;
  const random = createRandom(4);
  const middles = Array.from({ length: 5 }, () => Float32Array.from({ length: dimension }, () => random() - 0.5));
  const vectors = new Float32Array(200 * dimension);
  for (let i = 0; i < 200; i++) {
    const vector = middles[i % 5]!.map((value) => value + (random() - 0.5) * 0.2);
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / length),
      i * dimension,
    );
  }

  test('finds groups that are far apart, each time the same', async () => {
    const { assigned, centroids } = await cluster(vectors, dimension, 5);
    for (let i = 0; i < 200; i++) expect(assigned[i]).toBe(assigned[i % 5]);
    expect(new Set(assigned)).toHaveLength(5);
    for (let at = 0; at < 5; at++) expect(Math.hypot(...centroids.subarray(at * 16, at * 16 + 16))).toBeCloseTo(1, 5);
    expect(await cluster(vectors, dimension, 5)).toEqual({ assigned, centroids });
  });

  test('can be aborted', async () => {
    await expect(cluster(vectors, dimension, 5, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
