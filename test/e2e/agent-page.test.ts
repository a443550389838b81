// The page with an agent, as a reader uses it: a plan, approvals, the form filled, refusing, stopping, the tools by hand.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
  page = await browser.newPage({ viewport: { width: 1100, height: 1100 }, colorScheme: 'light' });
  trouble = watchForTrouble(page);
});

beforeEach(async () => {
  await page.goto(`${server.url}agent.html`);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('books a room, each change approved', async () => {
  await button('Start').click();
  await page.getByText('May the agent type "Ada Lovelace"').waitFor();
  await button('Allow').click();
  await page.getByText('May the agent type "2026-03-09"').waitFor();
  expect(await page.locator('[name=name]').inputValue()).toBe('Ada Lovelace');
  await button('Allow the rest').click();
  await page.getByText('Booked: Double room for Ada Lovelace, 2 guests, from 2026-03-09, late arrival.').waitFor();
  await page.locator('#result').getByText('Done').waitFor();
  expect(await page.locator('#steps li').first().innerText()).toMatch(/^Goals: type "Ada Lovelace"/);
  await page.screenshot({ path: join(outputFolder, 'agent.png') });
  expect(await accessibilityProblemsInBothThemes(page)).toEqual([]);
});

test('a no ends the run, and so does stop', async () => {
  await button('Note a task').click();
  await button('Start').click();
  await button('Refuse').click();
  await page.getByText('It stopped: you said no.').waitFor();
  expect(await page.locator('[name=task]').inputValue()).toBe('');
  await button('Start').click();
  await button('Allow').waitFor();
  await button('Stop').click();
  await page.getByText('Stopped.').waitFor();
  expect(await page.locator('#approval').isVisible()).toBe(false);
});

test('a task is noted and checked without questions', async () => {
  await button('Note a task').click();
  await page.getByLabel('Ask before each change').uncheck();
  await button('Start').click();
  await page.locator('#result').getByText('Done').waitFor();
  expect(await page.getByLabel('Buy lantern oil').isChecked()).toBe(true);
});

test('a request in one sentence is read as what the form asks for, with the embedding model', async () => {
  await button('In one sentence').click();
  await page.getByLabel('Ask before each change').uncheck();
  await button('Start').click();
  await page.locator('dialog.consent').getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByText('Booked: Lamp room for Grace Hopper, 3 guests, from 2026-03-09, breakfast.').waitFor({ timeout: 120_000 });
});

test('the tools can be tried by hand', async () => {
  await page.getByText('Try the tools yourself').click();
  await button('Call').click();
  const output = () => page.getByLabel('What it gave').inputValue();
  await expect.poll(output).toContain('textbox "Name" = "" (required)');
  await page.getByLabel('Tool').selectOption('click');
  await page.getByLabel('Input as JSON').fill('{"element": 999}');
  await button('Call').click();
  await expect.poll(output).toContain('Read the page again');
  expect(trouble).toEqual([]);
});
