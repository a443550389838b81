// The adapter of a collection: learned, kept where it helps, dropped where it does not. The index is real; in the vectors of this
// stand-in every question has the same direction too much, which leads to decoys and which a few dimensions can take away.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AdapterKeeper } from '../../../src/service/adapter-keeper.ts';
import type { TrainingPair } from '../../../src/spec/adapter.ts';
import type { Embedder, EmbeddingSpace } from '../../../src/spec/embedder.ts';
import type { Store } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { deleteRecords, recordsOf } from '../../../src/store/records.ts';
import { createRandom } from '../../../src/util/random.ts';
import { openScene } from '../../support/strategy-scene.ts';

const dimension = 64;
const topics = 120;
const space: EmbeddingSpace = {
  model: 'test',
  revision: 'main',
  dimension,
  pooling: 'mean',
  normalized: true,
  prefix: { query: '', passage: '' },
};

/** `p7` and `q7` are of topic 7; a question leans towards the direction of the decoys, `d0` and so on. */
function vectorOf(text: string): Float32Array {
  const [kind, number] = [text[0], Number(text.slice(1))];
  const random = createRandom(kind === 'd' ? 10_000 + number : 100 + number);
  const lean = kind === 'p' ? 0 : kind === 'q' ? 2.4 : 6;
  const vector = Float32Array.from({ length: dimension }, (_, d) => random() - 0.5 + (d === 0 ? lean : 0));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const embedder: Embedder = {
  load: async () => ({ space, device: 'wasm', dtype: 'fp32', threads: 1, maxTokens: 512 }),
  async embed(texts, { signal } = {}) {
    signal?.throwIfAborted();
    const data = new Float32Array(texts.length * dimension);
    for (const [i, text] of texts.entries()) data.set(vectorOf(text), i * dimension);
    return { data, rows: texts.length, dimension };
  },
  close: async () => {},
};

const pairs = (passageOf = (topic: number) => topic): TrainingPair[] =>
  Array.from({ length: topics }, (_, topic) => ({
    question: `q${topic}`,
    passage: { document: `p${passageOf(topic)}`, start: 0, end: 2 },
  }));

let store: Store;
let keeper: AdapterKeeper;
beforeEach(async () => {
  store = await openCollection({ name: 'adapter' });
  await store.bind(space);
  const documents = [...Array.from({ length: topics }, (_, i) => `p${i}`), ...Array.from({ length: 30 }, (_, i) => `d${i}`)];
  await store.add(documents.map((text) => ({ id: text, text, vectors: vectorOf(text) })));
  keeper = new AdapterKeeper(
    () => store,
    async () => recordsOf('adapter', false),
  );
});
afterEach(async () => {
  await store.close();
  await deleteCollection('adapter');
});

/** Share of questions whose passage comes first, as the worker searches. */
async function found(by = keeper): Promise<number> {
  let right = 0;
  for (let topic = 0; topic < topics; topic++) {
    const vector = vectorOf(`q${topic}`);
    await by.apply(space, vector);
    const [hit] = await store.search({ vector, k: 1 });
    if (hit?.document === `p${topic}`) right++;
  }
  return right / topics;
}

describe('an adapter', () => {
  test('is kept where unseen questions find their passages better, and is there after reopening', async () => {
    const before = await found();
    const phases = new Set<string>();
    const result = await keeper.adapt(pairs(), embedder, { onProgress: ({ phase }) => phases.add(phase) });
    expect(result).toMatchObject({ kept: true, pairs: { trained: 80, heldOut: 40, source: 'given' } });
    expect(result.after.ndcg).toBeGreaterThan(result.before.ndcg + 0.2);
    expect(result.gain.low).toBeGreaterThan(0);
    expect([...phases]).toEqual(['embed', 'mine', 'train', 'evaluate']);
    expect(await found()).toBeGreaterThan(before + 0.2);

    const again = new AdapterKeeper(
      () => store,
      async () => recordsOf('adapter', false),
    );
    expect(await found(again)).toBe(await found());
    expect(await again.info()).toMatchObject({ rank: 8, pairs: { trained: 80 }, after: result.after });
    await again.forget();
    expect(await found(again)).toBe(before);
    expect(await again.info()).toBeUndefined();
  });

  test('the same pairs and seed give the same figures', async () => {
    expect(await keeper.adapt(pairs(), embedder, { seed: 3 })).toEqual(await keeper.adapt(pairs(), embedder, { seed: 3 }));
  });

  test('is dropped where there is nothing to learn, and what was kept before stays', async () => {
    const random = createRandom(9);
    const wrong = await keeper.adapt(
      pairs(() => Math.floor(random() * topics)),
      embedder,
      {},
    );
    expect(wrong.kept).toBe(false);
    expect(await keeper.info()).toBeUndefined();
    await keeper.adapt(pairs(), embedder, {});
    const info = await keeper.info();
    await keeper.adapt(
      pairs(() => Math.floor(random() * topics)),
      embedder,
      {},
    );
    expect(await keeper.info()).toEqual(info);
  });

  test('learns from feedback, where the last word counts and refusals alone are no lesson', async () => {
    for (const pair of pairs().slice(0, 60)) {
      await keeper.feedback({ ...pair, relevant: false });
      await keeper.feedback(pair);
    }
    await keeper.feedback({ question: 'q90', passage: { document: 'd1', start: 0, end: 2 }, relevant: false });
    const { pairs: counted } = await keeper.adapt(undefined, embedder, {});
    expect(counted).toEqual({ trained: 40, heldOut: 20, source: 'feedback' });
  });

  test('learns from the documents where that is asked for, and drops what gains nothing', async () => {
    const scene = await openScene(
      Array.from({ length: 60 }, (_, i) => ({
        id: `page ${i}`,
        title: `Page ${i}`,
        text: `Part ${i} of the old machine was made of steel by hand in ${1900 + i} in the great hall. Its twin is kept in a room of its own.`,
      })),
    );
    const own = new AdapterKeeper(
      () => scene.store,
      async () => recordsOf('made', false),
    );
    const phases = new Set<string>();
    const result = await own.adapt('documents', scene.context.embedder, { onProgress: ({ phase }) => phases.add(phase) });
    expect(result.pairs).toEqual({ trained: 40, heldOut: 20, source: 'documents' });
    expect([...phases]).toEqual(['embed', 'mine', 'train', 'evaluate']);
    expect(result.kept).toBe(result.gain.low > 0);
    expect((await own.info()) !== undefined).toBe(result.kept);
    await scene.store.close();
    await deleteRecords('made', false);
    await expect(keeper.adapt('documents', embedder, {})).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('needs enough questions whose documents are there', async () => {
    await store.remove(Array.from({ length: topics - 29 }, (_, i) => `p${i}`));
    await expect(keeper.adapt(pairs(), embedder, {})).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { questions: 29 },
    });
  });

  test('leaves the vectors of another embedding model alone', async () => {
    await keeper.adapt(pairs(), embedder, {});
    const vector = vectorOf('q1');
    await keeper.apply({ ...space, model: 'other' }, vector);
    expect(vector).toEqual(vectorOf('q1'));
  });

  test('an abort ends the training, and nothing is kept', async () => {
    const controller = new AbortController();
    const aborted = keeper.adapt(pairs(), embedder, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => phase === 'train' && done === 3 && controller.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(await keeper.info()).toBeUndefined();
  });
});
