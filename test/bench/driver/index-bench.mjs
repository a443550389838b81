// `npm run bench -- index`: inpage and its peers side by side, in one browser, on its IndexedDB.
import { stat } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { basename, dirname } from 'node:path';
import { openBrowser } from './browser.mjs';
import { buildPage } from './build-page.mjs';
import { exactAnswers } from './exact.mjs';
import { call, openPage } from './page.mjs';
import { Run } from './run.mjs';
import { dimension, ensureVectors } from './vectors.mjs';

/** The yardstick comes first; the others are compared with it. */
export const yardstick = 'float32-scan';

/** All systems, in the order of the table. */
export const systems = [yardstick, 'inpage', 'hnswlib-wasm', 'edgevec', 'pglite', 'client-vector-search', 'entity-db', 'orama'];

/** Rows of the file that are used as they are; what is beyond is mixed from them. */
const baseRows = 50_000;
/** More rows take the peers hours to build, or do not fit at all. */
const mostRowsOfPeers = 50_000;
/** Systems that take any number of rows. */
const scaling = [yardstick, 'inpage'];

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
 * @typedef {object} Row of the result; null: could not be measured, the note says why
 * @property {string} system
 * @property {number} n
 * @property {number} dimension
 * @property {number | null} buildPerSecond vectors a second, durable persistence included
 * @property {number | null} bytesPerVector growth of the profile's storage folders, after the page was closed
 * @property {number | null} coldOpenMs median, from the start of a navigation to the first answer
 * @property {number | null} p50Ms
 * @property {number | null} p95Ms
 * @property {number | null} recallAt10 share of the `k` nearest that was found (`k` is 10 unless asked for otherwise)
 * @property {number | null} memoryBytes `performance.measureUserAgentSpecificMemory()` after the warm-up
 * @property {number | null} residentBytes growth of the renderer processes' resident memory (PSS), at the same moment
 * @property {number | null} ratio p50 in units of the yardstick's, median over the rounds
 * @property {[number, number] | null} ratioRange its 95 % bootstrap interval
 * @property {string} note
 */

/**
 * Measures. What is stored lies in a temporary profile and is gone afterwards.
 * @param {IndexOptions} options
 */
export async function benchIndex(options) {
  const files = await filesOf(options);
  await buildPage();
  const browser = await openBrowser({ mounts: { '/base/': dirname(files.base), '/queries/': dirname(files.queries) } });
  try {
    const runs = options.systems.map((system) => {
      const n = scaling.includes(system) ? options.n : Math.min(options.n, mostRowsOfPeers);
      const dataset = { url: `/base/${basename(files.base)}`, dimension, base: Math.min(baseRows, files.rows), n };
      const queries = { url: `/queries/${basename(files.queries)}`, dimension };
      return new Run(
        browser,
        system,
        dataset,
        { ...queries, first: files.firstQuery, count: options.queries },
        { ...queries, first: files.firstQuery + options.queries, count: warmUpQueries },
        options.k,
      );
    });
    const browserVersion = browser.context.browser()?.version();
    await measure(runs, options);
    const { n, k, queries, rounds } = options;
    const device = { cores: availableParallelism(), cpu: cpus()[0]?.model, chromium: browserVersion };
    return { n, k, queries, rounds, device, rows: await summarize(browser, runs, files) };
  } finally {
    await browser.close();
  }
}

/** @param {Run[]} runs @param {IndexOptions} options */
async function measure(runs, { queries, rounds, coldRounds }) {
  for (const run of runs) await run.build();
  for (let round = 1; round <= coldRounds; round++) {
    for (const run of runs) await run.openCold({ last: round === coldRounds });
    console.error(`opened: round ${round} of ${coldRounds}`);
  }
  for (const run of runs) await run.prepare();
  const size = Math.floor(queries / rounds);
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) await run.ask(round * size, size);
    console.error(`asked: round ${round + 1} of ${rounds}`);
  }
  for (const run of runs) await run.close();
}

/**
 * @param {import('./browser.mjs').Browser} browser @param {Run[]} runs @param {Awaited<ReturnType<typeof filesOf>>} files
 * @returns {Promise<Row[]>}
 */
async function summarize(browser, runs, files) {
  const page = await openPage(browser, 'exact');
  const scan = runs.find(({ system }) => system === yardstick);
  /** @type {Row[]} */
  const rows = [];
  for (const run of runs) {
    const { system, rounds, dataset } = run;
    const asked = rounds.length > 0;
    const exact = asked ? await exactAnswers(browser, files, dataset, run.queries, run.k) : [];
    const { note, ...figures } = run.figures(exact);
    const comparable = asked && scan && scan.rounds.length > 0 && scan.dataset.n === dataset.n;
    rows.push({
      system,
      n: dataset.n,
      dimension,
      ...{ p50Ms: null, p95Ms: null, ratio: null, ratioRange: null },
      ...figures,
      ...(asked && (await call(page, 'percentiles', rounds))),
      ...(comparable && (await call(page, 'ratioOfMedians', rounds, scan.rounds))),
      note: dataset.n > dataset.base ? `${note}; ${dataset.base} real vectors, the others seeded mixes of two of them` : note,
    });
  }
  return rows;
}

/** Where vectors and queries lie. @param {IndexOptions} options @throws Error where there are too few */
async function filesOf({ data, vectors, queries }) {
  const { passages: base, queries: asked } = vectors ? { passages: vectors, queries: vectors } : await ensureVectors(data);
  const count = async (/** @type {string} */ path) => Math.floor((await stat(path)).size / (dimension * 4));
  const rows = (await count(base)) - (vectors ? heldOut : 0);
  if (rows < 1_000) throw new Error(`"${base}" holds too few vectors of ${dimension} float32 numbers.`);
  const most = (vectors ? heldOut : await count(asked)) - warmUpQueries;
  if (queries > most) throw new Error(`--queries is at most ${most} with these vectors.`);
  return { base, queries: asked, rows, firstQuery: vectors ? rows : 0 };
}
