// The downloader against a real server that misbehaves; Cache Storage is that of the command line, a folder.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { serve } from '../../../demo/terminal/serve.mjs';
import { createFileCache } from '../../../src/cli/file-cache.ts';
import { lanes, pieceBytes } from '../../../src/runtime/download/pieces.ts';
import { ModelFiles } from '../../../src/runtime/download.ts';
import { createRandom } from '../../../src/util/random.ts';
import { altered, answerFile } from '../../support/answer-file.ts';

vi.setConfig({ testTimeout: 60_000 });

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => number | undefined;

const size = 3_000_000;
const path = 'onnx/model.onnx';
const piece = pieceBytes(size);

function randomBytes(seed: number, length = size): Buffer {
  const random = createRandom(seed);
  const words = new Uint32Array(length / 4);
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  return Buffer.from(words.buffer);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const content = randomBytes(1);
const manifest = { [`m/${path}`]: { bytes: size, sha256: sha256(content) } };

let served: Awaited<ReturnType<typeof serve>>;
let folder: string;
let handle: Handler;
/** Requests of files, and the bytes of their answers. */
let asked: { path: string; method: string; range: string | undefined; bytes: number }[];

const get = () => asked.filter(({ path: name, method }) => method === 'GET' && name.endsWith(path));
const fetched = () => get().reduce((sum, { bytes }) => sum + bytes, 0);

beforeAll(async () => {
  served = await serve(tmpdir(), {
    onRequest(request, response) {
      const url = request.url ?? '';
      const bytes = handle(request, response, url);
      asked.push({ path: url, method: request.method ?? '', range: request.headers.range, bytes: bytes ?? 0 });
      return bytes !== undefined;
    },
  });
});
afterAll(() => served.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inpage-download-'));
  vi.stubGlobal('caches', createFileCache(folder));
  asked = [];
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true, force: true });
});

const json = (response: ServerResponse, value: unknown) => {
  response.end(JSON.stringify(value));
  return 0;
};

/** A server with a manifest, and the file answered by `file`. */
const folderOf = (file: (request: IncomingMessage, response: ServerResponse) => number, list: object = manifest): void => {
  handle = (request, response, url) => {
    if (url === '/models/manifest.json') return json(response, list);
    return url === `/models/m/${path}` ? file(request, response) : undefined;
  };
};

/** A fresh view, as after a reload. */
const open = () => new ModelFiles('m', { base: `${served.url}models/` });

async function download(files = open(), options: Parameters<ModelFiles['download']>[1] = {}): Promise<void> {
  await files.download(await files.measure(await files.describe(path)), options);
}

/** Digest of the file as a library would get it. */
const digestOf = async (files = open()) => {
  const response = await files.cached(path);
  return response && sha256(Buffer.from(await response.arrayBuffer()));
};

test('a file is fetched once, is checked, and is not asked for again', async () => {
  folderOf((request, response) => answerFile(request, response, { content }));
  const seen: number[] = [];
  await download(open(), { onProgress: (loaded) => seen.push(loaded) });
  expect(await digestOf()).toBe(sha256(content));
  expect((await open().cached(path))?.headers.get('content-length')).toBe(String(size));
  expect(get()).toHaveLength(Math.ceil(size / piece));
  expect(fetched()).toBe(size);
  expect(seen.at(-1)).toBe(size);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  asked = [];
  await download();
  expect(get()).toEqual([]);
});

test('a few ranges are under way at a time', async () => {
  let [running, most] = [0, 0];
  folderOf((request, response) => {
    most = Math.max(most, ++running);
    response.on('close', () => running--);
    setTimeout(() => answerFile(request, response, { content }), 30);
    return 0;
  });
  await download();
  expect(await digestOf()).toBe(sha256(content));
  expect(most).toBe(lanes);
});

test('20 downloads over connections that are cut at random bytes: nothing comes twice', async () => {
  const one = async (seed: number) => {
    const random = createRandom(seed);
    let sent = 0;
    const server = await serve(tmpdir(), {
      onRequest(request, response) {
        if (request.url === '/models/manifest.json') return json(response, manifest) === 0;
        const cutAfter = random() < 0.3 ? Math.floor(random() * piece) : undefined;
        sent += answerFile(request, response, { content, ...(cutAfter !== undefined && { cutAfter }) });
        return true;
      },
    });
    try {
      const files = new ModelFiles('m', { base: `${server.url}models/` });
      await download(files);
      expect(await digestOf(files), `seed ${seed}`).toBe(sha256(content));
      expect(sent / size, `seed ${seed}`).toBeLessThanOrEqual(1.05);
    } finally {
      await server.close();
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, seed) => one(seed)));
});

test('what has arrived survives an abort; the rest follows', async () => {
  folderOf((request, response) => answerFile(request, response, { content }));
  for (let seed = 0; seed < 5; seed++) {
    const random = createRandom(seed);
    const stopAt = random() * size;
    const controller = new AbortController();
    const first = download(open(), {
      signal: controller.signal,
      onProgress: (loaded) => loaded > stopAt && controller.abort(),
    });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    const files = open();
    const file = await files.describe(path);
    const stored = await files.stored(file);
    expect(stored).toBeGreaterThanOrEqual(stopAt - lanes * piece);
    asked = [];
    await files.download(file);
    expect(fetched()).toBeGreaterThanOrEqual(size - stored);
    // Requests that the abort overtook reach the server late.
    expect(fetched()).toBeLessThanOrEqual(size - stored + lanes * piece);
    expect(await digestOf()).toBe(sha256(content));
    await rm(folder, { recursive: true });
  }
});

describe('files that are not what they should be', () => {
  test('an altered piece: the file is fetched once more', async () => {
    let left = Math.ceil(size / piece);
    folderOf((request, response) =>
      answerFile(request, response, { content: left-- > 0 ? altered(content, 1_500_000) : content }),
    );
    await download();
    expect(await digestOf()).toBe(sha256(content));
    expect(fetched()).toBe(2 * size);
  });

  test('a server that keeps sending something else: refused after the second time, and nothing is kept', async () => {
    folderOf((request, response) => answerFile(request, response, { content: altered(content, 10) }));
    await expect(download()).rejects.toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('SHA-256') });
    expect(fetched()).toBe(2 * size);
    expect(await open().stored(await open().describe(path))).toBe(0);
    expect(await open().cached(path)).toBeUndefined();
  });

  test('a file that is shorter, and one that is longer than its manifest says', async () => {
    folderOf((request, response) => answerFile(request, response, { content: content.subarray(0, 2_000_000) }));
    await expect(download()).rejects.toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('2000000') });
    folderOf((_, response) => {
      // Without a length of its own.
      response.write(content);
      response.end(content);
      return 2 * size;
    });
    await expect(download()).rejects.toMatchObject({ code: 'model-corrupt', message: expect.stringContaining('longer') });
  });

  test('a new version on the server, manifest and all, in the middle of a download', async () => {
    const newer = randomBytes(2);
    let left = 5;
    handle = (request, response, url) => {
      const current = left > 0 ? content : newer;
      if (url.endsWith('manifest.json')) return json(response, { [`m/${path}`]: { bytes: size, sha256: sha256(current) } });
      left--;
      return answerFile(request, response, { content: current });
    };
    await download();
    expect(await digestOf()).toBe(sha256(newer));
  });

  test('a new version between two visits, without a digest: old and new are never put together', async () => {
    const newer = randomBytes(2);
    const controller = new AbortController();
    folderOf((request, response) => answerFile(request, response, { content, etag: '"1"' }), {});
    const first = download(open(), {
      signal: controller.signal,
      onProgress: (loaded) => loaded > size / 2 && controller.abort(),
    });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    folderOf((request, response) => answerFile(request, response, { content: newer, etag: '"2"' }), {});
    await download();
    expect(await digestOf()).toBe(sha256(newer));
  });

  test('no digest and no validator: nothing is resumed', async () => {
    const controller = new AbortController();
    folderOf((request, response) => answerFile(request, response, { content }), {});
    const first = download(open(), {
      signal: controller.signal,
      onProgress: (loaded) => loaded > size / 2 && controller.abort(),
    });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    asked = [];
    await download();
    expect(fetched()).toBeGreaterThanOrEqual(size);
    expect(await digestOf()).toBe(sha256(content));
  });
});

describe('servers', () => {
  test('without ranges: in one stream, anew after a cut', async () => {
    let left = 1;
    folderOf((request, response) =>
      answerFile(request, response, { content, ranges: false, ...(left-- > 0 && { cutAfter: 2_000_000 }) }),
    );
    await download();
    expect(await digestOf()).toBe(sha256(content));
    expect(fetched()).toBe(size + 2_000_000);
  });

  test('that fail for a moment, and that fail for good', async () => {
    let left = 2;
    folderOf((request, response) => {
      if (left-- <= 0) return answerFile(request, response, { content });
      response.writeHead(503).end();
      return 0;
    });
    await download();
    expect(await digestOf()).toBe(sha256(content));
    await rm(folder, { recursive: true });
    folderOf((_, response) => {
      response.writeHead(500).end();
      return 0;
    });
    const error = { code: 'model-download-failed', message: expect.stringContaining('500'), detail: { file: path } };
    await expect(download()).rejects.toMatchObject(error);
  });

  test('that answer with a page, refuse, or do not have it: at once', async () => {
    for (const status of [200, 401, 403, 404, 410]) {
      asked = [];
      folderOf((_, response) => {
        response.writeHead(status, { 'Content-Type': status === 200 ? 'text/html' : 'text/plain' }).end('<!doctype html>');
        return 0;
      });
      await expect(download(), String(status)).rejects.toMatchObject({ code: 'model-not-found', detail: { status } });
      expect(get(), String(status)).toHaveLength(1);
    }
  });

  test('without a manifest: the size is asked for', async () => {
    folderOf((request, response) => answerFile(request, response, { content, etag: '"1"' }), {});
    expect((await open().measure(await open().describe(path))).bytes).toBe(size);
    await download();
    expect(await digestOf()).toBe(sha256(content));
  });

  test('that tell no size at all', async () => {
    folderOf((request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end();
      else for (let at = 0; at <= size; at += 1_000_000) response.write(content.subarray(at, at + 1_000_000));
      response.end();
      return size;
    }, {});
    await download();
    expect(await digestOf()).toBe(sha256(content));
    expect((await open().cached(path))?.headers.get('content-length')).toBe(String(size));
  });
});

describe('hubs', () => {
  const hub = () => new ModelFiles('org/m', { host: served.url, revision: 'v1' });

  test('sizes and digests from the listing', async () => {
    const entries = [
      { type: 'directory', path: 'onnx', size: 0, oid: 'd' },
      { type: 'file', path, size, oid: 'git', lfs: { oid: sha256(content), size, pointerSize: 134 } },
      { type: 'file', path: 'config.json', size: 2, oid: 'git' },
    ];
    handle = (request, response, url) => {
      if (url === '/api/models/org/m/tree/v1?recursive=true') return json(response, entries);
      if (url === '/org/m/resolve/v1/config.json') return json(response, {});
      return url === `/org/m/resolve/v1/${path}` ? answerFile(request, response, { content }) : undefined;
    };
    expect(await hub().describe(path)).toMatchObject({ bytes: size, sha256: sha256(content) });
    expect(await hub().describe('config.json')).toEqual({ path: 'config.json', url: expect.any(String), bytes: 2 });
    expect(await hub().list()).toEqual([path, 'config.json']);
    await download(hub());
    expect(await digestOf(hub())).toBe(sha256(content));
    expect(await hub().json('config.json')).toEqual({});
    // Not in the listing, so not asked for.
    expect(await hub().json('generation_config.json', { optional: true })).toBeUndefined();
    expect(asked.map(({ path: url }) => url)).not.toContain('/org/m/resolve/v1/generation_config.json');
  });

  test('without a listing: its headers; an ETag of 64 digits is no digest', async () => {
    handle = (request, response, url) => {
      if (!url.endsWith(path)) return undefined;
      if (request.method === 'HEAD') {
        response.setHeader('X-Linked-Size', size);
        response.setHeader('X-Linked-ETag', `"${sha256(content)}"`);
      }
      return answerFile(request, response, { content, etag: `"${'0'.repeat(64)}"` });
    };
    expect(await hub().measure(await hub().describe(path))).toMatchObject({ bytes: size, sha256: sha256(content) });
    await download(hub());
    expect(await digestOf(hub())).toBe(sha256(content));
  });
});

test('an optional file that is not there is asked for once', async () => {
  handle = () => undefined;
  expect(await open().json('generation_config.json', { optional: true })).toBeUndefined();
  asked = [];
  expect(await open().json('generation_config.json', { optional: true })).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a part that was deleted meanwhile: the reader fails, the next download brings it', async () => {
  folderOf((request, response) => answerFile(request, response, { content }));
  await download();
  const { readdir, stat } = await import('node:fs/promises');
  const entries = await readdir(folder);
  const sizes = await Promise.all(entries.map(async (name) => (await stat(join(folder, name))).size));
  await rm(join(folder, entries[sizes.indexOf(piece)]!));
  await expect(digestOf()).rejects.toMatchObject({ code: 'model-corrupt' });
  expect(await open().has(path)).toBe(false);
  asked = [];
  await download();
  expect(fetched()).toBe(piece);
  expect(await digestOf()).toBe(sha256(content));
});

test('without Cache Storage: in memory', async () => {
  vi.stubGlobal('caches', undefined);
  folderOf((request, response) => answerFile(request, response, { content }));
  const files = open();
  await download(files);
  expect(await digestOf(files)).toBe(sha256(content));
});

test('no room: how much is needed, and how much there is', async () => {
  const cache = await createFileCache(folder).open('');
  const put: Cache['put'] = async (key, response) => {
    if (String(key).includes('-')) throw new DOMException('no room', 'QuotaExceededError');
    return cache.put(key, response);
  };
  vi.stubGlobal('caches', { open: async () => ({ ...cache, match: cache.match, delete: cache.delete, put }) });
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 1000, usage: 600 }) } });
  folderOf((request, response) => answerFile(request, response, { content }));
  await expect(download()).rejects.toMatchObject({ code: 'quota-exceeded', detail: { needed: size, available: 400 } });
});
