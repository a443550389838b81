// The store at 20,000 vectors and with a document of 50 MB: figures on the console, generous bounds.
import { expect, test } from 'vitest';
import { deleteCollection } from '../../src/store/collections.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../contract/test-store.ts';

const dimension = 384;
const milliseconds = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

test('20,000 vectors of 384 dimensions', async () => {
  const name = 'scale';
  const random = createRandom(5);
  const documents = Array.from({ length: 400 }, (_, index) =>
    createDocument(`${index}`, { random, dimension, text: 'lorem ipsum '.repeat(2000), spanLength: 480 }),
  );
  const rows = documents.reduce((sum, document) => sum + document.spans.length, 0);
  expect(rows).toBe(20_000);
  const store = await openCollection({ name });
  await store.bind(createSpace(dimension));
  const together = await milliseconds(() => Promise.all(documents.slice(0, 200).map((document) => put(store, document))));
  const onebyone = await milliseconds(async () => {
    for (const document of documents.slice(200)) await put(store, document);
  });
  const stats = await store.stats();
  expect(stats).toMatchObject({ chunks: rows, documents: 400 });
  expect(stats.segments).toBeLessThan(45);
  await store.close();

  let reopened = store;
  const opening = await milliseconds(async () => {
    reopened = await openCollection({ name });
  });
  const times: number[] = [];
  for (let round = 0; round < 30; round++) {
    const vector = createVector(random, dimension);
    times.push(await milliseconds(() => reopened.search({ vector, k: 10 })));
  }
  times.sort((a, b) => a - b);
  console.log(
    `20k × 384: ingest ${Math.round((rows / 2 / together) * 1000)} vectors/s together, ` +
      `${Math.round((rows / 2 / onebyone) * 1000)} one document at a time (${(onebyone / 200).toFixed(1)} ms each); ` +
      `${stats.segments} segments; open ${opening.toFixed(0)} ms; query p50 ${times[15]!.toFixed(1)} ms, p95 ${times[28]!.toFixed(1)} ms`,
  );
  expect(opening).toBeLessThan(5000);
  expect(times[15]).toBeLessThan(500);
  await reopened.close();
  await deleteCollection(name);
});

test('a document of 50 MB is written without being kept in memory', async () => {
  const name = 'large';
  const store = await openCollection({ name });
  await store.bind(createSpace(dimension));
  const random = createRandom(6);
  const vector = createVector(random, dimension);
  const writer = await store.write(createDocument('large').head);
  const piece = 'The quick brown fox. '.repeat(50_000);
  const time = await milliseconds(async () => {
    for (let part = 0; part < 48; part++) {
      await writer.text(piece);
      const at = part * piece.length;
      const vectors = new Float32Array(100 * dimension);
      for (let row = 0; row < 100; row++) vectors.set(vector, row * dimension);
      await writer.chunks(
        Array.from({ length: 100 }, (_, row) => ({ start: at + row * 21, end: at + row * 21 + 20 })),
        vectors,
      );
    }
    await writer.commit();
  });
  const slicing = await milliseconds(async () => {
    expect(await store.text('large', 40_000_000, 40_000_100)).toHaveLength(100);
  });
  console.log(`50 MB: written in ${time.toFixed(0)} ms, a slice read in ${slicing.toFixed(1)} ms`);
  expect((await store.stats()).chunks).toBe(4800);
  expect((await store.search({ vector, k: 1 }))[0]!.text).toBe('The quick brown fox.');
  await store.close();
  await deleteCollection(name);
});
