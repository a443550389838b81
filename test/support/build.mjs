// Builds what is published and served. `node test/support/build.mjs [package] [global] [demo] [--force]`
//   package  dist/modules/, dist/workers/  for bundlers: dependencies left out, with types; dist/cli/: the command
//   global   dist/global/                 for pages without a bundler, everything inside: a script tag, and a module
//   demo     dist/demo/                   static site that can be deployed as it is
// A target whose inputs have not changed is left alone.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  assemblyScript,
  librariesOnDemand,
  modulesAside,
  transformersAsInPages,
  wasmUrls,
  workerUrls,
} from './build-plugins.mjs';
import { compiledFolder, writeManifest } from './models-manifest.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const dist = join(root, 'dist');
const workers = ['llm', 'embed', 'store', 'scan'];

/** What the package offers to import, from `src`. */
const entries = ['index', 'agent/index', 'eval/index', 'testing/index', 'tool/index', 'ui/index'];

/** TypeScript's command, without a shell or npx. */
const typescript = () => join(root, 'node_modules/typescript/bin/tsc');

/** Left to the user's bundler: dependencies, and the heavy libraries that a user installs if they are needed. */
const external =
  /^(?:comlink|dom-accessibility-api|idb|jsonata|mathjs|@modelcontextprotocol\/sdk|@noble\/hashes|@huggingface\/transformers|@mlc-ai\/web-llm|unpdf)(?:\/|$)|^@wllama\/wllama$/;

/**
 * Parsers loaded on demand, and what is exported from each. They are in the package because reading the page itself must need
 * nothing more, and because other bundlers trip over them: some parts are CommonJS, and one has a version for pages that fails
 * in a worker.
 */
const parsers = {
  '@mozilla/readability': '{ Readability }',
  'linkedom/worker': '*',
  'mdast-util-from-markdown': '*',
  'mdast-util-frontmatter': '*',
  'micromark-extension-frontmatter': '*',
  'partial-json': '{ parse }',
};

/** The first: without it the WASM runtime's script has its glue in itself, and a second copy of the binary comes with it. */
const conditions = ['onnxruntime-web-use-extern-wasm', 'worker', 'module', 'browser', 'production', 'import', 'default'];

const license = { fileName: 'THIRD-PARTY-LICENSES.md' };

const workerInputs = Object.fromEntries(
  workers.map((name) => [`workers/${name}.worker`, join(root, `workers/${name}.worker.ts`)]),
);

/**
 * One run of Vite.
 * @param {string} outDir
 * @param {import('vite').InlineConfig} config
 */
async function run(outDir, config) {
  // Loaded late: where nothing has changed, nothing of this is needed.
  const { build, createLogger } = await import('vite');
  const logger = createLogger('warn');
  const { warn } = logger;
  // The page that shows the script tag has a script tag on purpose; how long a plugin took is nobody's concern.
  logger.warn = (message, options) => /inpage\.global\.js|PLUGIN_TIMINGS/.test(message) || warn(message, options);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    customLogger: logger,
    publicDir: false,
    ...config,
    plugins: [...(config.plugins ?? []), assemblyScript()],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      ...config.build,
    },
  });
}

/** @param {string} outDir */
async function buildPackage(outDir) {
  const onDemand = librariesOnDemand({ folder: 'libraries', libraries: parsers });
  const plugins = [workerUrls({ folder: 'workers' }), wasmUrls({ folder: 'global/wasm', emit: false })];
  // One module a source file: bundlers leave out what a page does not use.
  await run(outDir, {
    plugins: [...plugins, onDemand.aside],
    build: {
      minify: false,
      lib: { entry: Object.fromEntries(entries.map((name) => [name, join(root, `src/${name}.ts`)])), formats: ['es'] },
      rolldownOptions: {
        external,
        output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: 'modules/[name].js' },
      },
    },
  });
  // Apart, so that no module of a worker has the code that starts workers: bundlers would follow it in a circle.
  await run(outDir, {
    plugins: [...plugins, onDemand.entries],
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions },
    build: {
      minify: false,
      license,
      lib: { entry: workerInputs, formats: ['es'] },
      rolldownOptions: {
        input: { ...workerInputs, ...onDemand.input },
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: 'libraries/[name]-[hash].js' },
      },
    },
  });
  await buildCommand(outDir, [transformersAsInPages(), wasmUrls({ folder: 'global/wasm', emit: false }), onDemand.aside]);
  const types = join(outDir, 'modules');
  await promisify(execFile)(process.execPath, [typescript(), '-p', 'test/support/tsconfig.build.json', '--outDir', types], {
    cwd: root,
  }).catch((error) => {
    throw new Error(`Types could not be built:\n${error.stdout}`);
  });
  await finishTypes(types);
}

/**
 * The command, for Node, with the model library inside: what it embeds must be what a page embeds, whatever is installed.
 * @param {string} outDir @param {import('vite').Plugin[]} plugins
 */
async function buildCommand(outDir, plugins) {
  const commands = ['cli/inpage', 'cli/embed-thread'].map((name) => [name, join(root, `src/${name}.ts`)]);
  await run(outDir, {
    plugins,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions },
    build: {
      license: { fileName: `cli/${license.fileName}` },
      lib: { entry: Object.fromEntries(commands), formats: ['es'] },
      rolldownOptions: {
        external: /^(?:node:|(?:comlink|idb|@noble\/hashes|@mlc-ai\/web-llm|unpdf)(?:\/|$)|@wllama\/wllama$)/,
        output: { entryFileNames: '[name].js', chunkFileNames: 'cli/[name]-[hash].js', minify: true },
      },
    },
  });
}

/**
 * Makes the compiler's declarations fit to publish: relative imports end in `.js`, which `rewriteRelativeImportExtensions` leaves
 * out in declarations, and what the public surface does not need goes.
 * @param {string} folder
 */
async function finishTypes(folder) {
  const specifiers = /((?:from|import\()\s*['"])(\.[^'"]*)\.ts(['"])/g;
  const needed = entries.map((name) => join(folder, `${name}.d.ts`));
  for (const file of needed) {
    const text = await readFile(file, 'utf8');
    for (const [, , path] of text.matchAll(specifiers)) {
      const target = join(dirname(file), `${path}.d.ts`);
      if (!needed.includes(target)) needed.push(target);
    }
    await writeFile(file, text.replace(specifiers, '$1$2.js$3'));
  }
  for (const file of await filesOf(folder)) if (file.endsWith('.d.ts') && !needed.includes(file)) await rm(file);
}

/** @param {string} outDir */
async function buildGlobal(outDir) {
  const onDemand = librariesOnDemand({ folder: 'libraries', libraries: { ...parsers, unpdf: '*' } });
  await run(outDir, {
    plugins: [workerUrls({ folder: 'workers', trusted: true }), wasmUrls({ folder: 'wasm', emit: true }), onDemand.entries],
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions },
    build: {
      license,
      lib: { entry: workerInputs, formats: ['es'] },
      rolldownOptions: {
        input: { ...workerInputs, ...onDemand.input },
        output: { entryFileNames: '[name].js', chunkFileNames: 'libraries/[name]-[hash].js', minify: true },
      },
    },
  });
  const modules = { 'src/index.ts': 'inpage.js', 'src/ui/panel.ts': 'inpage.panel.js' };
  await run(outDir, {
    plugins: [workerUrls({ folder: 'workers', trusted: true }), onDemand.aside],
    build: {
      lib: {
        entry: Object.fromEntries(Object.entries(modules).map(([path, file]) => [file.replace(/\.js$/, ''), join(root, path)])),
        formats: ['es'],
      },
      rolldownOptions: {
        output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js', minify: true },
      },
    },
  });
  // The script tag is small, and loads the modules when they are needed.
  await run(outDir, {
    plugins: [modulesAside(modules)],
    build: {
      lib: { entry: { 'inpage.global': join(root, 'src/global.ts') }, formats: ['iife'], name: 'inpage' },
      rolldownOptions: { output: { entryFileNames: '[name].js', minify: true } },
    },
  });
}

/** @param {string} outDir */
async function buildDemo(outDir) {
  // The workers and binaries of the script-tag build serve the demo's pages too.
  const wasm = () => wasmUrls({ folder: 'inpage/wasm', emit: false });
  await run(outDir, {
    root: join(root, 'demo'),
    base: './',
    plugins: [workerUrls({ folder: 'inpage/workers' }), wasm()],
    // For a worker of the demo's own: the benchmark has one.
    worker: { format: 'es', plugins: () => [wasm(), assemblyScript()] },
    resolve: { conditions },
    build: {
      license,
      rolldownOptions: {
        input: ['index', 'embed', 'eval', 'agent', 'headless'].map((name) => join(root, `demo/${name}.html`)).filter(existsSync),
      },
    },
  });
  await linkTree(join(dist, 'global'), join(outDir, 'inpage'));
  await linkTree(join(root, 'models'), join(outDir, 'models'));
}

/** @typedef {{ inputs: string[], output: string, entries?: string[], build: (outDir: string) => Promise<void> }} Target */

const sources = ['src', 'workers', 'test/support/build.mjs', 'test/support/build-plugins.mjs', 'package-lock.json'];

/** @type {Record<string, Target>} in the order in which they build on each other */
const targets = {
  package: {
    inputs: [...sources, 'tsconfig.json', 'test/support/tsconfig.build.json'],
    output: '.',
    entries: ['modules', 'workers', 'libraries', 'cli', license.fileName],
    build: buildPackage,
  },
  global: { inputs: sources, output: 'global', build: buildGlobal },
  demo: { inputs: [...sources, 'demo', 'models/SHA256SUMS', 'models/mlc/manifest.json'], output: 'demo', build: buildDemo },
};

/** Files under a path, sorted; the path itself if it is a file. @param {string} path @returns {Promise<string[]>} */
async function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Digest of everything that a target is made from. @param {Target} target */
async function digest({ inputs }) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesOf(join(root, input))) {
      if (relative(root, file).startsWith(join('demo', 'terminal'))) continue;
      hash
        .update(relative(root, file))
        .update('\0')
        .update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** Makes `to` the same tree as `from` without taking space twice where the file system can. @param {string} from @param {string} to */
async function linkTree(from, to) {
  for (const file of await filesOf(from)) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await link(file, target).catch(() => copyFile(file, target));
  }
}

/**
 * Builds the targets named, and those that they need.
 * @param {string[]} names @default all
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @throws Error for an unknown target or a failed build; what was there before stays
 */
export async function build(names = Object.keys(targets), { force = false, log = console.log } = {}) {
  const unknown = names.find((name) => !(name in targets));
  if (unknown) throw new Error(`There is no build target "${unknown}"; there are ${Object.keys(targets).join(', ')}.`);
  const unlock = await lock();
  try {
    await writeManifest(compiledFolder);
    await buildChanged(new Set(names.includes('demo') ? [...names, 'global'] : names), force, log);
  } finally {
    await unlock();
  }
}

/**
 * One process builds at a time; a second one waits, and then finds the work done.
 * @returns {Promise<() => Promise<void>>} ends the turn
 */
async function lock() {
  const file = join(dist, '.lock');
  await mkdir(dist, { recursive: true });
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
    // An empty file is just being written.
    if (holder > 0 && !isRunning(holder)) await rm(file, { force: true });
    else await setTimeout(100);
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {Set<string>} wanted @param {boolean} force @param {(line: string) => void} log */
async function buildChanged(wanted, force, log) {
  for (const [name, target] of Object.entries(targets)) {
    if (!wanted.has(name)) continue;
    const stamp = join(dist, '.stamps', name);
    const now = await digest(target);
    const last = await readFile(stamp, 'utf8').catch(() => '');
    if (!force && last === now) continue;
    const started = performance.now();
    const temporary = join(dist, `.building-${name}-${process.pid}`);
    try {
      await target.build(temporary);
      await rm(stamp, { force: true });
      await mkdir(dirname(stamp), { recursive: true });
      await swap(temporary, join(dist, target.output), target.entries);
      await writeFile(stamp, now);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    log(`built dist/${target.output === '.' ? '' : target.output} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/**
 * Puts a finished build in its place.
 * @param {string} from @param {string} to
 * @param {readonly string[]} entries what is replaced in a folder that others share; none: the whole folder
 */
async function swap(from, to, entries = ['']) {
  for (const name of entries) {
    await rm(join(to, name), { recursive: true, force: true });
    if (existsSync(join(from, name))) await rename(join(from, name), join(to, name));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  try {
    await build(names.length > 0 ? names : undefined, { force: process.argv.includes('--force') });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
