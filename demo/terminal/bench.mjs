// `npm run bench`: the SDK beside plain transformers.js, and its index beside its peers, in the same run, in a headless Chromium.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, openHeadless } from './headless.mjs';
import { ensureInstalled, root } from './prepare.mjs';

const usage = `npm run bench -- <suite> [options]
  embed   texts/s against a plain pipeline() loop (higher is better)
  llm     tokens/s against plain generate() (higher is better)
  ask     time from ask() to the first token against the bare prefill (1 is perfect, lower is better)
    --device   wasm (default) or webgpu
    --n        texts, tokens or passages
    --rounds   default 5
  index      the vector index beside its peers: build rate, bytes, cold open, latency, recall, memory
    --n        vectors, default 50000; up to 1000000 for inpage and float32-scan
    --systems  comma-separated; also inpage-small, which keeps little in memory
    --k        neighbours, default 10
    --vectors  file of unit float32 rows, 384 wide, instead of the project's own
    --data     folder of the texts that the project's own vectors are made from, default ../shared/data
    --queries  default 1000, above 200000 vectors 200
    --rounds   rounds of queries in which the systems take turns, default 10
    --opens    cold opens of each system, default 5
    --plot     writes a picture of the result, as SVG
  conditions  the vector index with filters, and while a tenth is deleted and compacted
    --n --k --data --queries --rounds as above
  lexical    words in passages, beside full-text peers: the same figures, without recall
    --n        passages, default 100000; --systems --k --data --queries --rounds --opens as above
  retrieval  nDCG@10 on SciFact: words, vectors, and their fusions
    --data     as above
  --json  prints one JSON object at the end`;

const options = /** @type {const} */ ({
  device: { type: 'string', default: 'wasm' },
  n: { type: 'string' },
  rounds: { type: 'string' },
  systems: { type: 'string' },
  k: { type: 'string' },
  vectors: { type: 'string' },
  data: { type: 'string', default: '../shared/data' },
  queries: { type: 'string' },
  opens: { type: 'string' },
  plot: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
});

/** @typedef {ReturnType<typeof parseArgs<{ options: typeof options }>>['values']} Values */

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  const [suite] = positionals;
  const compare = { index, conditions, lexical, retrieval }[suite ?? ''];
  if (compare) {
    ensureInstalled();
    return compare(values);
  }
  if (suite && ['embed', 'llm', 'ask'].includes(suite)) return models(suite, values);
  throw new Error(usage);
}

/** @param {string} suite @param {Values} values */
async function models(suite, values) {
  const { page, close } = await openHeadless();
  try {
    const settings = { device: values.device, n: values.n && Number(values.n), rounds: values.rounds && Number(values.rounds) };
    const result = await page.evaluate(
      ([name, input]) => /** @type {any} */ (window).inpageHeadless.bench[name](input),
      /** @type {const} */ ([suite, settings]),
    );
    const { sdk, unit, n, rounds, device, threads } = result;
    /** @param {string} name @param {{ plain: number, ratio: number, ratioRange: [number, number] }} figures */
    const row = (name, { plain, ratio, ratioRange: [from, to] }) => ({
      [name]: { unit, sdk: round(sdk), plain: round(plain), ratio: round(ratio), from: round(from), to: round(to) },
    });
    console.log(`${suite} on ${device}, ${threads} threads, n = ${n}, ${rounds} rounds`);
    console.table({ ...row('plain', result), ...(result.sameThreads && row('plain, same threads', result.sameThreads)) });
    if (values.json) console.log(JSON.stringify(result));
  } finally {
    await close();
  }
}

/** @param {Values} values */
async function index(values) {
  const { benchIndex, systems, others } = await import('../../test/bench/driver/index-bench.mjs');
  const n = positive('n', values.n ?? '50000');
  const result = await benchIndex({
    ...common(values),
    systems: chosen(values.systems, systems, others),
    n,
    queries: positive('queries', values.queries ?? (n > 200_000 ? '200' : '1000')),
    ...(values.vectors && { vectors: resolve(values.vectors) }),
  });
  if (values.plot) await writeFile(values.plot, (await import('../../test/bench/driver/plot.mjs')).plotOf(result));
  await report('index', result, values);
}

/** @param {Values} values */
async function lexical(values) {
  const { benchLexical, lexicalSystems } = await import('../../test/bench/driver/lexical-bench.mjs');
  const result = await benchLexical({
    ...common(values),
    systems: chosen(values.systems, lexicalSystems),
    n: positive('n', values.n ?? '100000'),
    queries: positive('queries', values.queries ?? '1000'),
  });
  await report('lexical', result, values);
}

/** @param {Values} values */
async function conditions(values) {
  const { benchConditions } = await import('../../test/bench/driver/conditions-bench.mjs');
  const { filtered, deleted, ...about } = await benchConditions({
    ...common(values),
    n: positive('n', values.n ?? '50000'),
    queries: positive('queries', values.queries ?? '200'),
  });
  console.table(filtered);
  console.table(deleted);
  if (values.json) console.log(JSON.stringify({ suite: 'conditions', ...about, filtered, deleted }));
}

/** @param {Values} values */
function common({ k = '10', rounds = '10', opens = '5', data }) {
  return {
    k: positive('k', k),
    rounds: positive('rounds', rounds),
    coldRounds: positive('opens', opens),
    data: resolve(root, data),
  };
}

/**
 * The systems named, in the order of the table.
 * @param {string | undefined} list @param {string[]} systems where none is named @param {string[]} [others] only where named
 */
function chosen(list, systems, others = []) {
  const known = [...systems, ...others];
  const named = list?.split(',') ?? systems;
  const unknown = named.find((name) => !known.includes(name));
  if (unknown) throw new Error(`No system "${unknown}". There are ${known.join(', ')}.`);
  return known.filter((name) => named.includes(name));
}

/** @param {string} suite @param {{ rows: import('../../test/bench/driver/table.mjs').AnyRow[] }} result @param {Values} values */
async function report(suite, result, { json }) {
  const { tableOf } = await import('../../test/bench/driver/table.mjs');
  console.table(tableOf(result.rows));
  for (const { system, note } of result.rows) console.log(`${system}: ${note}`);
  if (json) console.log(JSON.stringify({ suite, ...result }));
}

/** @param {Values} values */
async function retrieval({ data, json }) {
  const { benchRetrieval } = await import('../../test/bench/driver/retrieval-bench.mjs');
  const result = await benchRetrieval(resolve(root, data));
  console.table(rounded(result.rows));
  if (json) console.log(JSON.stringify({ suite: 'retrieval', ...result }));
}

/** @param {string} name @param {string} text @throws Error unless it is a whole number from 1 */
function positive(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is "${text}"; it takes a whole number from 1.`);
  return value;
}

/** @param {{ variant: string, ndcg10: number, mrr10: number, recall100: number, p50Ms: number }[]} rows */
const rounded = (rows) =>
  Object.fromEntries(
    rows.map(({ variant, ...figures }) => [
      variant,
      Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)])),
    ]),
  );

/** @param {number} value */
const round = (value) => Number(value.toPrecision(4));

main().catch(fail);
