// Opens pages of the bench and calls what they offer.

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {import('./browser.mjs').Browser} browser
 * @param {string} host name of the origin
 * @param {{ suite?: string, open?: object }} [options] `open`: the page opens a system by itself at once
 * @returns {Promise<Page>}
 */
export async function openPage(browser, host, { suite = 'dense', open } = {}) {
  const page = await browser.context.newPage();
  const query = new URLSearchParams({ suite, ...(open && { open: JSON.stringify(open) }) });
  await page.goto(browser.address(host, `?${query}`));
  await page.waitForFunction('window.inpageBench');
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
