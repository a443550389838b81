// The page that measures strategies, on the real embedding model: questions made from the sample, bars, a table, cancel, JSON.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../demo/terminal/serve.mjs';
import { accessibilityProblemsInBothThemes, launch, outputFolder, watchForTrouble } from './demo-page.ts';

let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;
let page: Page;
let trouble: string[];

const button = (name: string) => page.getByRole('button', { name, exact: true });

beforeAll(async () => {
  mkdirSync(outputFolder, { recursive: true });
  server = await serve(join(import.meta.dirname, '../../dist/demo'));
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1000, height: 1300 }, colorScheme: 'light' });
  trouble = watchForTrouble(page);
  await page.goto(`${server.url}eval.html`);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('there is nothing to measure before there are documents', async () => {
  await button('Load the sample handbook').waitFor();
  expect(await button('Measure').isDisabled()).toBe(true);
  await button('Load the sample handbook').click();
  await page.locator('dialog.consent').getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByText(/^9 documents of the demo, \d+ passages\.$/).waitFor({ timeout: 120_000 });
});

test('a run can be cancelled', async () => {
  await page.getByLabel('Made from the documents').fill('200');
  await button('Measure').click();
  await page.getByText(/^naive: question \d+ of \d+$/).waitFor({ timeout: 60_000 });
  await button('Cancel').click();
  await button('Cancel').waitFor({ state: 'hidden' });
  expect(await page.locator('#results').isVisible()).toBe(false);
  expect(await page.locator('#problem').isVisible()).toBe(false);
});

test('strategies are compared over questions made from the documents', async () => {
  await page.getByLabel('Made from the documents').fill('12');
  await page.getByLabel('hierarchical').check();
  await button('Measure').click();
  await page.getByRole('heading', { name: 'Results' }).waitFor({ timeout: 120_000 });
  await page.locator('#measure').selectOption('recall@5');
  expect(await page.locator('#chart svg').getAttribute('aria-label')).toMatch(
    /^recall@5: naive [01]\.\d{3}, hierarchical [01]\.\d{3}$/,
  );
  expect(await page.locator('.chart-bar').count()).toBe(2);
  const cells = await page.locator('tbody tr').first().locator('td').allInnerTexts();
  expect(cells[0]).toMatch(/^[01]\.\d{3} \[[01]\.\d{3}, [01]\.\d{3}\]$/);
  expect(await page.locator('thead').innerText()).toContain('Against naive');
});

test('looks right and is accessible in both themes', async () => {
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(outputFolder, `demo-eval-${colorScheme}.png`), fullPage: true });
  }
  expect(trouble).toEqual([]);
});

test('what was measured can be saved, and its test set be asked again', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), button('Save as JSON').click()]);
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(saved).toMatchObject({ suite: 'retrieval', rows: [{ strategy: 'naive', n: 12 }, { strategy: 'hierarchical' }] });
  const choose = (value: unknown) =>
    page
      .locator('#file')
      .setInputFiles({ name: 'set.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) });
  await choose({ cases: [{ id: '1', question: 'no gold' }] });
  await page.getByText('The file is no test set').waitFor();
  await choose({ ...saved.testSet, cases: saved.testSet.cases.slice(0, 3) });
  await page.getByText('set.json: 3 questions.').waitFor();
  await button('Measure').click();
  await page.locator('tbody tr').first().locator('td', { hasText: /^3$/ }).waitFor({ timeout: 60_000 });
});
