// What a download asks for and leaves behind, in a real browser: consent, starting offline, the list of models.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DownloadPlan } from '../../src/index.ts';
import { repeats } from '../support/repeats.ts';
import { content, DownloadSite, model, weights } from './download-site.ts';

let site: DownloadSite;
beforeAll(async () => {
  site = await DownloadSite.open();
});
afterAll(() => site.close());
beforeEach(() => site.clear());

test('consent: the bytes of the plan are those that come, also when a part is here', async () => {
  const plan = () =>
    site.page.evaluate(async () => {
      let seen: DownloadPlan | undefined;
      const confirmDownload = (plan: DownloadPlan) => {
        seen = plan;
        return false;
      };
      const embedder = inpage.transformersEmbedder({ device: 'wasm', confirmDownload });
      const error = await embedder.load().catch(({ code }) => code);
      await embedder.close();
      return { plan: seen!, error };
    });
  const before = await plan();
  expect(before.error).toBe('download-declined');
  expect(site.sent).toBe(0);
  await site.downloadPart(content.length / 2);
  const after = (await plan()).plan;
  const kept = after.files.find(({ path }) => path.endsWith('.onnx'))!.stored!;
  expect(kept).toBeGreaterThan(content.length / 3);
  site.sent = 0;
  expect(await site.download()).toBe('downloaded');
  expect(site.sent).toBe(content.length - kept);
  expect(after.bytes).toBe(
    site.sent + after.files.filter(({ path }) => !path.endsWith('.onnx')).reduce((sum, { bytes }) => sum + bytes!, 0),
  );
});

describe('offline', () => {
  const load = (base: string) =>
    site.page.evaluate(async (base) => {
      const embedder = inpage.transformersEmbedder({ device: 'wasm', source: { base } });
      const { rows } = await embedder.embed(['one text']);
      await embedder.close();
      return rows;
    }, base);

  test.each([
    ['with a manifest', '/models/'],
    ['without one', '/plain/'],
  ])('after the first visit a model starts without a request, %s', async (_, base) => {
    const requests: string[] = [];
    let online = true;
    site.sabotage((request, response) => {
      const path = request.url ?? '';
      if (!path.startsWith('/models/') && !path.startsWith('/plain/')) return false;
      requests.push(path);
      if (!online || path === '/plain/manifest.json') {
        response.destroy();
        return true;
      }
      request.url = path.replace('/plain/', '/models/');
      if (request.url === path) return false;
      response.writeHead(302, { Location: request.url }).end();
      return true;
    });
    expect(await load(base)).toBe(1);
    expect(requests.length).toBeGreaterThan(3);
    online = false;
    requests.length = 0;
    for (let visit = 0; visit < repeats(2); visit++) {
      await site.page.reload();
      expect(await load(base)).toBe(1);
      expect(requests).toEqual([]);
    }
  });
});

describe('models in the storage', () => {
  const list = () =>
    site.stored().then((models) => models.map(({ model, bytes, files, complete }) => ({ model, bytes, files, complete })));
  const remove = (id: string, base?: string) =>
    site.page.evaluate(([id, base]) => inpage.deleteModel(id, base ? { source: { base } } : {}), [id, base] as const);
  const entries = () =>
    site.page.evaluate(async () => (await (await caches.open('inpage-models-v1')).keys()).map(({ url }) => url));

  test('are listed with their size, and deleted with everything', async () => {
    expect(await list()).toEqual([]);
    await site.download();
    const [found] = await list();
    expect(found).toMatchObject({ model, complete: true });
    expect((await site.stored())[0]!.source).toEqual({ base: `${site.url}models/` });
    expect(found!.bytes).toBeGreaterThan(content.length);
    expect(await remove('another')).toBe(0);
    expect(await remove(model, '/elsewhere/')).toBe(0);
    expect(await remove(model, '/models/')).toBe(found!.bytes);
    expect(await list()).toEqual([]);
    expect(await entries()).toEqual([]);
    expect(await site.download()).toBe('downloaded');
  });

  test('unfinished ones too', async () => {
    await site.downloadPart(content.length / 2);
    const [found] = await list();
    expect(found).toMatchObject({ model, complete: false });
    expect(found!.bytes).toBeGreaterThan(content.length / 3);
    expect(await remove(model)).toBe(found!.bytes);
    expect(await entries()).toEqual([]);
  });

  test('files as version 0.1 stored them are used, listed and deleted', async () => {
    await site.page.evaluate(async (weights) => {
      const cache = await caches.open('inpage-models-v1');
      await cache.add(weights);
      // Parts that nothing belongs to any more.
      await cache.put('/models/gone/model.onnx?inpage=abc.0-5', new Response('12345'));
    }, weights);
    site.sent = 0;
    expect(await list()).toMatchObject([
      { model, bytes: content.length, complete: true },
      { model: 'gone', bytes: 5, complete: false },
    ]);
    expect(await site.download()).toBe('downloaded');
    expect(site.sent).toBe(0);
    expect(await remove('gone')).toBe(5);
    expect(await remove(model)).toBeGreaterThan(content.length);
    expect(await entries()).toEqual([]);
  });
});
