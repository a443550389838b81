// The script tag from the first visit to the second, on the real models, under a strict policy with Trusted Types: what it loads
// before it is opened, consent, a cited answer that leads to its place in the page, keyboard, languages, errors, a phone.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../demo/terminal/serve.mjs';
import type { InpageChatElement } from '../../src/ui/index.ts';
import { accessibilityProblems, accessibilityProblemsInBothThemes, launch, outputFolder, watchForTrouble } from './demo-page.ts';

const root = join(import.meta.dirname, '../..');

const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types inpage default";

/** Pages beside the built ones. */
const pages: Readonly<Record<string, string>> = {
  '/ar.html':
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>منارة</title><link rel="icon" href="data:,"><main><h1>منارة سكارفهولم</h1><p>غادر آخر حارس المنارة عام 1987.</p></main><script src="/inpage/inpage.global.js" data-source="main"></script></html>',
  '/nothing.html':
    '<!doctype html><html lang="de"><meta charset="utf-8"><title>Leer</title><link rel="icon" href="data:,"><script src="/inpage/inpage.global.js" data-source="#missing"></script><p>Hier fehlt es.</p></html>',
  '/away.html':
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>Away</title><link rel="icon" href="data:,"><main>A page whose models are gone.</main><script src="/inpage/inpage.global.js" data-source="main" data-models="/gone/"></script></html>',
  '/api.html':
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>API</title><link rel="icon" href="data:,"><script src="/inpage/inpage.global.js"></script></html>',
};

let browser: Browser;
let context: BrowserContext;
let server: Awaited<ReturnType<typeof serve>>;
let page: Page;
let trouble: string[];

const launcher = (at = page) => at.locator('inpage-chat .launcher');
const panel = (at = page) => at.locator('inpage-chat').getByRole('dialog');
const field = (at = page) => panel(at).locator('textarea');
const turn = (at = page) => panel(at).locator('.turn').last();
const button = (name: string | RegExp, at = page) => panel(at).getByRole('button', { name, exact: typeof name === 'string' });
const modelRequests = () => server.requests.filter(({ path }) => path.startsWith('/models/'));
const screenshot = (name: string, at = page) => at.screenshot({ path: join(outputFolder, `chat-${name}.png`) });

/** Element that has the focus, also within the chat. */
const focused = (at = page) =>
  at.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return inner?.className;
  });

async function ask(question: string, at = page): Promise<void> {
  await field(at).fill(question);
  await field(at).press('Enter');
}

/** Waits until the last answer is there, and gives its text. */
async function answer(at = page): Promise<string> {
  await turn(at).locator('.answer:not([aria-busy])').waitFor({ timeout: 180_000 });
  return turn(at).locator('.answer-body').innerText();
}

/** The marked text, and whether it can be seen. */
const marked = (at = page) =>
  at.evaluate(() => {
    const [range] = (CSS.highlights.get('inpage-citation') ?? []) as Iterable<Range>;
    if (!range) return { text: '', visible: false };
    const { top, bottom } = range.getBoundingClientRect();
    return { text: range.toString(), visible: top >= 0 && bottom <= window.innerHeight };
  });

beforeAll(async () => {
  mkdirSync(outputFolder, { recursive: true });
  server = await serve(join(root, 'dist/demo'), {
    headers: { 'Content-Security-Policy': policy },
    onRequest(request, response) {
      const html = pages[request.url ?? ''];
      if (!html) return false;
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Security-Policy', policy);
      response.end(html);
      return true;
    },
  });
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1180, height: 820 }, colorScheme: 'light' });
  page = await context.newPage();
  trouble = watchForTrouble(page);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('loads nothing but the tag before it is opened, and shows its own code', async () => {
  await page.goto(`${server.url}embed.html`);
  await launcher().waitFor();
  await page.waitForLoadState('networkidle');
  const loaded = server.requests.filter(({ path }) => /^\/(?:inpage|models)\//.test(path)).map(({ path }) => path);
  expect(loaded).toEqual(['/inpage/inpage.global.js']);
  expect(gzipSync(readFileSync(join(root, 'dist/global/inpage.global.js'))).length).toBeLessThan(15_000);
  expect(page.workers()).toEqual([]);
  const tag = await page.locator('script[data-source]').evaluate((script) => script.outerHTML);
  expect((await page.locator('#tag').textContent())?.replaceAll(/\s+/g, ' ')).toBe(tag.replaceAll(/\s+/g, ' '));
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await screenshot('closed');
});

test('opens by keyboard, asks before it downloads, closes by Escape', async () => {
  await page.locator('body').press('Shift+Tab');
  await page.locator('body').press('Tab');
  for (let presses = 0; presses < 10 && (await focused()) !== 'launcher'; presses++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('launcher');
  await page.keyboard.press('Enter');
  await panel().locator('.consent').waitFor();
  expect(await focused()).toBe('field');
  await panel().locator('.consent summary').click();
  const sizes = await panel().locator('.consent tbody td').allInnerTexts();
  const total = sizes.reduce((sum, size) => sum + Number(size.replaceAll(',', '')), 0);
  expect(total).toBeGreaterThan(20_000_000);
  expect(await panel().locator('.consent tfoot td').innerText()).toBe(total.toLocaleString('en'));
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await screenshot('consent');
  await page.keyboard.press('Escape');
  expect(await panel().isVisible()).toBe(false);
  expect(await focused()).toBe('launcher');
  expect(modelRequests().filter(({ bytes }) => bytes > 1_000_000)).toEqual([]);
});

test('downloads nothing without consent, and asks again', async () => {
  await launcher().press('Enter');
  await button('Not now').press('Enter');
  await panel().locator('.problem').waitFor();
  expect(await focused()).toBe('field');
  expect(modelRequests().filter(({ bytes }) => bytes > 1_000_000)).toEqual([]);
  await screenshot('declined');
  await button('Try again').press('Enter');
  await button('Download').press('Enter');
  await panel().locator('.reading').waitFor({ state: 'detached', timeout: 120_000 });
  expect(await panel().locator('.problem').count()).toBe(0);
});

test('answers with a citation that leads to its place in the page', async () => {
  await ask('When did the last keeper leave the rock?');
  await panel().locator('.consent').waitFor({ timeout: 60_000 });
  await button('Download').click();
  await panel().locator('.load').waitFor();
  await screenshot('downloading');
  expect(await answer()).toMatch(/1987/);
  expect(await turn().locator('.problem').count()).toBe(0);
  expect(await panel().getByRole('status').textContent()).toMatch(/1987/);
  await page.evaluate(() => window.scrollTo(0, 0));
  await turn().locator('.cite').first().click();
  await expect.poll(marked).toEqual({ text: expect.stringMatching(/1987/), visible: true });
  expect(await panel().isVisible()).toBe(true);
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  await screenshot('answered');
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot('dark');
  await page.emulateMedia({ colorScheme: 'light' });
});

test('says that the page does not answer', async () => {
  await ask('How do I cook spaghetti with clams?');
  expect(await answer()).toBe('The page does not seem to answer this.');
});

test('stops, and goes on with the next question', async () => {
  await ask('Describe in detail how the lamp of the lighthouse was changed over the years.');
  await button('Stop').click();
  await turn().locator('.note', { hasText: 'Stopped.' }).waitFor({ timeout: 30_000 });
  await ask('How much does the crossing cost?');
  expect(await answer()).toMatch(/24 euros/);
});

test('keeps the conversation over a reload, and downloads nothing again', async () => {
  const before = { turns: await panel().locator('.turn').count(), requests: modelRequests().length };
  await page.reload();
  await launcher().click();
  await expect.poll(() => panel().locator('.turn').count()).toBe(before.turns);
  await turn().locator('.cite').first().click();
  await expect.poll(marked).toEqual({ text: expect.stringMatching(/\w{3}/), visible: true });
  await ask('How tall is the tower?');
  expect(await answer()).toMatch(/32\s+metres/);
  expect(
    modelRequests()
      .slice(before.requests)
      .filter(({ bytes }) => bytes > 100_000),
  ).toEqual([]);
});

test('is a sheet on a phone, which makes way for the passage', async () => {
  await page.setViewportSize({ width: 375, height: 760 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await screenshot('phone');
  await turn().locator('.cite').first().click();
  await expect.poll(() => panel().isVisible()).toBe(false);
  await expect.poll(marked).toEqual({ text: expect.stringMatching(/\w{3}/), visible: true });
  await screenshot('phone-passage');
  await launcher().click();
  await button('New conversation').click();
  expect(await panel().locator('.turn').count()).toBe(0);
  await screenshot('phone-empty');
  await page.setViewportSize({ width: 1180, height: 820 });
});

test('marks without the Custom Highlight API by an outline', async () => {
  const old = await context.newPage();
  await old.addInitScript(() => Reflect.deleteProperty(CSS, 'highlights'));
  await old.goto(`${server.url}embed.html`);
  // Quotes are enough here, and need no chat model.
  await old.locator('inpage-chat').evaluate((chat: InpageChatElement) => {
    chat.assistantOptions = { strategy: 'extractive' };
  });
  await launcher(old).click();
  await ask('When was the lighthouse built?', old);
  expect(await answer(old)).toMatch(/1868/);
  // The first sentence is the heading.
  await turn(old).locator('.cite').last().click();
  const outlined = () =>
    old.evaluate(() => document.getAnimations().map(({ effect }) => (effect as KeyframeEffect).target?.textContent ?? ''));
  expect((await outlined()).join()).toMatch(/1868/);
  await old.close();
});

test('speaks the language of the page, from right to left', async () => {
  const arabic = await context.newPage();
  const problems = watchForTrouble(arabic);
  await arabic.goto(`${server.url}ar.html`);
  const corner = await launcher(arabic).boundingBox();
  expect(corner!.x).toBeLessThan(100);
  expect(await launcher(arabic).innerText()).toBe('اسأل هذه الصفحة');
  await launcher(arabic).click();
  await arabic.locator('.reading').waitFor({ state: 'detached', timeout: 60_000 });
  expect(await panel(arabic).evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  expect((await panel(arabic).boundingBox())!.x).toBeLessThan(100);
  expect(await accessibilityProblemsInBothThemes(arabic)).toEqual([]);
  await screenshot('arabic', arabic);
  expect(problems).toEqual([]);
  await arabic.close();
});

test('says what went wrong, in the language of the page, with a way on', async () => {
  const other = await context.newPage();
  await other.goto(`${server.url}nothing.html`);
  await launcher(other).click();
  const problem = panel(other).locator('.problem');
  await problem.waitFor();
  expect(await problem.locator('p').first().innerText()).toBe('Das hat nicht geklappt.');
  await problem.locator('summary').click();
  expect(await problem.locator('details').innerText()).toMatch(/"#missing"[\s\S]*invalid-argument/);
  await other.evaluate(() => {
    const text = document.createElement('p');
    text.id = 'missing';
    text.textContent = 'Der Leuchtturm ist 32 Meter hoch.';
    document.body.append(text);
  });
  await button('Noch einmal versuchen', other).click();
  await problem.waitFor({ state: 'detached' });
  await other.locator('.reading').waitFor({ state: 'detached', timeout: 60_000 });
  expect(await problem.count()).toBe(0);

  await other.goto(`${server.url}away.html`);
  await launcher(other).click();
  await problem.waitFor();
  expect(await problem.locator('p').first().innerText()).toBe('在本页指定的位置找不到模型。');
  await other.close();
});

test('gives the whole of inpage to a page that asks for it', async () => {
  const other = await context.newPage();
  await other.goto(`${server.url}api.html`);
  expect(await other.locator('inpage-chat').count()).toBe(0);
  const seen = await other.evaluate(async () => {
    const { inpage } = window as unknown as {
      inpage: { probeDevice(): Promise<{ cores: number }>; load(): Promise<{ errorCodes: object }> };
    };
    return { cores: (await inpage.probeDevice()).cores, closed: 'closed' in (await inpage.load()).errorCodes };
  });
  expect(seen).toEqual({ cores: expect.any(Number), closed: true });
  await other.close();
});

test('had no uncaught error, and nothing against the policy', () => {
  expect(trouble).toEqual([]);
});
