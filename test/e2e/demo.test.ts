// The demo from the first visit to the second, on the real models: consent, ingest, a cited answer, reload, removal.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../demo/terminal/serve.mjs';
import { accessibilityProblems, accessibilityProblemsInBothThemes, DemoPage, launch, outputFolder } from './demo-page.ts';
import { expectResponsive } from './responsive.ts';

const root = join(import.meta.dirname, '../..');
const question = 'How do I reset the Solvei S2 to factory settings?';

const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

let browser: Browser;
let context: BrowserContext;
let server: Awaited<ReturnType<typeof serve>>;
let demo: DemoPage;
let firstSources: string[];
/** Whether the server still gives models. */
let modelsGone = false;

const modelRequests = () => server.requests.filter(({ path }) => path.startsWith('/models/'));

beforeAll(async () => {
  mkdirSync(outputFolder, { recursive: true });
  server = await serve(join(root, 'dist/demo'), {
    headers: { 'Content-Security-Policy': policy },
    onRequest(request, response) {
      if (!modelsGone || !request.url?.startsWith('/models/')) return false;
      response.destroy();
      return true;
    },
  });
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  demo = new DemoPage(await context.newPage());
  await demo.open(`${server.url}index.html`);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('opens without any model and is accessible', async () => {
  expect(modelRequests()).toEqual([]);
  expect(await demo.page.getByRole('heading', { name: 'Ask your own documents' }).isVisible()).toBe(true);
  expect(await accessibilityProblemsInBothThemes(demo.page)).toEqual([]);
  await demo.screenshot('empty');
});

test('asks before it downloads, and downloads nothing without consent', async () => {
  await demo.button('Load the sample handbook').click();
  await demo.consent.waitFor();
  const sizes = await demo.consent.locator('tbody td').allInnerTexts();
  expect(sizes.length).toBeGreaterThan(0);
  for (const size of sizes) expect(size).toMatch(/^[\d.]+ (bytes|kB|MB)$/);
  expect(await demo.consent.locator('tfoot td').textContent()).toMatch(/^[\d,]{9,} bytes$/);
  expect(await accessibilityProblemsInBothThemes(demo.page)).toEqual([]);
  await demo.screenshot('consent');
  await demo.button('Not now').click();
  await demo.page.locator('#ingest .problem').first().waitFor();
  expect(await demo.page.locator('#ingest .problem-code').allInnerTexts()).toEqual(['download-declined']);
  expect(modelRequests().filter(({ bytes }) => bytes > 1_000_000)).toEqual([]);
});

test('shows the download and the ingest, and can cancel it without losing what is done', async () => {
  await demo.button('Try again').click();
  await demo.consent.waitFor();
  await demo.button('Download').click();
  await demo.page.locator('.load').waitFor();
  await demo.page.locator('.ingest-figures', { hasText: /^[2-8] of 9 documents read · \d+ passages · [\d.]+\/s$/ }).waitFor();
  await demo.screenshot('ingesting');
  await demo.button('Cancel').click();
  await demo.page.locator('.ingest').waitFor({ state: 'detached' });
  const kept = await demo.documents.count();
  expect(kept).toBeGreaterThanOrEqual(1);
  expect(kept).toBeLessThan(9);

  await demo.longTasks();
  await demo.button('Load the sample handbook').click();
  await demo.page.locator('.ingest').waitFor();
  await demo.page.locator('.ingest').waitFor({ state: 'detached', timeout: 120_000 });
  expectResponsive(await demo.longTasks());
  expect(await demo.documents.count()).toBe(9);
  expect(await demo.page.locator('#ingest .problem').count()).toBe(0);
});

test('streams an answer with a citation that opens its passage', async () => {
  await demo.button(question).click();
  await demo.consent.waitFor();
  await demo.button('Download').click();
  await demo.page.locator('.load').waitFor();
  await demo.screenshot('downloading');

  const body = demo.turn.locator('.answer-body');
  await body.waitFor({ timeout: 180_000 });
  const early = (await body.textContent()) ?? '';
  const answer = await demo.answer();
  // Quotes are there first; the model adds to them only what they support.
  expect(early).not.toBe('');
  expect(answer.length).toBeGreaterThanOrEqual(early.length);
  firstSources = await demo.sources();
  expect(firstSources.length).toBeGreaterThan(0);
  expect(await demo.page.locator('#device-label').textContent()).toMatch(/^(WASM · \d+ threads?|WebGPU · .+)$/);
  expect(await accessibilityProblemsInBothThemes(demo.page)).toEqual([]);

  const cite = demo.turn.locator('.cite').first();
  await cite.click();
  const quote = demo.page.locator('dialog.reader mark.quote').first();
  await quote.waitFor();
  await expect
    .poll(() =>
      quote.evaluate((mark) => {
        const { top, bottom } = mark.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      }),
    )
    .toBe(true);
  expect((await demo.page.locator('dialog.reader mark.quote').allInnerTexts()).join('').length).toBeGreaterThan(10);
  expect(await accessibilityProblemsInBothThemes(demo.page)).toEqual([]);
  await demo.screenshot('answered');
  await demo.page.emulateMedia({ colorScheme: 'dark' });
  await demo.screenshot('dark');
  await demo.page.emulateMedia({ colorScheme: 'light' });
  await demo.page.keyboard.press('Escape');
  await demo.page.locator('dialog.reader').waitFor({ state: 'detached' });
  expect(await cite.evaluate((button) => button === document.activeElement)).toBe(true);
});

test('stops in the middle of an answer and goes on with the next', async () => {
  await demo.ask('Describe in detail how the battery is stored for longer and how it is transported.');
  await demo.turn.locator('.answer-body').waitFor({ timeout: 120_000 });
  await demo.button('Stop').click();
  await demo.turn.locator('.answer-note', { hasText: 'Stopped.' }).waitFor();
  await demo.button('Send').waitFor();
  await demo.ask('How much does the Solvei S2 weigh?');
  expect(await demo.answer()).not.toBe('');
});

test('says so when a file cannot be read', async () => {
  await demo.page.locator('#files').setInputFiles([
    { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('this is not a PDF') },
    { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('The spare key hangs behind the blue door.') },
  ]);
  await demo.page.locator('#ingest .problem').waitFor();
  expect(await demo.page.locator('#ingest .problem-subject').textContent()).toBe('broken.pdf');
  expect(await demo.page.locator('#ingest .problem-code').textContent()).toBe('invalid-document');
  expect(await demo.documents.allInnerTexts()).toContain('note.txt');
  await demo.button('Dismiss').click();
});

test('is the same after a reload, and downloads nothing again', async () => {
  // Which compiled models there are is asked when the settings are first opened.
  const listed = demo.page.waitForResponse(/\/mlc\/manifest\.json$/);
  await demo.page.locator('summary', { hasText: 'Settings' }).click();
  await listed;
  await demo.page.getByLabel('Longest answer, tokens').fill('64');
  const documents = await demo.documents.allInnerTexts();
  const turns = await demo.page.locator('.turn').count();
  const before = modelRequests().length;
  modelsGone = true;

  await demo.page.reload();
  await expect.poll(() => demo.documents.allInnerTexts()).toEqual(documents);
  expect(await demo.page.locator('.turn').count()).toBe(turns);
  expect(await demo.page.locator('[name=answerTokens]').inputValue()).toBe('64');
  await demo.longTasks();
  await demo.ask(question);
  await demo.answer();
  modelsGone = false;
  expect(await demo.turn.locator('.problem').count()).toBe(0);
  expectResponsive(await demo.longTasks());
  expect(await demo.sources()).toEqual(firstSources);
  expect(modelRequests().slice(before)).toEqual([]);
});

test('removes a document', async () => {
  await demo.button('Remove note.txt').click();
  await demo.button('Remove').click();
  await expect.poll(() => demo.documents.count()).toBe(9);
  expect(await demo.documents.allInnerTexts()).not.toContain('note.txt');
});

test('works on a phone', async () => {
  for (const width of [360, 390]) {
    await demo.page.setViewportSize({ width, height: 844 });
    expect(await demo.overflow()).toBe(0);
    await demo.page.locator('.views').getByRole('button', { name: 'Documents' }).click();
    expect(await demo.documents.first().isVisible()).toBe(true);
    expect(await demo.overflow()).toBe(0);
    await demo.screenshot(`phone-${width}-documents`);
    await demo.page.locator('.views').getByRole('button', { name: 'Chat' }).click();
    await demo.screenshot(`phone-${width}`);
  }
  expect(await accessibilityProblems(demo.page)).toEqual([]);
  await demo.turn.locator('.cite').first().click();
  await demo.page.locator('mark.quote').first().waitFor();
  await demo.screenshot('phone-reader');
  await demo.page.keyboard.press('Escape');
  await demo.page.setViewportSize({ width: 1280, height: 800 });
});

test('deletes everything', async () => {
  await demo.page.locator('summary', { hasText: 'Storage' }).click();
  await demo.button('Delete everything').click();
  await demo.page.getByRole('alertdialog').getByRole('button', { name: 'Delete everything' }).click();
  await expect.poll(() => demo.documents.count()).toBe(0);
  await demo.page.reload();
  await demo.page.getByRole('heading', { name: 'Ask your own documents' }).waitFor();
  expect(await demo.documents.count()).toBe(0);
});

test('had no uncaught error, and nothing against the content security policy', () => {
  expect(demo.trouble).toEqual([]);
});
