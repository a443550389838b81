// Opens pages of the bench and calls what they offer.
import { systemPage } from './system-pages.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * Opens the page of a system, under a host name of its own.
 * @param {import('./browser.mjs').Browser} browser
 * @param {import('./system-pages.mjs').Suite} suite
 * @param {string} system
 * @param {object} [open] the page opens the system by itself at once
 * @returns {Promise<Page>}
 */
export function openSystem(browser, suite, system, open) {
  const query = open ? `?${new URLSearchParams({ open: JSON.stringify(open) })}` : '';
  return openWith(browser, system, systemPage(suite, system) + query, 'window.inpageBench');
}

/** Opens the page of the tools. @param {import('./browser.mjs').Browser} browser @returns {Promise<Page>} */
export function openTools(browser) {
  return openWith(browser, 'tools', 'index.html', 'window.inpageTools');
}

/** @param {import('./browser.mjs').Browser} browser @param {string} host @param {string} path @param {string} ready true when it is */
async function openWith(browser, host, path, ready) {
  const page = await browser.context.newPage();
  await page.goto(browser.address(host, path));
  await page.waitForFunction(ready);
  return page;
}

/** Calls a measurement of the page's system. @param {Page} page @param {string} name @param {unknown[]} args @returns {Promise<any>} */
export function call(page, name, ...args) {
  return page.evaluate(
    ([member, values]) => /** @type {any} */ (window).inpageBench[member](...values),
    /** @type {const} */ ([name, args]),
  );
}

/** What came of the opening that the page began by itself. @param {Page} page @returns {Promise<any>} */
export function opened(page) {
  return page.evaluate(() => /** @type {any} */ (window).inpageOpened);
}

/** Calls a tool. @param {Page} page @param {string} name @param {unknown[]} args @returns {Promise<any>} */
export function tool(page, name, ...args) {
  return page.evaluate(
    async ([member, values]) => (await /** @type {any} */ (window).inpageTools())[member](...values),
    /** @type {const} */ ([name, args]),
  );
}
