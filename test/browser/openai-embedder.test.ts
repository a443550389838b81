// Embeddings of a server that speaks OpenAI's API.
import { describe, expect, inject, test } from 'vitest';
import { type OpenAiCompatibleEmbedderOptions, openAiCompatibleEmbedder } from '../../src/embed/openai-compatible-embedder.ts';
import type { SeenRequest } from '../support/openai/scenario.ts';

const server = inject('openAiServer');
let runs = 0;

function scenario(fault: string, options: Partial<OpenAiCompatibleEmbedderOptions> = {}) {
  const name = `${fault}.embed${++runs}`;
  const embedder = openAiCompatibleEmbedder({ baseUrl: `${server}/${name}/openai/v1`, ...options });
  const requests = async (): Promise<SeenRequest[]> => {
    const log: SeenRequest[] = await (await fetch(`${server}/log/${name}`)).json();
    return log.filter(({ path }) => path === 'v1/embeddings');
  };
  return { embedder, requests };
}

const texts = Array.from({ length: 70 }, (_, n) => `passage number ${n}`);

describe('vectors', () => {
  test('one a text, in their order, of length 1, whatever the batches', async () => {
    const { embedder, requests } = scenario('ok', { batchSize: 8 });
    const { data, rows, dimension } = await embedder.embed(texts);
    expect([rows, dimension]).toEqual([70, 16]);
    expect(await requests()).toHaveLength(1 + Math.ceil(70 / 8));
    const single = scenario('ok').embedder;
    for (const i of [0, 7, 8, 69]) {
      const row = data.subarray(i * 16, (i + 1) * 16);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      expect([...row]).toEqual([...(await single.embed([texts[i]!])).data]);
    }
    expect((await embedder.embed([])).rows).toBe(0);
  });

  test('as the server gives them where that was said', async () => {
    const { data } = await scenario('ok', { space: { normalized: false } }).embedder.embed(['salt air']);
    expect(Math.hypot(...data)).toBeGreaterThan(3);
  });

  test('of an empty text too', async () => {
    expect((await scenario('ok').embedder.embed(['', 'a'])).rows).toBe(2);
  });

  test('of the length that was asked for, with the prefixes of the space', async () => {
    const { embedder, requests } = scenario('ok', {
      backendOptions: { dimensions: 24 },
      space: { model: 'shared', prefix: { query: 'query: ', passage: '' } },
    });
    const { space, device } = await embedder.load();
    expect(device).toBe('remote');
    expect(space).toMatchObject({ model: 'shared', revision: 'main', dimension: 24, pooling: 'mean', normalized: true });
    await embedder.embed(['salt'], { kind: 'query' });
    expect((await requests()).at(-1)!.body).toMatchObject({ model: 'tiny', input: ['query: salt'], dimensions: 24 });
  });
});

describe('requests', () => {
  test('none to measure where the length is known', async () => {
    const { embedder, requests } = scenario('ok', { space: { dimension: 16 } });
    await embedder.load();
    expect(await requests()).toHaveLength(0);
  });

  test('are tried again', async () => {
    const { embedder, requests } = scenario('status-429-2', { space: { dimension: 16 } });
    expect((await embedder.embed(['a'])).rows).toBe(1);
    expect(await requests()).toHaveLength(3);
  });

  test('a question overtakes the passages that wait', async () => {
    const { embedder, requests } = scenario('ok', { batchSize: 4, space: { dimension: 16 } });
    await embedder.load();
    const passages = embedder.embed(texts);
    const query = embedder.embed(['a question'], { kind: 'query' });
    await query;
    expect((await requests()).length).toBeLessThan(5);
    await passages;
    expect((await requests()).length).toBe(1 + Math.ceil(70 / 4));
  });

  test('as many at once as was said', async () => {
    const { embedder, requests } = scenario('ok', { batchSize: 4, concurrency: 3, space: { dimension: 16 } });
    await embedder.embed(texts);
    expect(Math.max(...(await requests()).map(({ running }) => running))).toBeLessThanOrEqual(3);
  });
});

describe('failures', () => {
  test('fewer vectors than texts', async () => {
    const { embedder } = scenario('few', { space: { dimension: 16 } });
    await expect(embedder.embed(['a', 'b'])).rejects.toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('1 vectors for 2'),
    });
  });

  test('vectors of another length', async () => {
    const { embedder } = scenario('ok', { space: { dimension: 12 } });
    await expect(embedder.embed(['a'])).rejects.toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('not 12'),
    });
  });

  test('one ends the batches after it', async () => {
    const { embedder, requests } = scenario('status-400-1', { batchSize: 4, space: { dimension: 16 } });
    await expect(embedder.embed(texts)).rejects.toMatchObject({ code: 'remote-failed' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await requests()).length).toBeLessThanOrEqual(2);
  });

  test('an abort, and a close', async () => {
    const { embedder } = scenario('ok');
    await expect(embedder.embed(['a'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    await embedder.close();
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ code: 'closed' });
  });
});
