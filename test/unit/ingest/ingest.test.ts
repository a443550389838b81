// Ingestion's own logic: real loaders, chunkers and store (in memory), a stand-in for the embedder.
import { beforeEach, describe, expect, test } from 'vitest';
import { createChunker } from '../../../src/chunk/create-chunker.ts';
import { ingest } from '../../../src/ingest/ingest.ts';
import { passageText } from '../../../src/ingest/passage-text.ts';
import { captureSource } from '../../../src/load/capture-source.ts';
import { loadSource } from '../../../src/load/load-source.ts';
import type { ChunkerSettings } from '../../../src/spec/chunker.ts';
import type { Source } from '../../../src/spec/document.ts';
import type { Embedder } from '../../../src/spec/embedder.ts';
import type { IngestProgress } from '../../../src/spec/ingest.ts';
import type { Store } from '../../../src/spec/store.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';

let store: Store;
let batches: number[];
let embedder: Embedder;
beforeEach(async () => {
  store = await openCollection({ name: `ingest-${Math.random()}` });
  batches = [];
  const inner = mockEmbedder();
  embedder = {
    ...inner,
    embed(texts, options) {
      batches.push(texts.length);
      return inner.embed(texts, options);
    },
  };
});

function add(sources: Source[], options: Parameters<typeof ingest>[2] & { chunker?: ChunkerSettings } = {}) {
  const { chunker, ...rest } = options;
  const parts = { store, embedder, chunker: createChunker(chunker), load: loadSource, nameOf: () => 'source' };
  return ingest(sources.map(captureSource), parts, rest);
}

const note = (i: number) => ({ id: `note-${i}`, text: `Note number ${i} about lamps.` });

describe('ingest', () => {
  test('small documents share the batches of the embedder', async () => {
    const { added } = await add(Array.from({ length: 70 }, (_, i) => note(i)));
    expect(added).toHaveLength(70);
    expect(batches).toEqual([32, 32, 6]);
    expect((await store.stats()).chunks).toBe(70);
  });

  test('unchanged documents cost nothing; changed ones, or another way of cutting, replace', async () => {
    await add([note(1), note(2)]);
    batches = [];
    expect(await add([note(1), note(2)])).toMatchObject({ added: [], unchanged: ['note-1', 'note-2'] });
    expect(batches).toEqual([]);
    expect((await add([{ ...note(1), text: 'Another text.' }])).added).toMatchObject([{ id: 'note-1' }]);
    expect((await add([note(2)], { chunker: { maxTokens: 40 } })).added).toMatchObject([{ id: 'note-2' }]);
    expect(await store.text('note-1')).toBe('Another text.');
    expect((await store.stats()).documents).toBe(2);
  });

  test('one bad source does not stop the others', async () => {
    const garbage = new Blob([new Uint8Array(2000)]);
    const { added, failed } = await add([note(1), garbage, note(2)]);
    expect(added.map(({ id }) => id)).toEqual(['note-1', 'note-2']);
    expect(failed).toMatchObject([{ source: 1, error: { code: 'invalid-document' } }]);
  });

  test('a failing embedder ends it with what was acknowledged, and leaves nothing half', async () => {
    const inner = embedder;
    let calls = 0;
    embedder = {
      ...inner,
      async embed(texts, options) {
        if (++calls === 2) throw new Error('gone');
        return inner.embed(texts, options);
      },
    };
    await expect(add(Array.from({ length: 100 }, (_, i) => note(i)))).rejects.toMatchObject({
      code: 'generation-failed',
      message: expect.stringContaining('gone'),
      detail: { added: expect.any(Array) },
    });
    const { documents, chunks } = await store.stats();
    expect(documents).toBe(chunks);
    expect(documents).toBeLessThanOrEqual(32);
  });

  test('an abort ends it; a document that is not complete is not there', async () => {
    const controller = new AbortController();
    const long = { id: 'long', text: 'A sentence about lamps and their light. '.repeat(2000) };
    const onProgress = ({ chunksDone }: IngestProgress) => {
      if (chunksDone > 0) controller.abort();
    };
    await expect(add([note(1), long], { signal: controller.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await store.hash('long')).toBeUndefined();
    expect((await add([note(2)])).added).toHaveLength(1);
  });

  test('a document too long to keep is read twice, with the same result', async () => {
    const text = Array.from(
      { length: 32_000 },
      (_, i) => `Sentence number ${i} is about lamp ${i % 7} and some more words here.`,
    ).join(' ');
    expect(text.length).toBeGreaterThan(2_000_000);
    const { added } = await add([new File([text], 'long.txt', { type: 'text/plain' })], { chunker: { maxTokens: 2000 } });
    expect(added[0]).toMatchObject({ id: 'long.txt', length: text.length });
    expect(await store.text('long.txt', 1_000_000, 1_000_100)).toBe(text.slice(1_000_000, 1_000_100));
  }, 30_000);

  test('progress counts up and ends with all sources done', async () => {
    const seen: IngestProgress[] = [];
    await add([note(1), note(2), note(3)], { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ sourcesDone: 3, sourcesTotal: 3, chunksDone: 3 });
    for (const [i, progress] of seen.entries())
      if (i > 0) expect(progress.chunksDone).toBeGreaterThanOrEqual(seen[i - 1]!.chunksDone);
  });
});

test('a passage is embedded with its place, said once', () => {
  expect(passageText('Guide', ['Reset', 'Hard reset'], 'Hold it.')).toBe('Guide › Reset › Hard reset\nHold it.');
  expect(passageText('Guide', ['Guide', 'Reset'], '## Reset\n\nHold it.')).toBe('Guide\n## Reset\n\nHold it.');
  expect(passageText('', [], 'Hold it.')).toBe('Hold it.');
});
