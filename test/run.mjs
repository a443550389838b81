// `npm test [-- step …]`: everything that must hold, in order of cost; each step runs even if an earlier one failed.
// Tests of random faults (in `e2e` and `kill`) take `--runs N`, for more than the few of an everyday run; `kill` also `--seed S`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from '../demo/terminal/prepare.mjs';

/** @typedef {{ passed: number, failed: number }} Outcome */

const output = join(root, 'test/.output');

/** Runs a script of an installed package, or of the project. @param {string} script @param {string[]} args */
function node(script, ...args) {
  return spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** A step that either holds or not. @param {string} script @param {string[]} args @returns {() => Outcome} */
const check =
  (script, ...args) =>
  () => ({ passed: 0, failed: node(script, ...args) ? 0 : 1 });

/** A step of counted tests. @param {string} project @returns {() => Outcome} */
const tests = (project) => () => {
  const report = join(output, `${project}.json`);
  rmSync(report, { force: true });
  const args = [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const ended = node('node_modules/vitest/vitest.mjs', ...args);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that cannot be imported fails without a failed test.
    return { passed: numPassedTests, failed: ended ? numFailedTests : Math.max(1, numFailedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

/** @type {Record<string, () => Outcome>} */
const steps = {
  lint: check('node_modules/@biomejs/biome/bin/biome', 'check'),
  types: check('node_modules/typescript/bin/tsc'),
  unit: tests('node'),
  api: tests('types'),
  build: check('test/support/build.mjs'),
  package: tests('build'),
  browser: tests('browser'),
  e2e: tests('e2e'),
  capabilities: check('test/support/capabilities.mjs', '--check'),
  remote: tests('remote'),
  kill: tests('kill'),
};

const { positionals: wanted, values: options } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, seed: { type: 'string' } },
});
if (options.runs) process.env.TEST_RUNS = options.runs;
if (options.seed) process.env.TEST_SEED = options.seed;
const unknown = wanted.find((name) => !(name in steps));
if (unknown) {
  console.error(`There is no step "${unknown}"; there are ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}
const selected = wanted.length > 0 ? wanted : Object.keys(steps);

ensureInstalled();
mkdirSync(output, { recursive: true });
if (selected.includes('browser')) rmSync(join(output, 'capabilities'), { recursive: true, force: true });
if (selected.some((name) => ['package', 'browser', 'e2e', 'kill'].includes(name))) {
  const { ensureChromium } = await import('./support/chromium.mjs');
  // The steps run in processes of their own: they must take the same one.
  process.env.CHROME_PATH = await ensureChromium();
  console.log(`Chromium: ${process.env.CHROME_PATH}`);
}

/** @type {(Outcome & { name: string, seconds: number })[]} */
const results = [];
for (const name of selected) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const outcome = /** @type {() => Outcome} */ (steps[name])();
  results.push({ name, ...outcome, seconds: (performance.now() - started) / 1000 });
}

console.log('\n=== summary');
for (const { name, passed, failed, seconds } of results) {
  const counts = passed > 0 ? `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
  console.log(`${failed > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${counts}`.trimEnd());
}
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${results.reduce((sum, result) => sum + result.passed, 0)} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
