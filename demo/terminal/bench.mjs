// `npm run bench`: the SDK beside plain transformers.js, in the same run, in a headless Chromium.
import { parseArgs } from 'node:util';
import { fail, openHeadless } from './headless.mjs';

const suites = ['embed', 'llm', 'ask'];
const usage = `npm run bench -- <${suites.join('|')}> [options]
  embed   texts/s against a plain pipeline() loop (higher is better)
  llm     tokens/s against plain generate() (higher is better)
  ask     time from ask() to the first token against the bare prefill (1 is perfect, lower is better)
  --device  wasm (default) or webgpu
  --n       texts, tokens or passages
  --rounds  default 5
  --json    prints one JSON object at the end`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      device: { type: 'string', default: 'wasm' },
      n: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(usage);
  const [suite] = positionals;
  if (!suite || !suites.includes(suite)) throw new Error(usage);
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

/** @param {number} value */
const round = (value) => Number(value.toPrecision(4));

main().catch(fail);
