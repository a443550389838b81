// `npm run eval -- table`: every strategy on every data set, as a table in the documentation. What has been measured is kept in the
// ignored output folder, so that a run that was cut off goes on and a new strategy is measured alone.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCollection, evalFolder, openEvaluation } from './eval-collection.mjs';
import { readData } from './eval-data.mjs';
import { verdict } from './eval-table.mjs';
import { root } from './prepare.mjs';

/** @typedef {import('../headless/eval-suites.ts').EvalRow} EvalRow */

/** The columns: a data set, the measure that stands for it, and questions where not all are asked. */
const columns = [
  { data: 'scifact', metric: 'ndcg@10', k: 10 },
  { data: 'anthropic-docs-rag', metric: 'recall@3', k: 50 },
  { data: 'nq-open-oracle', metric: 'recall@1', k: 10, n: 500 },
  { data: 'musique', metric: 'recall@5', k: 10 },
];

/** Questions of strategies that ask the chat model to find passages: it takes seconds a question on a CPU. */
const asksModel = { hyde: 20, 'look-ahead': 20 };

const kept = join(evalFolder, 'table.json');
const readme = join(root, 'src/rag/README.md');
const marks = /(<!-- evaluation: [^\n]*-->\n)[\s\S]*?(<!-- \/evaluation -->)/;

/** @param {{ folder: string, fresh: boolean }} options folder of the data sets */
export async function writeTable({ folder, fresh }) {
  if (fresh) await rm(kept, { force: true });
  /** @type {Record<string, Record<string, EvalRow>>} rows by data set and strategy */
  const rows = JSON.parse(await readFile(kept, 'utf8').catch(() => '{}'));
  const { page, close } = await openEvaluation();
  /** @type {string[]} */
  let names = [];
  try {
    names = await page.evaluate(() => /** @type {any} */ (window).inpageHeadless.eval.names(['all', 'dense', 'lexical']));
    for (const { data, n, k } of columns) {
      rows[data] ??= {};
      const missing = names.filter((name) => !rows[data]?.[name]);
      if (missing.length === 0) continue;
      const collection = await ensureCollection(page, data, await readData(data, folder));
      for (const strategy of missing) {
        const naive = rows[data].naive;
        const baseline = naive && { strategy: 'naive', results: naive.results };
        const asked = /** @type {Record<string, number>} */ (asksModel)[strategy] ?? n;
        const settings = { suite: 'retrieval', ...collection, n: asked, k, seed: 1, strategies: [strategy], baseline };
        const [row] = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.eval.suite(input), settings);
        rows[data][strategy] = row;
        await writeFile(kept, JSON.stringify(rows));
        console.error(`${data}: ${strategy}`);
      }
    }
  } finally {
    await close();
  }
  const text = await readFile(readme, 'utf8');
  if (!marks.test(text))
    throw new Error(`${readme} has no place for the table, marked with <!-- evaluation: … --> and <!-- /evaluation -->.`);
  await writeFile(
    readme,
    text.replace(marks, (_, from, to) => `${from}${tableOf(names, rows)}${to}`),
  );
}

/** @param {string[]} names @param {Record<string, Record<string, EvalRow>>} rows */
function tableOf(names, rows) {
  const heads = columns.map(({ data, metric, n }) => {
    const { n: asked } = Object.values(rows[data] ?? {})[0] ?? { n };
    return `${data}, ${metric} (${asked})`;
  });
  const lines = names.map((name) => {
    const verdicts = columns.map(({ data, metric }) => {
      const row = rows[data]?.[name];
      return { data, verdict: row ? verdict(row, metric).trim() : '' };
    });
    const cells = columns.map(({ data, metric }, i) => {
      const row = rows[data]?.[name];
      const estimate = row?.metrics[metric];
      if (!row || !estimate) return '';
      const { mean, low, high } = estimate;
      const tokens = row.tokens > 0 ? `, ${Math.round(row.tokens)} tokens, ${row.n} questions` : '';
      return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]${verdicts[i]?.verdict ? ` ${verdicts[i].verdict}` : ''}<br>${row.msPerQuery.toFixed(0)} ms${tokens}`;
    });
    return `| ${name} | ${cells.join(' | ')} | ${pays(name, verdicts)} |`;
  });
  return [
    `| strategy | ${heads.join(' | ')} | against naive |`,
    `| --- |${' --- |'.repeat(heads.length + 1)}`,
    ...lines,
    '',
  ].join('\n');
}

/** @param {string} name @param {{ data: string, verdict: string }[]} verdicts */
function pays(name, verdicts) {
  if (name === 'naive' || verdicts.every(({ verdict }) => verdict === '')) return '';
  const of = (/** @type {string} */ sign) => verdicts.filter(({ verdict }) => verdict === sign).map(({ data }) => data);
  const [better, worse] = [of('+'), of('−')];
  const costs = worse.length > 0 ? `; costs on ${worse.join(', ')}` : '';
  return better.length > 0 ? `pays on ${better.join(', ')}${costs}` : `does not pay here${costs}`;
}
