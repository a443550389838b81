// The static server behind the demo, the terminal commands and the end-to-end tests.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mediaType, parseRange, serve } from '../../demo/terminal/serve.mjs';

let root: string;
let served: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inpage-serve-'));
  await mkdir(join(root, 'site/sub'), { recursive: true });
  await mkdir(join(root, 'site-other'));
  await mkdir(join(root, 'models'));
  await writeFile(join(root, 'site/index.html'), '<h1>home</h1>');
  await writeFile(join(root, 'site/sub/index.html'), 'sub');
  await writeFile(join(root, 'site/a b.txt'), 'spaced');
  await writeFile(join(root, 'site/empty.txt'), '');
  await writeFile(join(root, 'models/m.onnx'), Buffer.from('0123456789'));
  await writeFile(join(root, 'secret.txt'), 'secret');
  await writeFile(join(root, 'site-other/secret.txt'), 'secret');
  await symlink(join(root, 'secret.txt'), join(root, 'site/link.txt'));
  served = await serve(join(root, 'site'), { mounts: { '/models': join(root, 'models') } });
});

afterAll(async () => {
  await served.close();
  await rm(root, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(new URL(path, served.url), init);

/** Sends the path as it is: `fetch` would resolve dots. */
const raw = (path: string) =>
  new Promise<{ status: number; body: string }>((done, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port: served.port, path }, (response) => {
      let body = '';
      response.on('data', (piece) => {
        body += piece;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', fail).end();
  });

test('serves files, folder indexes and mounts with type, length and isolation headers', async () => {
  const home = await get('/');
  expect(await home.text()).toBe('<h1>home</h1>');
  expect(home.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(home.headers.get('content-length')).toBe('13');
  expect(home.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(home.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(home.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(await (await get('/sub/')).text()).toBe('sub');
  expect(await (await get('/a%20b.txt?x=1')).text()).toBe('spaced');
  const empty = await get('/empty.txt');
  expect([empty.status, empty.headers.get('content-length'), await empty.text()]).toEqual([200, '0', '']);
  const model = await get('/models/m.onnx');
  expect(await model.text()).toBe('0123456789');
  expect(model.headers.get('content-type')).toBe('application/octet-stream');
});

test('knows the types that browsers insist on', () => {
  expect(mediaType('a.wasm')).toBe('application/wasm');
  expect(mediaType('a.mjs')).toBe('text/javascript; charset=utf-8');
  expect(mediaType('model.onnx_data')).toBe('application/octet-stream');
});

test('a missing file is a plain-text 404, a folder without slash or index too', async () => {
  for (const path of ['/nothing.json', '/sub', '/models/']) {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    await response.text();
  }
});

test('never leaves the folder', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/../site-other/secret.txt',
    '/models/../secret.txt',
    '/models/..%2f..%2fsecret.txt',
    '/link.txt',
    '/index.html%00.txt',
  ]) {
    const { status, body } = await raw(path);
    expect(status, path).toBe(404);
    expect(body).not.toContain('secret\n');
  }
  expect((await raw('/%zz')).status).toBe(400);
});

test('byte ranges', async () => {
  const range = async (value: string) => {
    const response = await get('/models/m.onnx', { headers: { range: value } });
    return [
      response.status,
      response.headers.get('content-range'),
      response.headers.get('content-length'),
      await response.text(),
    ];
  };
  expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '3', '234']);
  expect(await range('bytes=7-')).toEqual([206, 'bytes 7-9/10', '3', '789']);
  expect(await range('bytes=7-99')).toEqual([206, 'bytes 7-9/10', '3', '789']);
  expect(await range('bytes=-2')).toEqual([206, 'bytes 8-9/10', '2', '89']);
  expect((await range('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
  expect((await range('bytes=0-1,3-4'))[0]).toBe(200);
  expect(parseRange('bytes=4-2', 10)).toBeUndefined();
  expect(parseRange('bytes=-0', 10)).toBeNull();
  expect(parseRange('lines=1-2', 10)).toBeUndefined();
  const { headers } = await get('/models/m.onnx', { method: 'HEAD' });
  const fresh = { range: 'bytes=0-0', 'if-range': headers.get('etag') as string };
  expect((await get('/models/m.onnx', { headers: fresh })).status).toBe(206);
  expect((await get('/models/m.onnx', { headers: { ...fresh, 'if-range': '"old"' } })).status).toBe(200);
});

test('validators, HEAD and other methods', async () => {
  const head = await get('/index.html', { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '13', '']);
  const etag = head.headers.get('etag') as string;
  const modified = head.headers.get('last-modified') as string;
  expect((await get('/index.html', { headers: { 'if-none-match': `"x", W/${etag}` } })).status).toBe(304);
  expect((await get('/index.html', { headers: { 'if-none-match': '"x"', 'if-modified-since': modified } })).status).toBe(200);
  expect((await get('/index.html', { headers: { 'if-modified-since': modified } })).status).toBe(304);
  const post = await get('/index.html', { method: 'POST' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('records answers, sends own headers and lets a hook answer', async () => {
  const other = await serve(join(root, 'site'), {
    isolated: false,
    headers: { 'Content-Security-Policy': "default-src 'self'" },
    onRequest(request, response) {
      if (request.url !== '/hooked') return false;
      response.writeHead(418).end('tea');
      return true;
    },
  });
  try {
    const home = await fetch(other.url);
    await home.text();
    expect(home.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(home.headers.get('cross-origin-opener-policy')).toBeNull();
    expect(await (await fetch(`${other.url}hooked`)).text()).toBe('tea');
    await (await fetch(`${other.url}gone?q`)).text();
    await expect.poll(() => other.requests.length).toBe(3);
    // An answer is recorded when it has left, so on a busy machine the next may be first.
    const records = other.requests.map(({ path, status }) => `${path} ${status}`);
    expect(records.sort()).toEqual(['/ 200', '/gone 404', '/hooked 418']);
    expect(other.requests.find(({ path }) => path === '/')!.bytes).toBe(13);
    await expect(serve(join(root, 'site'), { port: other.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  } finally {
    await other.close();
  }
});
