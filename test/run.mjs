// `npm test [-- step …]`: everything that must hold, in order of cost; each step runs even if an earlier one failed.
// Tests of random faults (in `e2e` and `kill`) take `--runs N`, for more than the few of an everyday run; `kill` also `--seed S`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from '../demo/terminal/prepare.mjs';

/** @typedef {{ file: string, name: string, message: string }} Failure */
/** @typedef {{ passed: number, failed: number, failures?: Failure[], second?: Failure[] }} Outcome */

const output = join(root, 'test/.output');

/** Runs a script of an installed package, or of the project. @param {string} script @param {string[]} args */
function node(script, ...args) {
  return spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** A step that either holds or not. @param {string} script @param {string[]} args @returns {() => Outcome} */
const check =
  (script, ...args) =>
  () => ({ passed: 0, failed: node(script, ...args) ? 0 : 1 });

/**
 * Runs tests of a project.
 * @param {string} project @param {string[]} files all, if none is named @returns {Outcome & { failures: Failure[] }}
 */
function vitest(project, files = []) {
  const report = join(output, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ended = node('node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters, ...files);
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that cannot be imported fails without a failed test.
    return {
      passed: numPassedTests,
      failed: ended ? numFailedTests : Math.max(1, numFailedTests),
      failures: failures(testResults),
    };
  } catch {
    return { passed: 0, failed: 1, failures: [] };
  }
}

/** @param {any[]} testResults of the JSON reporter @returns {Failure[]} */
function failures(testResults) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    if (tests.length === 0) return status === 'failed' ? [{ file, name: '', message }] : [];
    return tests.map((/** @type {any} */ test) => ({ file, name: test.fullName, message: test.failureMessages.join(' ') }));
  });
}

/** A step of counted tests. @param {string} project @returns {() => Outcome} */
const tests = (project) => () => vitest(project);

/**
 * A step whose tests share a machine with a whole browser. Files of which a test failed run once more, by themselves; what passes
 * only then is told at the end.
 * @param {string} project @returns {() => Outcome}
 */
const browserTests = (project) => () => {
  const first = vitest(project);
  const files = [...new Set(first.failures.map(({ file }) => file))];
  if (files.length === 0 || files.length > 3) return first;
  console.log(`\n=== ${project}, once more: ${files.join(', ')}`);
  const again = vitest(project, files);
  const still = new Set(again.failures.map(({ file, name }) => `${file} ${name}`));
  const second = first.failures.filter(({ file, name }) => !still.has(`${file} ${name}`));
  return { passed: first.passed + second.length, failed: again.failed, failures: again.failures, second };
};

/** @type {Record<string, () => Outcome>} */
const steps = {
  lint: check('node_modules/@biomejs/biome/bin/biome', 'check'),
  types: check('node_modules/typescript/bin/tsc'),
  unit: tests('node'),
  api: tests('types'),
  build: check('test/support/build.mjs'),
  package: tests('build'),
  browser: browserTests('browser'),
  e2e: browserTests('e2e'),
  capabilities: check('test/support/capabilities.mjs', '--check'),
  remote: browserTests('remote'),
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
/** @param {string} title @param {Failure[]} list */
const tell = (title, list) => {
  for (const { file, name, message } of list)
    console.log(`${title}: ${file} > ${name}\n    ${message.slice(0, 400).split('\n', 3).join('\n    ')}`);
};
for (const { failures = [], second = [] } of results) {
  tell('passed only when run once more', second);
  tell('FAILED', failures);
}
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${results.reduce((sum, result) => sum + result.passed, 0)} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
