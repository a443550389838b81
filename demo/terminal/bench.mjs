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
  index   the vector index beside its peers: build rate, bytes, cold open, latency, recall, memory
    --n        vectors, default 50000; up to 1000000 for inpage and float32-scan
    --systems  comma-separated, default all
    --k        neighbours, default 10
    --vectors  file of unit float32 rows, 384 wide, instead of the project's own
    --data     folder of the texts that the project's own vectors are made from, default ../shared/data
    --queries  default 1000, above 200000 vectors 200
    --rounds   rounds of queries in which the systems take turns, default 10
    --opens    cold opens of each system, default 5
    --plot     writes a picture of the result, as SVG
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
  if (suite === 'index') return index(values);
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
  ensureInstalled();
  const { benchIndex, systems } = await import('../../test/bench/driver/index-bench.mjs');
  const { tableOf } = await import('../../test/bench/driver/table.mjs');
  const chosen = values.systems?.split(',') ?? systems;
  const unknown = chosen.find((name) => !systems.includes(name));
  if (unknown) throw new Error(`No system "${unknown}". There are ${systems.join(', ')}.`);
  const n = positive('n', values.n ?? '50000');
  const settings = {
    n,
    k: positive('k', values.k ?? '10'),
    queries: positive('queries', values.queries ?? (n > 200_000 ? '200' : '1000')),
    rounds: positive('rounds', values.rounds ?? '10'),
    coldRounds: positive('opens', values.opens ?? '5'),
    systems: systems.filter((name) => chosen.includes(name)),
    data: resolve(root, values.data),
    ...(values.vectors && { vectors: resolve(values.vectors) }),
  };
  const result = { suite: 'index', ...(await benchIndex(settings)) };
  console.table(tableOf(result.rows));
  for (const { system, note } of result.rows) console.log(`${system}: ${note}`);
  if (values.plot) await writeFile(values.plot, (await import('../../test/bench/driver/plot.mjs')).plotOf(result));
  if (values.json) console.log(JSON.stringify(result));
}

/** @param {string} name @param {string} text @throws Error unless it is a whole number from 1 */
function positive(name, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is "${text}"; it takes a whole number from 1.`);
  return value;
}

/** @param {number} value */
const round = (value) => Number(value.toPrecision(4));

main().catch(fail);
