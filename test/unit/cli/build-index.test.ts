// Building an index without a model: which files, what becomes of them, and what a failure leaves.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIndex } from '../../../src/cli/build-index.ts';
import { createFileCache } from '../../../src/cli/file-cache.ts';
import { createFileFetch } from '../../../src/cli/file-fetch.ts';
import { findDocuments } from '../../../src/cli/find-documents.ts';
import { progressLine } from '../../../src/cli/progress-line.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { mockEmbedder } from '../../../src/testing/index.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inpage-build-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What a collection holds that has imported the file. */
async function read(path: string) {
  const name = `read ${Math.random()}`;
  const store = await openCollection({ name });
  const bytes = new Uint8Array(await readFile(path));
  await store.import(
    (async function* () {
      yield bytes;
    })(),
  );
  const list = await store.list();
  const hits = await store.search({ text: 'lamp', k: 5 });
  const { space, segments, deleted } = await store.stats();
  await store.close();
  await deleteCollection(name);
  return { list, hits, space, segments, deleted };
}

const build = async (inputs: string[], options: Partial<Parameters<typeof buildIndex>[0]> = {}) =>
  buildIndex({
    files: await findDocuments(inputs.map((input) => join(folder, input))),
    output: join(folder, 'out.inpage'),
    embedder: mockEmbedder(),
    chunker: {},
    keepGoing: false,
    ...options,
  });

describe('files', () => {
  test('of a folder: those that can be read, by path; hidden ones and packages are left out, links do not go round', async () => {
    await write({
      'docs/b.md': 'b',
      'docs/a/z.html': '<p>z</p>',
      'docs/a/y.txt': 'y',
      'docs/a/data.json': '{}',
      'docs/.git/x.md': 'x',
      'docs/.hidden.md': 'x',
      'docs/node_modules/p/readme.md': 'x',
      'docs/picture.png': 'x',
    });
    await symlink(join(folder, 'docs'), join(folder, 'docs/a/up'), 'junction');
    expect((await findDocuments([join(folder, 'docs')])).map(({ id }) => id)).toEqual(['a/y.txt', 'a/z.html', 'b.md']);
  });

  test('named one by one: any of them, once', async () => {
    await write({ 'one.json': '[{"text":"x"}]', 'two.md': 'two' });
    const inputs = ['one.json', 'two.md', 'two.md'].map((name) => join(folder, name));
    expect((await findDocuments(inputs)).map(({ id }) => id)).toEqual(['one.json', 'two.md']);
  });

  test('that are missing, none, or two of one name are refused', async () => {
    await write({ 'a/x.md': '1', 'b/x.md': '2', 'c/picture.png': '3' });
    const find = (...names: string[]) => findDocuments(names.map((name) => join(folder, name)));
    await expect(find('nothing')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('nothing'),
    });
    await expect(find('c')).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('.md') });
    await expect(find('a', 'b')).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('"x.md"') });
  });
});

describe('an index', () => {
  test('has titles, addresses and metadata, and a space', async () => {
    await write({
      'docs/setup.md': '---\ntitle: Setting up\ntags: [lamp, new]\nyear: 2024\n---\n# Setup\n\nPut the lamp on a table.\n',
      'docs/deep/größe 1.txt': 'The lamp is small.',
      'docs/page.html':
        '<html lang="de"><head><title>Page</title><link rel="canonical" href="https://example.org/p"></head><body><p>Lamp text.</p></body></html>',
    });
    const seen: string[] = [];
    const summary = await build(['docs'], { onProgress: ({ document }) => seen.push(document) });
    expect(summary).toMatchObject({ documents: 3, failed: [], output: join(folder, 'out.inpage') });
    expect(seen).toContain('Setting up');
    const { list, hits, space, segments, deleted } = await read(summary.output);
    const byId = Object.fromEntries(list.map((document) => [document.id, document]));
    expect(byId['setup.md']).toMatchObject({
      title: 'Setting up',
      url: 'setup.md',
      metadata: { tags: ['lamp', 'new'], year: 2024 },
    });
    expect(byId['deep/größe 1.txt']).toMatchObject({ title: 'größe 1.txt', url: 'deep/gr%C3%B6%C3%9Fe%201.txt' });
    expect(byId['page.html']).toMatchObject({ title: 'Page', url: 'https://example.org/p', metadata: { lang: 'de' } });
    expect(new Set(hits.map(({ document }) => document)).size).toBe(3);
    expect(space).toMatchObject({ dimension: (await mockEmbedder().load()).space.dimension });
    expect({ segments, deleted }).toEqual({ segments: 1, deleted: 0 });
  });

  test('under an address', async () => {
    await write({ 'docs/a/b.md': 'The lamp.' });
    const { output } = await build(['docs'], { baseUrl: 'https://example.org/docs/' });
    expect((await read(output)).list[0]).toMatchObject({ url: 'https://example.org/docs/a/b.md' });
  });

  test('tells what it holds, whenever it is built', async () => {
    await write({ 'docs/a.md': 'The lamp.', 'docs/b.md': 'Another lamp.' });
    const header = (bytes: Buffer) => bytes.subarray(24, 24 + bytes.readUInt32LE(12)).toString();
    await build(['docs']);
    const first = header(await readFile(join(folder, 'out.inpage')));
    await utimes(join(folder, 'docs/a.md'), 1, 1);
    await build(['docs']);
    expect(header(await readFile(join(folder, 'out.inpage')))).toBe(first);
    await write({ 'docs/b.md': 'Another lamp!' });
    await build(['docs']);
    expect(header(await readFile(join(folder, 'out.inpage')))).not.toBe(first);
  });
});

describe('a failure', () => {
  test('names the documents, and leaves the old index; or they are left out', async () => {
    await write({ 'docs/a.md': 'The lamp.', 'docs/empty.md': ' ', 'out.inpage': 'old' });
    await expect(build(['docs'])).rejects.toMatchObject({ code: 'add-incomplete', message: expect.stringContaining('empty.md') });
    expect(await readFile(join(folder, 'out.inpage'), 'utf8')).toBe('old');
    const summary = await build(['docs'], { keepGoing: true });
    expect(summary).toMatchObject({ documents: 1, failed: [{ document: 'empty.md' }] });
    await write({ 'none/empty.md': ' ' });
    await expect(build(['none'], { keepGoing: true })).rejects.toMatchObject({ code: 'document-empty' });
    expect((await readdir(folder)).sort()).toEqual(['docs', 'none', 'out.inpage']);
  });

  test('of the disk, and an abort', async () => {
    await write({ 'docs/a.md': 'The lamp.' });
    await expect(build(['docs'], { output: join(folder, 'no/such/out.inpage') })).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('no/such'),
    });
    await expect(build(['docs'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual(['docs']);
  });
});

test('fetch answers for files like a server', async () => {
  await write({ 'model/config.json': '{"a":1}' });
  const asked: string[] = [];
  const fetch = createFileFetch(async (input) => {
    asked.push(String(input));
    return new Response('web');
  });
  const url = `${pathToFileURL(folder).href}/model/config.json`;
  expect(await (await fetch(url)).json()).toEqual({ a: 1 });
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '7', '']);
  expect((await fetch(url.replace('config', 'other'))).status).toBe(404);
  expect((await fetch(pathToFileURL(folder).href)).status).toBe(404);
  expect(await (await fetch('https://example.org/')).text()).toBe('web');
  expect(asked).toEqual(['https://example.org/']);
});

test('the cache keeps whole files only', async () => {
  const cache = await createFileCache(join(folder, 'cache')).open('any');
  expect(await cache.match('https://example.org/a')).toBeUndefined();
  await cache.put('https://example.org/a', new Response('content'));
  expect(await (await cache.match('https://example.org/a'))!.text()).toBe('content');
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('half'));
    },
    pull(controller) {
      controller.error(new Error('connection lost'));
    },
  });
  await expect(cache.put('https://example.org/b', new Response(broken))).rejects.toThrow('connection lost');
  expect(await cache.match('https://example.org/b')).toBeUndefined();
  expect(await readdir(join(folder, 'cache'))).toHaveLength(1);
});

test('progress is one line on a terminal, and a line now and then elsewhere', () => {
  const run = (isTTY: boolean) => {
    let time = 0;
    const written: string[] = [];
    const line = progressLine({ isTTY, columns: 20, write: (text: string) => written.push(text) > 0 } as never, () => time);
    for (let step = 0; step < 300; step++) {
      line.show(`step ${step} of three hundred`);
      time += 50;
    }
    line.clear();
    line.clear();
    return written;
  };
  const terminal = run(true);
  expect(terminal).toHaveLength(151);
  expect(terminal[0]).toBe('\r\x1b[Kstep 0 of three hun');
  expect(terminal.at(-1)).toBe('\r\x1b[K');
  expect(run(false)).toEqual(['step 0 of three hundred\n', 'step 200 of three hundred\n']);
});
