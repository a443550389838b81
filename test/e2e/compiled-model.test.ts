// A model compiled for web-llm, in the script-tag build and in the demo: under the strictest policy, fetched once, from nowhere else.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../demo/terminal/prepare.mjs';
import { DemoPage } from './demo-page.ts';
import { openPage, type TestPage } from './page.ts';

const model = 'tiny-llama-q0f32';
const place = `/models/mlc/${model}/`;
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

let open: TestPage;
const elsewhere: string[] = [];
/** Whether the manifest lists the model. */
let offered = false;

beforeAll(async () => {
  open = await openPage({ headers: { 'Content-Security-Policy': policy } });
  open.context.on('request', (request) => {
    if (!request.url().startsWith(open.url)) elsewhere.push(request.url());
  });
  open.sabotage((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/models/mlc/manifest.json' && offered) {
      response.end(JSON.stringify({ [`${model}/mlc-chat-config.json`]: {} }));
      return true;
    }
    if (!path.startsWith(place)) return false;
    createReadStream(join(root, 'test/fixtures/mlc-tiny', model, path.slice(place.length)))
      .on('error', () => response.writeHead(404).end())
      .pipe(response.setHeader('Content-Type', 'application/octet-stream'));
    return true;
  });
});

afterAll(() => open?.close());

/** Loads the model in a page and lets it choose. */
function choose(page: TestPage['page']) {
  return page.evaluate(async (model) => {
    const llm = window.inpage.webLlm({ model, source: { base: '/models/mlc/' } });
    const output = { choice: ['left', 'right'] };
    for await (const event of llm.generate([{ role: 'user', content: 'Left or right?' }], { output })) {
      if (event.type !== 'done') continue;
      await llm.close();
      return event.value;
    }
    return undefined;
  }, model);
}

test('it answers, and its output is held to what was asked for', async () => {
  expect(['left', 'right']).toContain(await choose(open.page));
  const fetched = open.requests.filter(({ path, status }) => path.startsWith(place) && status === 200).map(({ path }) => path);
  expect(fetched).toContain(`${place}${model}.wasm`);
  expect(elsewhere).toEqual([]);
});

test('the next page asks for no file of it', async () => {
  const before = open.requests.length;
  expect(['left', 'right']).toContain(await choose(await open.another()));
  const asked = open.requests.slice(before).map(({ path }) => path);
  expect(asked.filter((path) => path.startsWith(place))).toEqual([]);
});

test('the demo offers it in its settings, and answers with it', async () => {
  offered = true;
  const page = await open.context.newPage();
  const demo = new DemoPage(page);
  await demo.open(`${open.url}index.html`);
  await page.getByText('Settings').click();
  await page.getByLabel('Chat model').selectOption(model);
  await demo.button('Reload now').click();
  await demo.open(`${open.url}index.html`);
  const buffer = Buffer.from('# Depot\n\nThe depot opens at nine.');
  await page.locator('#files').setInputFiles({ name: 'depot.md', mimeType: 'text/markdown', buffer });
  await demo.consent.waitFor();
  await demo.button('Download').click();
  await demo.documents.first().waitFor({ timeout: 120_000 });
  await demo.ask('When does the depot open?');
  // Only the default model would ask once more.
  expect(await demo.answer()).not.toBe('');
  expect(await demo.turn.locator('.problem').count()).toBe(0);
});
