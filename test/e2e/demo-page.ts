// The demo as a test sees it: opened in a real Chromium, driven by what a reader sees.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';

/** Where screenshots go. */
export const outputFolder = join(import.meta.dirname, '../.output');

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(), args: chromiumArguments });
}

/** Messages that must not appear: uncaught errors and refusals by the content security policy. */
export function watchForTrouble(page: Page): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) trouble.push(message.text());
  });
  return trouble;
}

/** Serious and critical findings of axe, as one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Findings in both themes; the page is left in the light one. */
export async function accessibilityProblemsInBothThemes(page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Colours that are still in transition would be measured half-way.
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${colorScheme}: ${problem}`));
  }
  return problems;
}

/** Durations of tasks that blocked the page's thread for 50 ms or more, as the browser saw them. */
async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const durations: number[] = [];
    Object.assign(window, { longTasks: durations });
    new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
}

export class DemoPage {
  readonly page: Page;
  readonly trouble: string[];

  constructor(page: Page) {
    this.page = page;
    this.trouble = watchForTrouble(page);
  }

  async open(url: string): Promise<void> {
    await watchLongTasks(this.page);
    await this.page.goto(url);
    await this.page.locator('#log').locator('.empty, .turn').first().waitFor();
  }

  screenshot(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: join(outputFolder, `demo-${name}.png`) });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  get consent(): Locator {
    return this.page.locator('dialog.consent');
  }

  get documents(): Locator {
    return this.page.locator('.document-title');
  }

  /** The last turn of the conversation. */
  get turn(): Locator {
    return this.page.locator('.turn').last();
  }

  async ask(question: string): Promise<void> {
    await this.page.getByLabel('Your question').fill(question);
    await this.page.getByLabel('Your question').press('Enter');
  }

  /** Waits until the last answer is complete, and gives its text without the numbers of its sources. */
  async answer(timeout = 180_000): Promise<string> {
    await this.turn.locator('.timings, .answer-note, .problem').first().waitFor({ timeout });
    return this.turn.locator('.answer-body').evaluate((body) => {
      const copy = body.cloneNode(true) as HTMLElement;
      for (const added of copy.querySelectorAll('sup, .visually-hidden')) added.remove();
      return copy.textContent ?? '';
    });
  }

  /** The sources of the last answer, in order: title, place and score. */
  sources(): Promise<string[]> {
    return this.turn.locator('.source').allInnerTexts();
  }

  /** Long tasks since the last call. */
  longTasks(): Promise<number[]> {
    return this.page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
  }

  /** How far the page is wider than the window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }
}
