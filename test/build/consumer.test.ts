// The packed package in projects of others: Vite's build and development server, the script tag on a plain page. In Chromium.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { build, createServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../demo/terminal/serve.mjs';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';
import { type Consumer, installPacked } from '../support/packed.ts';
import { root } from '../support/source-files.ts';

const models = join(root, 'models');

/** Uses every worker, the WASM runtime, and the libraries for HTML and Markdown. */
const use = `async function use({ createAssistant, openStore }) {
  const assistant = await createAssistant({ name: 'consumer', preload: false, models: { base: '/models/' } });
  await assistant.add([
    { id: 'a', title: 'A', mediaType: 'text/markdown', text: '# Reset\\n\\nHold the button for five seconds to reset the lamp.' },
    { id: 'b', title: 'B', mediaType: 'text/html', text: '<html><body><article><h1>Storage</h1><p>Keep the lamp in a dry place.</p></article></body></html>' },
  ]);
  const hits = await assistant.search('How do I reset it?', { k: 2 });
  const { embedder } = await assistant.stats();
  await assistant.close();
  // So many passages that the store worker starts workers of its own.
  const count = 220_000;
  const store = await openStore({ name: 'large', space: { model: 'test', dimension: 4 } });
  await store.add([{
    id: 'large',
    text: 'x'.repeat(count),
    passages: Array.from({ length: count }, (_, start) => ({ start, end: start + 1 })),
    vectors: Float32Array.from({ length: count * 4 }, (_, index) => Math.sin(index * index)),
  }]);
  let kernel = {};
  for (let search = 0; search < 200 && !kernel.shards && !kernel.unsharded; search++) {
    await store.search({ vector: Float32Array.of(1, 0, 0, 0) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    kernel = (await store.stats()).kernel;
  }
  await store.close();
  // They may have been found not to pay; then they had started too.
  const shards = kernel.shards > 0 || /^Scans by/.test(kernel.unsharded) ? 'started' : JSON.stringify(kernel);
  return { first: hits[0].document, hits: hits.length, dimension: embedder.space.dimension, shards };
}`;

const expected = { first: 'a', hits: 2, dimension: 384, shards: 'started' };

let consumer: Consumer;
let browser: Browser;

beforeAll(async () => {
  [consumer, browser] = await Promise.all([
    installPacked(),
    ensureChromium().then((executablePath) => chromium.launch({ executablePath, args: chromiumArguments })),
  ]);
  await writeFile(
    join(consumer.folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>',
  );
  await writeFile(join(consumer.folder, 'main.js'), `import * as inpage from 'inpage';\n${use}\nwindow.result = use(inpage);\n`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await consumer?.remove();
});

/** Opens a page; gives what its `result` resolves to, and what went wrong beside it. */
async function visit(url: string) {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (response) => {
    // Some models have no file for generation; that is asked for and not needed.
    if (response.status() >= 400 && !response.url().endsWith('/generation_config.json'))
      problems.push(`${response.status()} ${response.url()}`);
  });
  let loads = 0;
  page.on('load', () => {
    loads++;
  });
  try {
    await page.goto(url);
    await page.waitForFunction('window.result');
    const result = await page.evaluate('window.result.catch((error) => String(error))');
    return { result, problems, loads };
  } finally {
    await page.close();
  }
}

test('a project built with Vite', async () => {
  const outDir = join(consumer.folder, 'dist');
  await build({
    configFile: false,
    root: consumer.folder,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, reportCompressedSize: false },
  });
  const served = await serve(outDir, { mounts: { '/models/': models } });
  try {
    expect(await visit(served.url)).toEqual({ result: expected, problems: [], loads: 1 });
    expect(served.requests.filter(({ path }) => path.endsWith('.wasm'))).toHaveLength(1);
  } finally {
    await served.close();
  }
}, 120_000);

test("a project on Vite's development server", async () => {
  const publicDir = join(consumer.folder, 'public');
  await mkdir(publicDir);
  await symlink(models, join(publicDir, 'models'), 'junction');
  const server = await createServer({
    configFile: false,
    root: consumer.folder,
    logLevel: 'error',
    // The packages of this test are links to this repository.
    server: { port: 0, fs: { strict: false } },
  });
  await server.listen();
  try {
    expect(await visit(server.resolvedUrls!.local[0]!)).toEqual({ result: expected, problems: [], loads: 1 });
  } finally {
    await server.close();
  }
}, 120_000);

test('a page with the script tag, in another folder than the script and not isolated', async () => {
  const site = join(consumer.folder, 'site');
  await mkdir(join(site, 'pages'), { recursive: true });
  await cp(join(consumer.installed, 'dist/global'), join(site, 'vendor/inpage'), { recursive: true });
  await writeFile(
    join(site, 'pages/index.html'),
    `<!doctype html><link rel="icon" href="data:,"><script src="../vendor/inpage/inpage.global.js"></script><script>${use}\nwindow.result = use(inpage);</script>`,
  );
  const policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; img-src data:; worker-src 'self'";
  const served = await serve(site, {
    mounts: { '/models/': models },
    isolated: false,
    headers: { 'Content-Security-Policy': policy },
  });
  try {
    expect(await visit(`${served.url}pages/`)).toEqual({ result: expected, problems: [], loads: 1 });
  } finally {
    await served.close();
  }
}, 120_000);
