// `npm run bench -- index`: inpage and its peers side by side, in one browser, on its IndexedDB.
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openBrowser } from './browser.mjs';
import { exactAnswers } from './exact.mjs';
import { openTools, tool } from './page.mjs';
import { measure, Run } from './run.mjs';
import { dimension, ensureVectors, vectorsFile } from './vectors.mjs';

/** The yardstick comes first; the others are compared with it. */
export const yardstick = 'float32-scan';

/** All systems, in the order of the table. */
export const systems = [yardstick, 'inpage', 'hnswlib-wasm', 'edgevec', 'pglite', 'client-vector-search', 'entity-db', 'orama'];

/** Those measured only where they are named. */
export const others = ['inpage-small'];

/** Rows of the file that are used as they are; what is beyond is mixed from them. */
const baseRows = 50_000;
/** More rows take the peers hours to build, or do not fit at all. */
const mostRowsOfPeers = 50_000;
/** Systems that take any number of rows. */
const scaling = [yardstick, 'inpage', ...others];

/** Queries before the measured ones, and others than those. */
const warmUpQueries = 50;
/** Rows kept for queries where a file comes without queries of its own. */
const heldOut = 1_050;

/**
 * @typedef {object} IndexOptions
 * @property {number} n rows
 * @property {number} k
 * @property {string[]} systems
 * @property {number} queries asked of each system, fewer where it is slow
 * @property {number} rounds of queries; within one, the systems take turns
 * @property {number} coldRounds openings of each system
 * @property {string} data folder of the shared data, for making vectors
 * @property {string} [vectors] another file of float32 rows, 384 wide, of length 1
 */

/**
 * @typedef {Omit<import('./run.mjs').Figures, 'bytesPerRow' | 'notes'> & {
 *   system: string, n: number, dimension: number, bytesPerVector: number | null, recallAt10: number | null, note: string,
 *   ratio: number | null, ratioRange: [number, number] | null }} Row
 *   `recallAt10`: share of the `k` nearest that was found, `k` being 10 unless asked for otherwise.
 *   `ratio`: p50 in units of the yardstick's, median over the rounds, with its 95 % bootstrap interval
 */

/**
 * Measures. What is stored lies in a temporary profile and is gone afterwards.
 * @param {IndexOptions} options
 */
export async function benchIndex(options) {
  const { n, k, queries, rounds } = options;
  const files = await filesOf(options);
  const browser = await openBrowser({ mounts: { '/base/': dirname(files.base), '/queries/': dirname(files.queries) } });
  try {
    const query = { url: `/queries/${basename(files.queries)}`, dimension, first: files.firstQuery };
    const runs = options.systems.map((system) => {
      const rows = scaling.includes(system) ? n : Math.min(n, mostRowsOfPeers);
      return new Run(browser, {
        suite: 'dense',
        system,
        data: { url: `/base/${basename(files.base)}`, dimension, base: Math.min(baseRows, files.rows), n: rows },
        queries: { ...query, count: queries },
        firstQuery: { ...query, count: 1 },
        warmUp: { ...query, first: query.first + queries, count: warmUpQueries },
        k,
      });
    });
    const page = await openTools(browser);
    /** @type {Map<number, number[][]>} by number of rows; made first, so that a run that is cut off need not make them again */
    const exact = new Map();
    for (const { task } of runs) {
      const { data, queries: asked } = task;
      if (!exact.has(data.n)) exact.set(data.n, await exactAnswers(page, files, data, asked, k));
    }
    await page.close();
    await measure(runs, options);
    return { n, k, queries, rounds, device: browser.device, rows: await rowsOf(browser, runs, exact) };
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('./browser.mjs').Browser} browser @param {Run[]} runs @param {Map<number, number[][]>} exact by number of rows
 * @returns {Promise<Row[]>}
 */
async function rowsOf(browser, runs, exact) {
  const page = await openTools(browser);
  const scan = runs.find(({ task }) => task.system === yardstick);
  /** @type {Row[]} */
  const rows = [];
  for (const run of runs) {
    const { system, data } = run.task;
    const { n, base } = /** @type {{ n: number, base: number }} */ (/** @type {unknown} */ (data));
    const { bytesPerRow, notes, ...figures } = await run.figures(page);
    const asked = run.rounds.length > 0;
    const comparable = asked && scan && scan.rounds.length > 0 && scan.task.data.n === n;
    if (n > base) notes.push(`${base} real vectors, the others seeded mixes of two of them`);
    rows.push({
      system,
      n,
      dimension,
      bytesPerVector: bytesPerRow,
      ...figures,
      recallAt10: asked ? await recallOf(page, run, exact.get(n) ?? []) : null,
      ...(comparable ? await tool(page, 'ratioOfMedians', run.rounds, scan.rounds) : { ratio: null, ratioRange: null }),
      note: notes.join('; '),
    });
  }
  return rows;
}

/** @param {import('./page.mjs').Page} page @param {Run} run @param {number[][]} exact of all queries @returns {Promise<number>} */
function recallOf(page, { answers, task }, exact) {
  const right = [...answers.keys()].map((query) => exact[query]);
  return tool(page, 'recall', [...answers.values()], right, task.k);
}

/** Where vectors and queries lie. @param {IndexOptions} options @throws Error where there are too few */
async function filesOf({ data, vectors, queries }) {
  if (!vectors) await ensureVectors(data);
  const base = vectors ?? vectorsFile('passages', 'f32');
  const asked = vectors ?? vectorsFile('queries', 'f32');
  const count = async (/** @type {string} */ path) => Math.floor((await stat(path)).size / (dimension * 4));
  const rows = (await count(base)) - (vectors ? heldOut : 0);
  if (rows < 1_000) throw new Error(`"${base}" holds too few vectors of ${dimension} float32 numbers.`);
  const most = (vectors ? heldOut : await count(asked)) - warmUpQueries;
  if (queries > most) throw new Error(`--queries is at most ${most} with these vectors.`);
  return { base, queries: asked, rows, firstQuery: vectors ? rows : 0 };
}
