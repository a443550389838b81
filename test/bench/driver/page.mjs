// Opens pages of the bench and calls what they offer.

/**
 * @param {import('./browser.mjs').Browser} browser
 * @param {string} host name of the origin
 * @param {object} [open] makes the page open a system by itself at once
 */
export async function openPage(browser, host, open) {
  const page = await browser.context.newPage();
  await page.goto(browser.address(host, open ? `?open=${encodeURIComponent(JSON.stringify(open))}` : ''));
  await page.waitForFunction('window.inpageBench');
  return page;
}

/**
 * Calls a function of `window.inpageBench`, or waits for a value there.
 * @param {import('playwright-core').Page} page @param {string} name @param {unknown[]} args
 * @returns {Promise<any>}
 */
export function call(page, name, ...args) {
  return page.evaluate(
    ([member, values]) => {
      const target = /** @type {any} */ (window).inpageBench[member];
      return typeof target === 'function' ? target(...values) : target;
    },
    /** @type {const} */ ([name, args]),
  );
}
