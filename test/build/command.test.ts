// The command of the packed package: builds an index from a folder, offline, which a plain page then ships and a reader searches.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../demo/terminal/serve.mjs';
import { ByteSource } from '../../src/store/transfer/byte-source.ts';
import { FrameReader, parseJson } from '../../src/store/transfer/frame-reader.ts';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';
import { type Consumer, installPacked } from '../support/packed.ts';
import { root } from '../support/source-files.ts';
import { writePdf } from '../unit/load/pdf-writer.ts';

const models = join(root, 'models');
/** Markdown, HTML, and two languages. */
const samples = ['getting-started.md', 'quick-start-zh.md', 'release-notes.html', 'warranty-and-service.md'];

let consumer: Consumer;
let browser: Browser;
/** One reader: what is stored stays from page to page. */
let reader: BrowserContext;
let site: string;

beforeAll(async () => {
  [consumer, browser] = await Promise.all([
    installPacked(),
    ensureChromium().then((executablePath) => chromium.launch({ executablePath, args: chromiumArguments })),
  ]);
  reader = await browser.newContext();
  site = join(consumer.folder, 'site');
  for (const name of samples) await cp(join(root, 'demo/samples', name), join(site, 'docs', name));
  await cp(join(consumer.installed, 'dist/global'), join(site, 'inpage'), { recursive: true });
  await writeFile(
    join(site, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module">import * as inpage from "./inpage/inpage.js"; window.inpage = inpage;</script>',
  );
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await consumer?.remove();
});

/** Runs the command in the project's folder. */
async function inpage(...args: string[]) {
  const { bin } = JSON.parse(await readFile(join(consumer.installed, 'package.json'), 'utf8'));
  const run = promisify(execFile)(process.execPath, [join(consumer.installed, bin.inpage), ...args], {
    cwd: consumer.folder,
    // Downloads are kept here.
    env: { ...process.env, XDG_CACHE_HOME: join(consumer.folder, 'cache') },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: code as number, stdout: stdout as string, stderr: stderr as string }),
  );
}

/** Bytes of the rows, the number of each document's passages, and the space of a file. */
async function readIndex(bytes: Uint8Array) {
  const frames = new FrameReader(
    new ByteSource(
      (async function* () {
        yield bytes;
      })(),
    ),
  );
  await frames.begin();
  const { space } = parseJson((await frames.next()).payload) as { space: { dimension: number } };
  const documents: { id: string; chunks: number; hash: string }[] = [];
  const rows: Int8Array[] = [];
  for (;;) {
    const { kind, payload } = await frames.next();
    if (kind === 'documents') documents.push(...(parseJson(payload) as typeof documents));
    if (kind === 'rows') {
      for (let at = 0; at < payload.length; at += space.dimension)
        rows.push(Int8Array.from(payload.subarray(at, at + space.dimension)));
    }
    if (kind === 'end') return { space, documents, rows };
  }
}

function cosine(a: Int8Array, b: Int8Array): number {
  const dot = (x: Int8Array, y: Int8Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** A page of the site that has opened an assistant as `window.assistant`, whose embedder counts what it embeds. */
async function openPage(url: string, options: object): Promise<{ page: Page; problems: string[] }> {
  const page = await reader.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url);
  await page.evaluate(async (given) => {
    const scope = globalThis as never as { inpage: typeof import('../../src/index.ts'); [name: string]: unknown };
    const real = scope.inpage.transformersEmbedder({ source: { base: '/models/' } });
    const embedded = { passage: 0, query: 0 };
    const embedder = {
      load: real.load,
      close: real.close,
      embed: (texts: readonly string[], call: { kind?: 'query' | 'passage' } = {}) => {
        embedded[call.kind ?? 'passage'] += texts.length;
        return real.embed(texts, call);
      },
    };
    // What it says is not what is tested here.
    const llm = {
      load: async () => ({ model: 'stub', contextTokens: 4096 }),
      countTokens: async () => 100,
      close: async () => {},
      async *generate() {
        yield { type: 'token', text: 'Hold the button.' };
        const usage = { promptTokens: 100, completionTokens: 4 };
        yield { type: 'done', text: 'Hold the button.', reason: 'stop', usage, timings: { prefillMs: 0, decodeMs: 0 } };
      },
    } as never;
    const phases: string[] = [];
    scope.embedded = embedded;
    scope.phases = phases;
    scope.assistant = await scope.inpage.createAssistant({
      embedder,
      llm,
      preload: false,
      onProgress: ({ phase }) => phases.push(phase),
      ...given,
    });
  }, options);
  return { page, problems };
}

const inPage = <T>(page: Page, work: string): Promise<T> => page.evaluate(`(async () => { ${work} })()`);

test('writes an index without a network, and says what it did', async () => {
  const outcome = await inpage(
    'build',
    'site/docs',
    '-o',
    'site/docs.inpage',
    '--models',
    models,
    '--json',
    '--base-url',
    'https://example.org/docs',
  );
  expect(outcome.stderr).not.toMatch(/error|warn/i);
  expect(outcome.code, outcome.stderr).toBe(0);
  const summary = JSON.parse(outcome.stdout);
  expect(summary).toMatchObject({ output: 'site/docs.inpage', documents: 4, failed: [], model: 'all-MiniLM-L6-v2' });
  expect(summary.chunks).toBeGreaterThan(20);
  expect((await readFile(join(site, 'docs.inpage'))).length).toBe(summary.bytes);
  const { space, documents } = await readIndex(await readFile(join(site, 'docs.inpage')));
  expect(space).toMatchObject({ model: 'all-MiniLM-L6-v2', revision: 'main', dimension: 384 });
  expect(documents.map(({ id }) => id)).toEqual(samples);
}, 120_000);

test('a reader finds in it, without embedding a document; the same index is not taken again, a changed one replaces it', async () => {
  const served = await serve(site, { mounts: { '/models/': models } });
  const search = `
    const hits = await assistant.search('How do I reset it?', { k: 3 });
    const words = await assistant.search('warranty', { mode: 'lexical', k: 3 });
    const { store } = await assistant.stats();
    return { hits: hits.map(({ document, url, score }) => ({ document, url, score })), words: words.length, epoch: store.epoch, documents: store.documents, embedded: { ...embedded }, phases: [...phases] };`;
  type Found = {
    hits: { document: string; url: string; score: number }[];
    words: number;
    epoch: number;
    documents: number;
    embedded: object;
    phases: string[];
  };
  try {
    const options = { name: 'docs', index: 'docs.inpage' };
    const first = await openPage(served.url, options);
    const found = await inPage<Found>(first.page, search);
    expect(found).toMatchObject({ documents: 4, embedded: { passage: 0, query: 1 }, words: 3 });
    expect(found.hits).toHaveLength(3);
    expect(found.hits[0]!.url).toBe(`https://example.org/docs/${found.hits[0]!.document}`);
    expect(found.phases).toContain('index');
    const answer = await inPage<{ answer: string; hits: { url: string }[] }>(
      first.page,
      "for await (const event of assistant.ask('How do I reset it?')) if (event.type === 'done') return event;",
    );
    expect(answer.answer).toMatch(/^Hold the button\./);
    expect(answer.hits[0]!.url).toContain('https://example.org/docs/');
    await first.page.close();

    const again = await openPage(served.url, options);
    expect(await inPage<Found>(again.page, search)).toMatchObject({
      epoch: found.epoch,
      hits: found.hits,
      embedded: { passage: 0 },
    });
    await inPage(again.page, "await assistant.add({ id: 'own', text: 'A note of the reader.' });");
    await again.page.close();

    await writeFile(join(site, 'docs/new.md'), '# New\n\nHow to reset: press the button for seventeen seconds.\n');
    await rm(join(site, 'docs/warranty-and-service.md'));
    expect(await inpage('build', 'site/docs', '-o', 'site/docs.inpage', '--models', models)).toMatchObject({ code: 0 });
    const changed = await openPage(served.url, options);
    const ids = await inPage<string[]>(changed.page, 'return (await assistant.documents()).map(({ id }) => id);');
    expect(ids).toContain('own');
    expect(ids).toContain('new.md');
    expect(ids).not.toContain('warranty-and-service.md');
    expect(ids).toHaveLength(5);
    await changed.page.close();

    // The index is gone from the server: what is there will do; a reader without it is told.
    await rm(join(site, 'docs.inpage'));
    const offline = await openPage(served.url, options);
    expect(await inPage(offline.page, 'return (await assistant.documents()).length;')).toBe(5);
    await offline.page.close();
    const page = openPage(served.url, { ...options, name: 'other' });
    await expect(page).rejects.toThrow(/docs\.inpage could not be fetched: the server answered 404/);
    for (const { problems } of [first, again, changed, offline]) expect(problems).toEqual([]);
  } finally {
    await served.close();
  }
}, 180_000);

test('its vectors are those of a page, which exports what it has and imports it elsewhere', async () => {
  expect(await inpage('build', 'site/docs', '-o', 'site/docs.inpage', '--models', models)).toMatchObject({ code: 0 });
  const built = await readIndex(await readFile(join(site, 'docs.inpage')));
  const served = await serve(site, { mounts: { '/models/': models } });
  try {
    const { page, problems } = await openPage(served.url, { name: 'embedded' });
    const names = (await readdir(join(site, 'docs'))).sort();
    const file = await inPage<string>(
      page,
      `const sources = [];
      for (const name of ${JSON.stringify(names)}) {
        sources.push({ source: new File([await (await fetch('docs/' + name)).blob()], name), id: name });
      }
      await assistant.add(sources);
      const blob = await new Response(assistant.export()).blob();
      const other = await inpage.createAssistant({ name: 'copy', preload: false });
      const taken = await other.import(blob);
      const streamed = await inpage.createAssistant({ name: 'streamed', preload: false });
      await streamed.import(new Response(other.export()).body);
      if ((await streamed.documents()).length !== taken.documents) throw new Error('documents are missing');
      const refused = await streamed.import('docs/new.md').catch(({ code }) => code);
      const page = await streamed.import('./').catch(({ code, message }) => code + ' ' + message);
      const absent = await streamed.import(7).catch(({ code }) => code);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return JSON.stringify({ file: btoa(binary), taken, refused, page, absent });`,
    ).then(JSON.parse);
    const outcome = file as never as { file: string; taken: object; refused: string; page: string; absent: string };
    const embedded = await readIndex(Buffer.from(outcome.file, 'base64'));
    expect(outcome.taken).toEqual({ documents: 4, chunks: embedded.rows.length });
    expect(outcome.refused).toBe('invalid-document');
    expect(outcome.page).toMatch(/^fetch-failed .*web page/);
    expect(outcome.absent).toBe('invalid-argument');
    expect(embedded.documents.map(({ id, chunks }) => ({ id, chunks }))).toEqual(
      built.documents.map(({ id, chunks }) => ({ id, chunks })),
    );
    expect(embedded.space).toEqual(built.space);
    const cosines = built.rows.map((row, index) => cosine(row, embedded.rows[index]!)).sort((a, b) => a - b);
    console.log(
      `cosine of ${cosines.length} vectors of the command and the page: least ${cosines[0]!.toFixed(5)}, median ${cosines[cosines.length >> 1]!.toFixed(5)}`,
    );
    expect(cosines[0]).toBeGreaterThan(0.999);
    expect(problems).toEqual([]);
    await page.close();
  } finally {
    await served.close();
  }
}, 180_000);

test('reads PDF with the optional package, and says what is wrong otherwise', async () => {
  await mkdir(join(consumer.folder, 'mixed'));
  await writeFile(join(consumer.folder, 'mixed/a.pdf'), writePdf([['Hold the button of the lamp.']], { title: 'Lamp' }));
  await writeFile(join(consumer.folder, 'mixed/b.md'), ' ');
  const strict = await inpage('build', 'mixed', '-o', 'mixed.inpage', '--models', models);
  expect(strict).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/1 documents could not be read.*\n.*b\.md/),
  });
  const lenient = await inpage('build', 'mixed', '-o', 'mixed.inpage', '--models', models, '--keep-going', '--threads', '1');
  expect(lenient).toMatchObject({ code: 0, stderr: expect.stringContaining('left out b.md') });
  const { documents } = await readIndex(await readFile(join(consumer.folder, 'mixed.inpage')));
  expect(documents).toMatchObject([{ id: 'a.pdf', title: 'Lamp' }]);
}, 120_000);

test('takes a model from a hub, once', async () => {
  const files = `${join(root, 'models')}/all-MiniLM-L6-v2/`;
  const asked: string[] = [];
  const hub = await serve(site, {
    onRequest: async ({ url = '' }, response) => {
      const path = /^\/org\/mini\/resolve\/v1\/(.+)$/.exec(url)?.[1];
      const content = path && (await readFile(files + path).catch(() => undefined));
      asked.push(url);
      if (content) response.end(content);
      return Boolean(content);
    },
  });
  await mkdir(join(consumer.folder, 'one'));
  await writeFile(join(consumer.folder, 'one/a.md'), 'Hold the button.');
  try {
    const build = () => inpage('build', 'one', '-o', 'hub.inpage', '--host', hub.url, '--model', 'org/mini', '--revision', 'v1');
    expect(await build()).toMatchObject({ code: 0 });
    expect(asked.filter((url) => url.endsWith('model_quantized.onnx'))).toHaveLength(2);
    const { space } = await readIndex(await readFile(join(consumer.folder, 'hub.inpage')));
    expect(space).toMatchObject({ model: 'org/mini', revision: 'v1', dimension: 384 });
    asked.length = 0;
    expect(await build()).toMatchObject({ code: 0 });
    // What is optional and not there is asked for again.
    expect(asked.filter((url) => !url.endsWith('/generation_config.json'))).toEqual([]);
    const absent = await inpage('build', 'one', '--host', hub.url, '--model', 'org/other');
    expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('org/other') });
  } finally {
    await hub.close();
  }
}, 120_000);

test('refuses what it cannot do, with a code and a remedy', async () => {
  expect(await inpage()).toMatchObject({ code: 0, stdout: expect.stringContaining('inpage build <folder') });
  expect(await inpage('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(await inpage('build', 'site/docs', '--chunk-size', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--help'),
  });
  expect(await inpage('build', 'nowhere')).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere') });
  expect(await inpage('build', 'site/docs')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no model .*--models.*--host/),
  });
}, 60_000);
