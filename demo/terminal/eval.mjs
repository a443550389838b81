// `npm run eval`: measures strategies on data sets or on one's own documents, in a headless Chromium, on the real models.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCollection, openEvaluation } from './eval-collection.mjs';
import { dataNames, readData } from './eval-data.mjs';
import { evalInjection } from './eval-injection.mjs';
import { evalMiniwob } from './eval-miniwob.mjs';
import { writeTable } from './eval-results.mjs';
import { printRows } from './eval-table.mjs';
import { evalTools } from './eval-tools.mjs';
import { addressOf, findDocuments } from './find-documents.mjs';
import { fail } from './headless.mjs';
import { root } from './prepare.mjs';

const usage = `npm run eval -- <suite> --data <name or folder> [options]
  retrieval   how well passages are found: recall, nDCG, MRR, MAP
  answers     right answers: contained, F1, exact match; sentences cited, abstentions
  citations   quotes that are word for word where they say that they are, and those that are not
  abilities   noise, rejection, integration, counterfactuals: cases made from the documents
  abstain     confidence with the answer in the documents and without it
  tools       function calling: the right tool, all arguments, abstaining; --data is the folder of the Berkeley Function-Calling
              Leaderboard's files, --strategy names some of its sets; with --fit what planning has learned is fitted anew
              and validated on cases that were kept back
  miniwob     small web tasks of MiniWoB++, from the list in --data (default ../shared/data/miniwob): --seeds (default 5) episodes of
              each, by the agent, or with --oracle by a script a task; --tasks names some
  injection   text that an agent reads and that wants something else than the user: what was done, widened, leaked;
              --strategy obeying takes a model that obeys every such text, real the chat model (default both)
  table       retrieval of all strategies on all data sets, written into the documentation; goes on where it was cut off
    --data      ${dataNames.join(', ')}, or a file or folder of your own,
                whose questions are made from its documents
    --strategy  comma-separated names, or all (default naive); each is compared with the first.
                Also plain searches: dense, lexical, rrf, convex:<weight of dense>
    --n         questions, drawn by the seed (default all, 100 for documents of your own)
    --seed      default 1
    --reranker  late-interaction: passages are scored anew by the tokens of the embedding model
    --k         passages asked for, at most 50 (default by strategy; for retrieval 10, and 50 where a document has several)
    --chunker   whole or default (default by data set)
    --folder    of the data sets, default ../shared/data
    --judge     for answers: embedding or llm judges passages and answers too
    --details   with what each question gave, in the JSON
    --fresh     for table: measures again what was measured before
    --json      prints one JSON object at the end`;

const options = /** @type {const} */ ({
  data: { type: 'string' },
  strategy: { type: 'string', default: 'naive' },
  n: { type: 'string' },
  seed: { type: 'string', default: '1' },
  k: { type: 'string' },
  chunker: { type: 'string' },
  folder: { type: 'string', default: '../shared/data' },
  judge: { type: 'string' },
  reranker: { type: 'string' },
  oracle: { type: 'boolean', default: false },
  seeds: { type: 'string', default: '5' },
  tasks: { type: 'string' },
  details: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  fit: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
});

/** @typedef {ReturnType<typeof parseArgs<{ options: typeof options }>>['values']} Values */
/** @typedef {import('playwright-core').Page} Page */

/** What is shown of each suite; retrieval shows what its data set is known by. @type {Record<string, string[]>} */
const suites = {
  retrieval: [],
  answers: ['contained', 'f1', 'em', 'cited', 'abstained'],
  citations: ['cited', 'abstained'],
  abilities: ['noise', 'rejection', 'integration', 'counterfactual', 'misled'],
  abstain: ['auc', 'refused', 'rejected'],
};

/** Shown besides where there is a judge. */
const judged = ['context-relevance', 'context-precision', 'context-recall', 'faithfulness', 'answer-relevance'];

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  const [suite = ''] = positionals;
  const { data: name } = values;
  if (suite === 'table') return writeTable({ folder: resolve(root, values.folder), fresh: values.fresh });
  if (suite === 'injection') {
    const { details, json, strategy } = values;
    return evalInjection({
      n: number('n', values.n),
      models: strategy === 'naive' ? undefined : strategy.split(','),
      details,
      json,
    });
  }
  if (suite === 'tools' && name) {
    const { details, fit, json, strategy } = values;
    const sets = strategy === 'naive' ? undefined : strategy.split(',');
    return evalTools({ folder: resolve(root, name), sets, n: number('n', values.n), fit, details, json });
  }
  if (suite === 'miniwob') {
    const { data = join(values.folder, 'miniwob'), oracle, details, json } = values;
    const seeds = number('seeds', values.seeds) ?? 5;
    return evalMiniwob({ data: resolve(root, data), oracle, tasks: values.tasks?.split(','), seeds, details, json });
  }
  if (!Object.hasOwn(suites, suite) || !name) throw new Error(usage);
  if (values.judge && !['embedding', 'llm'].includes(values.judge))
    throw new Error(`--judge is embedding or llm, not "${values.judge}".`);
  if (values.reranker && values.reranker !== 'late-interaction')
    throw new Error(`--reranker is late-interaction, not "${values.reranker}".`);
  const { page, data, close } = await (dataNames.includes(name) ? openData(name, values) : openOwn(name, values));
  try {
    const { metrics, ...collection } = data;
    const settings = {
      suite,
      ...collection,
      n: number('n', values.n),
      seed: number('seed', values.seed) ?? 1,
      strategies: values.strategy.split(','),
      judge: values.judge,
      reranker: values.reranker,
      k: number('k', values.k) ?? (suite === 'retrieval' && collection.chunker !== 'whole' ? 50 : undefined),
    };
    const rows = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.eval.suite(input), settings);
    const shown = suites[suite]?.length ? suites[suite] : metrics;
    printRows(rows, values.judge ? [...shown, ...judged] : shown);
    if (!values.json) return;
    const told = values.details ? rows : rows.map((/** @type {any} */ { results: _results, examples: _examples, ...row }) => row);
    console.log(JSON.stringify({ suite, dataset: name, rows: told }));
  } finally {
    await close();
  }
}

/** A data set that is known. @param {string} name @param {Values} values */
async function openData(name, { folder, chunker }) {
  if (chunker !== undefined && !['whole', 'default'].includes(chunker))
    throw new Error(`--chunker is whole or default, not "${chunker}".`);
  const known = await readData(name, resolve(root, folder));
  const headless = await openEvaluation();
  try {
    const { metrics } = known;
    return { ...headless, data: { ...(await ensureCollection(headless.page, name, known, chunker)), metrics } };
  } catch (error) {
    await headless.close();
    throw error;
  }
}

/** Documents of one's own. @param {string} path @param {Values} values */
async function openOwn(path, values) {
  const { folder, files } = await findDocuments(path);
  const headless = await openEvaluation({ '/documents/': folder });
  try {
    const settings = { documents: files.map(addressOf), n: number('n', values.n), seed: number('seed', values.seed) };
    const { skipped, ...data } = await headless.page.evaluate(
      (input) => /** @type {any} */ (window).inpageHeadless.eval.makeOwn(input),
      settings,
    );
    for (const line of skipped) console.error(`left out: ${line}`);
    console.error(`${data.cases.length} questions made from ${files.length} documents`);
    return { ...headless, data: { ...data, metrics: ['recall@1', 'recall@5', 'mrr@10', 'ndcg@10'] } };
  } catch (error) {
    await headless.close();
    throw error;
  }
}

/** @param {string} name @param {string | undefined} text @throws Error unless it is a whole number from 1, or not given */
function number(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is "${text}"; it takes a whole number from 1.`);
  return value;
}

main().catch(fail);
