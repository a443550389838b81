// `npm run eval -- miniwob`: small web tasks of MiniWoB++ (MIT), played by scripts or by the agent through the DOM tools.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openHeadless } from './headless.mjs';
import { root } from './prepare.mjs';

/** @typedef {import('../headless/miniwob/suite.ts').MiniwobRow} MiniwobRow */

/** The Python package that holds the pages. */
const source = { name: 'miniwob', version: '1.1.0' };

/** Kept between runs, and never part of the repository. */
const folder = join(root, 'test/.output/miniwob');

/**
 * The pages of the tasks, fetched from the Python package index where they are missing.
 * @returns {Promise<string>} the folder with `core`, `common` and `miniwob` in it
 * @throws Error if they cannot be fetched
 */
export async function ensurePages() {
  const place = join(folder, source.version);
  const pages = join(place, 'miniwob/html');
  if (existsSync(pages)) return pages;
  const incoming = `${place}.incoming`;
  await rm(incoming, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  console.error(`Fetching the pages of MiniWoB++ (${source.name} ${source.version}) …`);
  const arguments_ = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--retries',
    '1',
    '--timeout',
    '20',
    '--no-deps',
    '--target',
    incoming,
    `${source.name}==${source.version}`,
  ];
  await promisify(execFile)('python3', arguments_, { timeout: 120_000 }).catch((error) => {
    throw new Error(`The pages of MiniWoB++ cannot be fetched with pip: ${error.stderr?.trim() || error.message}`);
  });
  await rename(incoming, place);
  return pages;
}

/**
 * Plays, prints a table and, where asked for, one JSON object.
 * @param {{ data: string, oracle: boolean, tasks?: string[], seeds: number, details: boolean, json: boolean }} options `data`: folder
 *   with the list of tasks
 */
export async function evalMiniwob({ data, oracle, tasks, seeds, details, json }) {
  const played = tasks ?? (await listed(data));
  const pages = await ensurePages();
  const unknown = played.find((task) => !existsSync(join(pages, `miniwob/${task}.html`)));
  if (unknown) throw new Error(`There is no task "${unknown}" in MiniWoB++.`);
  const { page, close } = await openHeadless({ mounts: { '/miniwob/': pages }, onEvent: showProgress });
  try {
    const run = { tasks: played, seeds, policy: oracle ? 'oracle' : 'agent' };
    const started = performance.now();
    /** @type {{ rows: MiniwobRow[], episodes: unknown[] }} */
    const { rows, episodes } = await page.evaluate(
      (input) =>
        /** @type {any} */ (window).inpageHeadless.eval.miniwob(input, new URL('miniwob/miniwob/', document.baseURI).href),
      run,
    );
    print(rows);
    console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (json) console.log(JSON.stringify({ suite: 'miniwob', policy: run.policy, rows, ...(details && { episodes }) }));
  } finally {
    await close();
  }
}

/** Names of the tasks, one a line. @param {string} data */
async function listed(data) {
  const file = join(data, 'dev-tasks.txt');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There is no list of tasks ${file}. Say some with --tasks.`);
  });
  return text.split(/\s+/).filter(Boolean);
}

/** @param {MiniwobRow[]} rows the last one is that of all tasks */
function print(rows) {
  const told = rows.map(({ set, n, metrics, msPerCase }) => [
    set,
    {
      n,
      success: metrics.success.mean.toFixed(2),
      reward: metrics.reward.mean.toFixed(2),
      steps: metrics.steps.mean.toFixed(1),
      tokens: Math.round(metrics.tokens.mean),
      'ms/episode': Math.round(msPerCase),
    },
  ]);
  console.table(Object.fromEntries(told));
  const tasks = rows.slice(0, -1);
  const solved = (/** @type {number} */ share) => tasks.filter(({ metrics }) => metrics.success.mean >= share).length;
  console.log(`${solved(0.6)} of ${tasks.length} tasks solved from most seeds, ${solved(1)} from all`);
}

/** @param {{ type: string, what?: string, done?: number, total?: number }} event */
function showProgress({ type, what, done, total }) {
  if (type === 'progress' && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${done}/${total} ${what}`);
}
