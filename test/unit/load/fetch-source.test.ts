import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { writePdf } from './pdf-writer.ts';
import { readDocument } from './read-documents.ts';

const answers: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
  '/docs/guide.md': (response) => response.setHeader('content-type', 'text/plain; charset=utf-8').end('# Guide\n\nWords.'),
  '/page?x=1': (response) => response.setHeader('content-type', 'text/html; charset=utf-8').end('<title>Page</title><p>Größe'),
  '/a%20b.pdf': (response) => response.setHeader('content-type', 'application/pdf').end(writePdf([['Hello PDF']])),
  '/empty': (response) => response.end(''),
  '/image': (response) => response.setHeader('content-type', 'image/png').end('x'),
  '/records.json': (response) =>
    response.setHeader('content-type', 'application/json').end('[{"id":1,"text":"One","url":"https://example.com/1"}]'),
  '/broken': (response) => {
    response.writeHead(200, { 'content-length': '1000', 'content-type': 'text/plain' });
    response.write('only the beginning');
    setTimeout(() => response.destroy(), 20);
  },
  '/slow': (response) => response.writeHead(200, { 'content-type': 'text/plain' }).write('never ends'),
  '/forbidden': (response) => response.writeHead(403).end(),
  '/error': (response) => response.writeHead(503, 'Busy').end('<html>'),
};

const server = createServer((request, response) => {
  const answer = answers[request.url ?? ''];
  if (answer) answer(response, request);
  else response.writeHead(404).end('<html><body>Not found</body></html>');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const load = (path: string, signal?: AbortSignal) => readDocument({ kind: 'url', url: base + path }, { signal });

test.each([
  ['/docs/guide.md', 'text/markdown', 'Guide', '# Guide\n\nWords.'],
  ['/page?x=1', 'text/html', 'Page', 'Größe'],
  ['/a%20b.pdf', 'application/pdf', 'a b.pdf', 'Hello PDF'],
])('%s is read as %s', async (path, mediaType, title, text) => {
  expect(await load(path)).toMatchObject({ id: base + path, url: base + path, mediaType, title, text });
});

test('the id leaves out the hash, the address keeps it', async () => {
  expect(await load('/page?x=1#part')).toMatchObject({ id: `${base}/page?x=1`, url: `${base}/page?x=1#part` });
});

test('records keep their own addresses', async () => {
  expect(await load('/records.json')).toMatchObject({ id: `${base}/records.json/1`, url: 'https://example.com/1' });
});

test.each([
  ['/nothing', 404, /404.*Check the address/],
  ['/forbidden', 403, /403.*Sign in/],
  ['/error', 503, /503 Busy.*later/],
])('%s fails with the status', async (path, status, message) => {
  await expect(load(path)).rejects.toMatchObject({
    code: 'fetch-failed',
    message: expect.stringMatching(message),
    detail: { status, url: base + path },
  });
});

test('an answer cut off in the middle fails', async () => {
  await expect(load('/broken')).rejects.toMatchObject({
    code: 'fetch-failed',
    message: expect.stringMatching(/\/broken.*broke/),
  });
});

test('a server that is not there fails', async () => {
  const source = { kind: 'url', url: 'http://127.0.0.1:1/x' } as const;
  await expect(readDocument(source)).rejects.toMatchObject({
    code: 'fetch-failed',
    message: expect.stringMatching(/127\.0\.0\.1:1\/x.*connection/),
  });
});

test('an empty answer and an image are refused by name', async () => {
  await expect(load('/empty')).rejects.toMatchObject({ code: 'document-empty', message: expect.stringMatching(/empty/) });
  await expect(load('/image')).rejects.toMatchObject({ code: 'unsupported-source' });
});

test('an abort in the middle of a download rejects with AbortError', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await expect(load('/slow', controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
