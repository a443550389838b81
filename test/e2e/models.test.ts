// Where models come from, and what can go wrong with their files, on a real server that misbehaves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../demo/terminal/prepare.mjs';
import { openPage, type SeenError, type TestPage } from './page.ts';

let site: TestPage;
beforeAll(async () => {
  site = await openPage();
});
afterAll(() => site.close());
beforeEach(async () => {
  site.sabotage(undefined);
  await site.page.evaluate(() => caches.delete('inpage-models-v1'));
});

/** Loads the embedding model; gives the error, or 'loaded'. */
function load(
  options: { model?: string; base?: string; host?: string; device?: 'webgpu' | 'wasm' } = {},
): Promise<SeenError | 'loaded'> {
  return site.page.evaluate(async ({ model, base = '/models/', host, device = 'wasm' }) => {
    const embedder = inpage.transformersEmbedder({ model, device, source: host ? { host } : { base } });
    try {
      await embedder.embed(['one text']);
      return 'loaded' as const;
    } catch (error) {
      const { name, code, message, detail } = error as SeenError;
      return { name, code, message, detail };
    } finally {
      await embedder.close();
    }
  }, options);
}

const stored = () => site.page.evaluate(() => inpage.listModels());
const weights = '/models/all-MiniLM-L6-v2/onnx/model_quantized.onnx';

describe('wrong places', () => {
  test('a model that is not there', async () => {
    expect(await load({ model: 'no-such-model' })).toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('models.base'),
    });
  });

  test('a server that answers with a web page', async () => {
    site.sabotage((request, response) => {
      if (!request.url?.startsWith('/models/')) return false;
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>Home</title>');
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('web page') });
    expect(await stored()).toEqual([]);
  });

  test('a server that cannot be reached', async () => {
    expect(await load({ host: 'http://127.0.0.1:9' })).toMatchObject({ code: 'model-download-failed' });
  });

  test('a server that fails', async () => {
    site.sabotage((request, response) => {
      if (request.url !== weights) return false;
      response.writeHead(500).end();
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-download-failed', message: expect.stringContaining('500') });
  });
});

test('a hub: another address for each file, with redirects', async () => {
  site.sabotage((request, response) => {
    const path = /^\/hub\/someone\/(.+)\/resolve\/v2\/(.+)$/.exec(request.url ?? '');
    if (!path) return false;
    response.writeHead(302, { Location: `/models/${path[1]}/${path[2]}` }).end();
    return true;
  });
  const seen = await site.page.evaluate(async () => {
    const source = { host: `${location.origin}/hub/`, revision: 'v2' };
    const embedder = inpage.transformersEmbedder({ model: 'someone/all-MiniLM-L6-v2', device: 'wasm', source });
    const { space } = await embedder.load();
    const { rows } = await embedder.embed(['one text']);
    await embedder.close();
    return { model: space.model, revision: space.revision, rows };
  });
  expect(seen).toEqual({ model: 'someone/all-MiniLM-L6-v2', revision: 'v2', rows: 1 });
});

describe('damaged files', () => {
  const bytes = readFileSync(join(root, `.${weights}`));

  test('a download that is cut half-way each time fails, and the next try succeeds', async () => {
    site.sabotage((request, response) => {
      if (request.url !== weights || request.method !== 'GET') return false;
      response.writeHead(200, { 'Content-Length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-download-failed', detail: { file: 'onnx/model_quantized.onnx' } });
    expect(await stored()).toMatchObject([{ model: 'all-MiniLM-L6-v2', complete: false }]);
    site.sabotage(undefined);
    expect(await load()).toBe('loaded');
  });

  test('a truncated file', async () => {
    site.sabotage((request, response) => {
      if (request.url !== weights || request.method !== 'GET') return false;
      response.end(bytes.subarray(0, 1_000_000));
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('1000000') });
    expect(await stored()).toMatchObject([{ complete: false }]);
  });

  test('an altered file of the right length', async () => {
    site.sabotage((request, response) => {
      if (request.url !== weights || request.method !== 'GET') return false;
      const altered = Buffer.from(bytes);
      altered[1_000_000]! ^= 1;
      response.end(altered);
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('SHA-256') });
    expect(await stored()).not.toMatchObject([{ complete: true }]);
    site.sabotage(undefined);
    expect(await load()).toBe('loaded');
  });

  test('a configuration that is not JSON', async () => {
    site.sabotage((request, response) => {
      if (!request.url?.endsWith('/config.json') && !request.url?.endsWith('manifest.json')) return false;
      if (request.url.endsWith('manifest.json')) response.writeHead(404).end();
      else response.end('{ "broken": ');
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('JSON') });
  });

  test('weights that the runtime refuses, where no digest is known', async () => {
    site.sabotage((request, response) => {
      if (request.url?.endsWith('manifest.json')) response.writeHead(404).end();
      else if (request.url === weights) response.end(Buffer.alloc(5000, 7));
      else return false;
      return true;
    });
    expect(await load()).toMatchObject({ code: 'model-load-failed' });
  });
});

test('a declined download is an error of its own, and nothing is fetched', async () => {
  const before = site.requests.length;
  const seen = await site.page.evaluate(async () => {
    const plans: unknown[] = [];
    const error = await inpage
      .createAssistant({
        name: 'declined',
        confirmDownload: (plan) => {
          plans.push(plan);
          return false;
        },
      })
      .catch(({ code }) => code);
    return { plans, error };
  });
  expect(seen.error).toBe('download-declined');
  expect(seen.plans).toHaveLength(1);
  expect(seen.plans[0]).toMatchObject({ model: 'all-MiniLM-L6-v2' });
  const { files, bytes } = seen.plans[0] as { files: { path: string; bytes: number }[]; bytes: number };
  expect(bytes).toBe(files.reduce((sum, file) => sum + file.bytes, 0));
  expect(bytes).toBeGreaterThan(20_000_000);
  expect(site.requests.slice(before).filter(({ path }) => path === weights)).toEqual([]);
});

test('aborting while a model loads rejects at once; the next call loads it', async () => {
  const seen = await site.page.evaluate(async () => {
    const embedder = inpage.transformersEmbedder({ device: 'wasm' });
    const controller = new AbortController();
    const phases: string[] = [];
    const outcome = await embedder
      .load({
        signal: controller.signal,
        onProgress: ({ phase }) => {
          phases.push(phase);
          if (phase === 'download') controller.abort();
        },
      })
      .catch(({ name }) => name);
    const { rows } = await embedder.embed(['again']);
    await embedder.close();
    return { outcome, rows, phases };
  });
  expect(seen).toMatchObject({ outcome: 'AbortError', rows: 1 });
});

test('WebGPU asked for by name where there is none', async () => {
  const plain = await openPage({ webgpu: false });
  try {
    const seen = await plain.page.evaluate(async () => {
      const report = await inpage.probeDevice();
      const error = await inpage
        .transformersEmbedder({ device: 'webgpu' })
        .load()
        .catch(({ code }) => code);
      const auto = inpage.transformersEmbedder();
      const info = await auto.load();
      await auto.close();
      return { available: report.webgpu.available, error, device: info.device };
    });
    expect(seen).toEqual({ available: false, error: 'device-unavailable', device: 'wasm' });
  } finally {
    await plain.close();
  }
});

test('without isolation WASM runs on one thread', async () => {
  const plain = await openPage({ isolated: false });
  try {
    const info = await plain.page.evaluate(async () => {
      const embedder = inpage.transformersEmbedder({ device: 'wasm' });
      const loaded = await embedder.load();
      const { rows } = await embedder.embed(['one']);
      await embedder.close();
      return { threads: loaded.threads, rows, isolated: crossOriginIsolated };
    });
    expect(info).toEqual({ threads: 1, rows: 1, isolated: false });
  } finally {
    await plain.close();
  }
});
