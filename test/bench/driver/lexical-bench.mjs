// `npm run bench -- lexical`: words in passages, beside minisearch and @orama/orama.
import { openBrowser } from './browser.mjs';
import { openTools, tool } from './page.mjs';
import { measure, Run } from './run.mjs';
import { ensureVectors, vectorsFolder } from './vectors.mjs';

/** All systems, in the order of the table. */
export const lexicalSystems = ['inpage', 'minisearch', 'orama'];

const warmUpQueries = 50;

/**
 * @typedef {Omit<import('./run.mjs').Figures, 'bytesPerRow' | 'notes'> & {
 *   system: string, n: number, bytesPerPassage: number | null, note: string }} LexicalRow
 */

/**
 * Measures, with queries of three words.
 * @param {{ n: number, k: number, systems: string[], queries: number, rounds: number, coldRounds: number, data: string }} options
 */
export async function benchLexical(options) {
  const { n, k, queries, rounds, systems } = options;
  await ensureVectors(options.data);
  const browser = await openBrowser({ mounts: { '/texts/': vectorsFolder } });
  try {
    const data = { url: '/texts/passages.jsonl', n };
    const page = await openTools(browser);
    /** @type {string[]} */
    const words = await tool(page, 'wordQueries', data, queries + warmUpQueries);
    const runs = systems.map((system) => {
      const asked = words.slice(0, queries);
      return new Run(browser, {
        suite: 'lexical',
        system,
        data,
        queries: asked,
        firstQuery: asked.slice(0, 1),
        warmUp: words.slice(queries),
        k,
      });
    });
    await measure(runs, options);
    /** @type {LexicalRow[]} */
    const rows = [];
    for (const run of runs) {
      const { bytesPerRow, notes, ...figures } = await run.figures(page);
      rows.push({ system: run.task.system, n, bytesPerPassage: bytesPerRow, ...figures, note: notes.join('; ') });
    }
    return { n, k, queries, rounds, device: browser.device, rows };
  } finally {
    await browser.close();
  }
}
