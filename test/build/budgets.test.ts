// Sizes over the wire, against `budgets.json`. The table of a run is in `test/.output/budgets.json`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { root } from '../support/source-files.ts';
import budgets from './budgets.json' with { type: 'json' };

const dist = join(root, 'dist');
const report: Record<string, { gzip: number; budget: number }> = {};

afterAll(async () => {
  await mkdir(join(root, 'test/.output'), { recursive: true });
  await writeFile(join(root, 'test/.output/budgets.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.table(report);
});

function check(name: keyof typeof budgets, code: string) {
  const { gzip: budget } = budgets[name] as { gzip: number };
  report[name] = { gzip: gzipSync(code, { level: 9 }).length, budget };
  expect(report[name].gzip).toBeLessThanOrEqual(budget);
  // A budget far above what is used guards nothing, and one of nothing says that the measure is broken.
  expect(report[name].gzip).toBeGreaterThan(100);
}

/** What a project that uses the names loads at once: bundled, minified, without what comes on demand. */
async function bundle(names: string, module = 'index'): Promise<string> {
  const entry = '\0entry.js';
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? { id, moduleSideEffects: true } : null),
        load: (id) =>
          id === entry ? `export ${names} from '${join(dist, `modules/${module}.js`).replaceAll('\\', '/')}';` : null,
        // The workers are measured on their own.
        transform: { order: 'pre', handler: (code) => code.replace(/new URL\("[./]+\/workers[^)]*\)/g, '"worker"') },
      },
    ],
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        external: /^(?:@huggingface|unpdf)|\/libraries\//,
      },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const chunks = outputs.flatMap((each) => ('output' in each ? each.output : [])).filter((file) => file.type === 'chunk');
  // What is imported on demand (strategies, agents) is not loaded with it.
  const atOnce = new Set<string>();
  const add = (name: string) => {
    if (atOnce.has(name)) return;
    atOnce.add(name);
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) add(next);
  };
  for (const { isEntry, fileName } of chunks) if (isEntry) add(fileName);
  return chunks
    .filter(({ fileName }) => atOnce.has(fileName))
    .map(({ code }) => code)
    .join('\n');
}

/** A built file and all that it imports at once. */
async function closure(path: string, seen = new Set<string>()): Promise<string> {
  if (seen.has(path)) return '';
  seen.add(path);
  const code = await readFile(path, 'utf8');
  const imports = [...code.matchAll(/(?:from|import)\s*["'`](\.[^"'`]+)["'`]/g)].map((match) => join(dirname(path), match[1]!));
  const parts = await Promise.all(imports.map((next) => closure(next, seen)));
  return [code, ...parts].join('\n');
}

test('the package, everything used', async () => check('package', await bundle('*')));

test('the package, as most pages use it', async () =>
  check('package, createAssistant only', await bundle('{ createAssistant }')));

test('the package, one export used', async () => check('package, InpageError only', await bundle('{ InpageError }')));

test('agents, everything used', async () => check('inpage/agent', await bundle('*', 'agent/index')));

test('the evaluation, everything used', async () => check('inpage/eval', await bundle('*', 'eval/index')));

test('the tools, everything used', async () => check('inpage/tools', await bundle('*', 'tool/index')));

test('the element', async () => check('inpage/chat', await bundle('*', 'ui/index')));

test.each([
  'global/inpage.global.js',
  'global/inpage.js',
  'global/inpage.panel.js',
  'global/workers/llm.worker.js',
  'global/workers/embed.worker.js',
  'global/workers/store.worker.js',
  'global/workers/scan.worker.js',
] as const)('%s', async (name) => check(name, await closure(join(dist, name))));
