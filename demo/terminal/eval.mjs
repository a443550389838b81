// `npm run eval`: measures strategies on data sets, in a headless Chromium, on the real models.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCollection, openEvaluation } from './eval-collection.mjs';
import { dataNames, readData } from './eval-data.mjs';
import { fail } from './headless.mjs';
import { root } from './prepare.mjs';

const usage = `npm run eval -- <suite> --data <name> [options]
  retrieval   how well passages are found: recall, nDCG, MRR, MAP
    --data      ${dataNames.join(', ')}
    --strategy  comma-separated names, or all (default naive); also plain searches: dense, lexical, rrf, convex:<weight>
    --n         questions, drawn by the seed (default all)
    --seed      default 1
    --k         passages asked for, at most 50 (default 10, and 50 where a document has several)
    --chunker   whole or default (default by data set)
    --folder    of the data sets, default ../shared/data
    --json      prints one JSON object at the end`;

const options = /** @type {const} */ ({
  data: { type: 'string' },
  strategy: { type: 'string', default: 'naive' },
  n: { type: 'string' },
  seed: { type: 'string', default: '1' },
  k: { type: 'string' },
  chunker: { type: 'string' },
  folder: { type: 'string', default: '../shared/data' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
});

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  const [suite = ''] = positionals;
  const { data: name } = values;
  if (suite !== 'retrieval' || !name) throw new Error(usage);
  const data = await readData(name, resolve(root, values.folder));
  const chunker = values.chunker ?? data.chunker;
  const { page, close } = await openEvaluation();
  try {
    const file = await ensureCollection(page, chunker === data.chunker ? name : `${name}-${chunker}`, { ...data, chunker });
    const settings = {
      file,
      cases: data.cases,
      n: values.n === undefined ? undefined : Number(values.n),
      seed: Number(values.seed),
      strategies: values.strategy.split(','),
      k: values.k === undefined ? (chunker === 'whole' ? 10 : 50) : Number(values.k),
    };
    const rows = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.eval.retrieval(input), settings);
    print(rows, data.metrics);
    if (values.json) console.log(JSON.stringify({ suite, dataset: name, rows }));
  } finally {
    await close();
  }
}

/** @param {import('../../src/eval/summarize.ts').Row[]} rows @param {string[]} shown names of measures */
function print(rows, shown) {
  /** @param {number} value */
  const digits = (value) => value.toFixed(3);
  console.table(
    Object.fromEntries(
      rows.map(({ strategy, n, metrics, msPerQuery, tokens }) => [
        strategy,
        {
          n,
          ...Object.fromEntries(
            shown.map((name) => {
              const estimate = metrics[name];
              return [name, estimate ? `${digits(estimate.mean)} [${digits(estimate.low)} ${digits(estimate.high)}]` : ''];
            }),
          ),
          'ms/query': Number(msPerQuery.toFixed(1)),
          tokens: Math.round(tokens),
        },
      ]),
    ),
  );
}

main().catch(fail);
