// Probe, plan, download, start: the steps that loading has in common, with a model of one file on a real server.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { serve } from '../../../demo/terminal/serve.mjs';
import { createFileCache } from '../../../src/cli/file-cache.ts';
import { ModelFiles } from '../../../src/runtime/download.ts';
import { createModelLoader, planDownload } from '../../../src/runtime/model-loader.ts';
import type { LoadProgress } from '../../../src/spec/model.ts';
import { answerFile } from '../../support/answer-file.ts';

const content = Buffer.alloc(2_000_000, 7);
let served: Awaited<ReturnType<typeof serve>>;
let sent = 0;
let broken = false;

beforeAll(async () => {
  served = await serve(tmpdir(), {
    onRequest(request, response) {
      if (request.url !== '/models/m/model.bin') return false;
      if (broken) response.writeHead(403).end();
      else sent += answerFile(request, response, { content, etag: '"1"' });
      return true;
    },
  });
});
afterAll(() => served.close());
beforeEach(() => {
  sent = 0;
  broken = false;
});
afterEach(() => vi.unstubAllGlobals());

function loader() {
  const files = new ModelFiles('m', { base: `${served.url}models/` });
  return createModelLoader({
    prepare: async (signal) => ({
      device: { device: 'wasm' as const },
      files,
      plan: await planDownload(files, ['model.bin'], signal),
    }),
    build: async () => (await files.cached('model.bin'))?.arrayBuffer(),
  });
}

test('tells its steps; the plan has the exact bytes', async () => {
  const model = loader();
  expect(await model.plan()).toMatchObject({ bytes: content.length, files: [{ path: 'model.bin', bytes: content.length }] });
  const seen: LoadProgress[] = [];
  expect((await model.load({ onProgress: (step) => seen.push(step) }))?.byteLength).toBe(content.length);
  expect(seen.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
    'probe',
    'download',
    'compile',
    'ready',
  ]);
  expect(seen.filter(({ phase }) => phase === 'download').at(-1)).toMatchObject({
    loaded: content.length,
    planLoaded: content.length,
    planTotal: content.length,
  });
});

test('no room by what the browser says: before the first byte', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 5000, usage: 3000 }) } });
  const error = { code: 'quota-exceeded', detail: { needed: content.length, available: 2000 } };
  await expect(loader().plan()).rejects.toMatchObject(error);
  await expect(loader().load()).rejects.toMatchObject(error);
  expect(sent).toBe(0);
});

test('after a failed download the next load plans anew', async () => {
  const model = loader();
  await model.plan();
  broken = true;
  await expect(model.load()).rejects.toMatchObject({ code: 'model-not-found' });
  broken = false;
  expect((await model.load())?.byteLength).toBe(content.length);
});

test('a model that was replaced while a part of it was here: all of it is the new one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'inpage-loader-'));
  vi.stubGlobal('caches', createFileCache(folder));
  const entry = (bytes: Buffer) => ({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  const parts = { old: [Buffer.from('old a'), Buffer.from('old b')], new: [Buffer.from('new a'), Buffer.from('new b')] };
  let [a, b] = parts.old as [Buffer, Buffer];
  const server = await serve(tmpdir(), {
    onRequest(request, response) {
      if (request.url === '/manifest.json') response.end(JSON.stringify({ 'm/a': entry(a), 'm/b': entry(b) }));
      else response.end(request.url === '/m/a' ? a : b);
      return true;
    },
  });
  try {
    const open = () => new ModelFiles('m', { base: server.url });
    const first = open();
    await first.download(await first.describe('a'));
    [a, b] = parts.new as [Buffer, Buffer];
    const files = open();
    const plan = await planDownload(files, ['a', 'b']);
    expect(plan.files.map(({ path }) => path)).toEqual(['a', 'b']);
    for (const file of plan.files) await files.download(file);
    expect(await (await files.cached('a'))?.text()).toBe('new a');
    expect(await planDownload(open(), ['a', 'b'])).toMatchObject({ files: [], bytes: 0 });
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
