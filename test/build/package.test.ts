// What npm would publish: its files, its types, its addresses, its import in plain Node.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Consumer, installPacked } from '../support/packed.ts';
import { importsOf, root } from '../support/source-files.ts';
import budgets from './budgets.json' with { type: 'json' };

const run = promisify(execFile);
const tool = (path: string) => join(root, 'node_modules', path);

let consumer: Consumer;

beforeAll(async () => {
  consumer = await installPacked();
}, 60_000);

afterAll(() => consumer?.remove());

/** Runs a command, and gives its output even if it fails. */
async function outcome(file: string, args: string[], cwd = consumer.folder) {
  try {
    return { code: 0, output: (await run(file, args, { cwd })).stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

const scripts = () => consumer.files.filter(({ path }) => /^dist\/(?!global\/).*\.js$/.test(path)).map(({ path }) => path);

test('holds the build, its types and the papers, and nothing else', () => {
  const paths = consumer.files.map(({ path }) => path);
  const intended =
    /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/(?:cli|modules|workers|libraries|global)\/[\w./-]+\.js|dist\/(?:(?:cli|global)\/)?THIRD-PARTY-LICENSES\.md|dist\/modules\/[\w./-]+\.d\.ts|dist\/global\/wasm\/[\w.-]+\.(?:wasm|mjs))$/;
  expect(paths.filter((path) => !intended.test(path))).toEqual([]);
  for (const path of [
    'LICENSE',
    'package.json',
    'dist/cli/inpage.js',
    'dist/modules/index.js',
    'dist/modules/index.d.ts',
    'dist/modules/agent/index.js',
    'dist/modules/agent/index.d.ts',
    'dist/modules/eval/index.js',
    'dist/modules/eval/index.d.ts',
    'dist/modules/tool/index.js',
    'dist/modules/tool/index.d.ts',
    'dist/modules/ui/index.js',
    'dist/modules/ui/index.d.ts',
    'dist/global/inpage.global.js',
    'dist/global/inpage.js',
    'dist/global/inpage.panel.js',
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.filter((path) => path.endsWith('.wasm'))).toHaveLength(3);
  expect(consumer.size).toBeLessThan(budgets['npm package'].bytes);
});

test('names no folder of the machine that built it, and inlines no binary', async () => {
  for (const { path } of consumer.files.filter(({ path }) => /\.(?:js|ts|json)$/.test(path))) {
    const text = await readFile(join(consumer.installed, path), 'utf8');
    expect(text.includes(root), path).toBe(false);
    // web-llm carries its binaries in itself.
    if (text.includes('MLCEngine')) continue;
    expect(/data:application\/(?:wasm|octet-stream);base64/.test(text), path).toBe(false);
  }
});

test('starts its workers by literals that bundlers understand', async () => {
  // The command is for Node, not for bundlers.
  const bundled = scripts().filter((path) => !path.startsWith('dist/cli/'));
  const code = (await Promise.all(bundled.map((path) => readFile(join(consumer.installed, path), 'utf8')))).join('\n');
  const places = ['../../workers/llm', '../../workers/embed', '../../workers/store', './scan'];
  for (const place of places) {
    const literal = `new Worker\\(new URL\\("${place.replaceAll('.', '\\.')}\\.worker\\.js", import\\.meta\\.url\\), \\{\\s*type: "module"`;
    expect(code).toMatch(new RegExp(literal));
  }
  expect(code).not.toContain('@vite-ignore');
});

test('every address in it leads to a file in it', async () => {
  const addresses: string[] = [];
  for (const path of scripts()) {
    // Libraries have type imports in their comments.
    const code = (await readFile(join(consumer.installed, path), 'utf8')).replace(/^\s*\*.*$/gm, '');
    for (const [, file, module] of code.matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)|(?:from|import\() ?"(\.[^"]+)"/g)) {
      addresses.push(join(dirname(path), file ?? module!));
    }
  }
  expect(addresses.length).toBeGreaterThanOrEqual(7);
  expect(addresses.filter((address) => !existsSync(join(consumer.installed, address)))).toEqual([]);
});

test('can be imported in plain Node, and does nothing there', async () => {
  const code =
    "const { createAssistant, InpageError } = await import('inpage'); const { bootstrap } = await import('inpage/eval'); " +
    'console.log(typeof createAssistant, typeof InpageError, bootstrap([0.5, 0.5]).mean)';
  expect(await outcome(process.execPath, ['--input-type=module', '-e', code])).toEqual({
    code: 0,
    output: 'function function 0.5\n',
  });
});

test('publint finds nothing', async () => {
  const { messages, pkg } = await publint({ pkgDir: consumer.installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
});

test('attw finds its types right (the script-tag build has none to import)', async () => {
  const args = [
    consumer.tarball,
    '--profile',
    'esm-only',
    '--exclude-entrypoints',
    './global',
    '--format',
    'ascii',
    '--no-color',
  ];
  const { code, output } = await outcome(process.execPath, [tool('@arethetypeswrong/cli/dist/index.js'), ...args]);
  expect(code, output).toBe(0);
});

test('its types need no optional package: they are there before one is installed', async () => {
  const needed: string[] = [];
  for (const { path } of consumer.files.filter(({ path }) => path.endsWith('.d.ts'))) {
    const text = await readFile(join(consumer.installed, path), 'utf8');
    for (const specifier of importsOf(text).filter((name) => !name.startsWith('.'))) needed.push(`${path} → ${specifier}`);
  }
  const { dependencies } = JSON.parse(await readFile(join(consumer.installed, 'package.json'), 'utf8')) as Record<string, object>;
  expect(needed.filter((edge) => !Object.keys(dependencies!).some((name) => edge.includes(`→ ${name}`)))).toEqual([]);
});

test.each(['bundler', 'node16'])('types resolve under moduleResolution %s', async (moduleResolution) => {
  await writeFile(
    join(consumer.folder, 'use.mts'),
    `import { type AgentStep, type Assistant, createAssistant, type Hit, InpageError } from 'inpage';
import { tool } from 'inpage/agent';
import { evaluateRetrieval, makeTestSet, type Row, summarize } from 'inpage/eval';
import { type DomToolOptions, domTools } from 'inpage/tools';
import { defineChat, type InpageChatElement } from 'inpage/chat';
const assistant: Assistant = await createAssistant({ name: 'handbook' });
const hits: Hit[] = await assistant.search('reset', { k: 5, filter: { year: { $gte: 2020 } } });
for await (const event of assistant.ask('How?')) if (event.type === 'token') event.text.trim();
try { await assistant.add(document.body); } catch (error) { if (InpageError.is(error, 'quota-exceeded')) error.detail; }
const row: Row = summarize('naive', await evaluateRetrieval(assistant, await makeTestSet(assistant)));
row.metrics['recall@5']?.low.toFixed(2);
const options: DomToolOptions = { root: document.body };
Object.keys(domTools(options)).join();
const greet = tool({ description: 'Greets.', inputSchema: { type: 'object' }, execute: () => 'hello' });
const steps: AgentStep[] = [];
for await (const step of assistant.run('Greet.', { tools: { greet }, pattern: 'react' })) steps.push(step);
defineChat();
const chat: InpageChatElement = document.createElement('inpage-chat');
chat.assistantOptions = { strategy: 'extractive' };
// @ts-expect-error proves that the types are there
hits[0]!.score.trim();
`,
  );
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    module: moduleResolution === 'bundler' ? 'ESNext' : 'Node16',
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: false,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  await writeFile(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }));
  expect(await outcome(process.execPath, [tool('typescript/bin/tsc')])).toEqual({ code: 0, output: '' });
});
