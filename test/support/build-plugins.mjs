// Small Vite plugins: where the workers, the WASM runtime's files and the libraries loaded on demand are, written as literals
// that browsers and other bundlers understand; and AssemblyScript, compiled where it is imported.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, relative } from 'node:path/posix';

const { resolve: resolveFile } = createRequire(import.meta.url);

/**
 * The path from one output file to another, as a relative specifier.
 * @param {string} from @param {string} to both from the root of the output
 */
function specifier(from, to) {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

/**
 * Replaces the source URL of each worker by the URL of its built file. Vite's own handling would bundle the worker again for
 * each build, and would write its address in a way that other bundlers do not recognise.
 * @param {{ folder: string, trusted?: boolean }} options `folder`: where the workers are, from the root of the output.
 *   `trusted`: the addresses are vouched for where a page demands Trusted Types. Bundlers would no longer recognise them.
 * @returns {import('vite').Plugin}
 */
export function workerUrls({ folder, trusted = false }) {
  const source = /new URL\(\s*(['"])(?:\.\.?\/)+workers\/(\w+)\.worker\.ts\1,\s*import\.meta\.url,?\s*\)/g;
  const placeholder = /__INPAGE_WORKER_(\w+?)__/g;
  return {
    name: 'inpage:worker-urls',
    enforce: 'pre',
    transform: {
      filter: { code: /\.worker\.ts/ },
      handler(code) {
        const replaced = code.replace(source, (_, _quote, name) => {
          const address = `__INPAGE_WORKER_${name}__`;
          return trusted ? `trustedScript(${address})` : address;
        });
        const imports = trusted && replaced !== code ? "import { trustedScript } from './trusted-types.ts';\n" : '';
        return { code: imports + replaced, map: null };
      },
    },
    renderChunk: {
      order: 'post',
      handler(code, chunk) {
        if (!code.includes('__INPAGE_WORKER_')) return null;
        const replaced = code.replace(placeholder, (_, name) => {
          const file = `${folder}/${name}.worker.js`;
          return `new URL('${specifier(chunk.fileName, file)}', import.meta.url)`;
        });
        return { code: replaced, map: null };
      },
    },
  };
}

/** Files of WASM runtimes that are imported by their addresses. */
const wasmFile = /^(?:onnxruntime-web|@wllama\/wllama)\/.+\.(?:m?js|wasm)\?url$/;

/** The script of wllama's workers, which its package has in parts only. */
const wllamaEngine = '@wllama/wllama/engine.js?url';

/**
 * Resolves `onnxruntime-web/<file>?url` and wllama's to a file beside the bundles; never inlined, one copy for all of them.
 * @param {{ folder: string, emit: boolean }} options `folder`: where the files are, from the root of the output.
 *   `emit`: writes them; otherwise another build does.
 * @returns {import('vite').Plugin}
 */
export function wasmUrls({ folder, emit }) {
  return {
    name: 'inpage:wasm-urls',
    enforce: 'pre',
    resolveId: {
      filter: { id: wasmFile },
      // The id shows in comments of the output, so it names no folder of this machine.
      handler: (id) => `\0${id}`,
    },
    load: {
      filter: { id: /^\0(?:onnxruntime-web|@wllama\/wllama)\/.+\?url$/ },
      async handler(id) {
        const path = id.slice(1, -'?url'.length);
        const content = id.slice(1) === wllamaEngine ? await makeWllamaEngine() : await readFile(resolveFile(path));
        const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
        const name = path.startsWith('@wllama/') ? `wllama-${basename(path).replace(/^wllama\./, 'engine.')}` : basename(path);
        const fileName = `${folder}/${name.replace(/(\.\w+)$/, `-${digest}$1`)}`;
        if (emit) this.emitFile({ type: 'asset', fileName, source: content });
        return `export default __INPAGE_FILE_${Buffer.from(fileName).toString('hex')}__;`;
      },
    },
    renderChunk: {
      order: 'post',
      handler(code, chunk) {
        if (!code.includes('__INPAGE_FILE_')) return null;
        const replaced = code.replace(
          /__INPAGE_FILE_([0-9a-f]+)__/g,
          (_, hex) => `new URL('${specifier(chunk.fileName, Buffer.from(hex, 'hex').toString())}', import.meta.url).href`,
        );
        return { code: replaced, map: null };
      },
    },
  };
}

/**
 * Serves the script of wllama's workers while the development server runs; in a build it is a file like the others.
 * @returns {import('vite').Plugin}
 */
export function wllamaEngineServer() {
  const address = '/@inpage/wllama-engine.js';
  return {
    name: 'inpage:wllama-engine',
    apply: 'serve',
    enforce: 'pre',
    resolveId: { filter: { id: /^@wllama\/wllama\/engine\.js\?url$/ }, handler: (id) => `\0${id}` },
    load: { filter: { id: /^\0@wllama\/wllama\/engine\.js\?url$/ }, handler: () => `export default '${address}';` },
    configureServer(server) {
      server.middlewares.use(address, async (_request, response) => {
        const headers = /** @type {Record<string, string>} */ (server.config.server.headers ?? {});
        response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(await makeWllamaEngine());
      });
    },
  };
}

/**
 * One script for all of wllama's workers, of two in its package. The library puts it together in the page and starts it from a
 * `blob:` address, which a strict policy forbids; as a file it is allowed. The first worker is told its options by its name; those
 * of the threads are called `em-pthread`, and run the compiled code alone.
 */
async function makeWllamaEngine() {
  /** @param {string} path */
  const part = (path) => readFile(resolveFile(`@wllama/wllama/${path}`), 'utf8');
  const [{ version }, license, main, compiled] = await Promise.all([
    part('package.json').then(JSON.parse),
    part('LICENCE'),
    part('src/workers-code/llama-cpp.js'),
    part('src/wasm/wllama.js'),
  ]);
  if (!compiled.includes('var Module')) throw new Error(`wllama ${version} is built in another way: see makeWllamaEngine.`);
  return `/*! @wllama/wllama ${version}, with llama.cpp. ${license.trim()} */
const isThread = self.name.startsWith('em-pthread');
const RUN_OPTIONS = isThread ? {} : JSON.parse(self.name);
// Where Trusted Types are demanded: the threads come from this script too.
const createScriptURL = (url) => {
  if (new URL(url, self.location.href).href !== self.location.href) throw new TypeError(url + ' is not this script.');
  return url;
};
try {
  self.trustedTypes?.createPolicy('default', { createScriptURL });
} catch {}
// The model runs on the CPU.
Object.defineProperty(self.navigator, 'gpu', { value: { requestAdapter: async () => null } });
// llama.cpp keeps what it has read of earlier conversations for as long as there is memory.
const { Memory } = WebAssembly;
WebAssembly.Memory = function (limits) {
  const maximum = Math.min(Number(limits.maximum), RUN_OPTIONS.pages);
  return new Memory({ ...limits, maximum: BigInt(maximum) });
};
if (!WebAssembly.Suspending) {
  // The compiled code names both; without them it reads files at once and never waits.
  WebAssembly.Suspending = function (call) { return call; };
  WebAssembly.promising = (call) => async (...values) => call(...values);
}
${main}
function wModuleInit() {
if (!isThread) Module.mainScriptUrlOrBlob = self.location.href;
${compiled.replace('var Module', 'var ___Module')};
return Module;
}
if (isThread) {
  Module = {};
  wModuleInit();
}
`;
}

/**
 * Libraries that are loaded on demand, each built as a module of its own, so that pages and workers share them: `input` and
 * `entries` build them, `aside` makes a script load them from there.
 * @param {{ folder: string, libraries: Record<string, string> }} options `folder`: where they are, from the root of the output.
 *   `libraries`: what is exported from each, `*` for everything; a CommonJS package needs its names.
 * @returns {{ input: Record<string, string>, entries: import('vite').Plugin, aside: import('vite').Plugin }}
 */
export function librariesOnDemand({ folder, libraries }) {
  const prefix = '\0inpage:library:';
  /** @param {string} name */
  const fileOf = (name) => `${folder}/${name.replace(/^@/, '').replaceAll('/', '-')}`;
  return {
    input: Object.fromEntries(Object.keys(libraries).map((name) => [fileOf(name), prefix + name])),
    entries: {
      name: 'inpage:libraries',
      resolveId: { filter: { id: /^\0inpage:library:/ }, handler: (id) => id },
      load: {
        filter: { id: /^\0inpage:library:/ },
        handler(id) {
          const name = id.slice(prefix.length);
          return `export ${libraries[name]} from '${name}';`;
        },
      },
    },
    aside: {
      name: 'inpage:libraries-aside',
      enforce: 'pre',
      resolveId: {
        filter: { id: /^[\w@]/ },
        handler: (id, _importer, { kind }) =>
          kind === 'dynamic-import' && id in libraries ? { id: `inpage-library:${fileOf(id)}`, external: true } : null,
      },
      renderChunk: {
        order: 'post',
        handler(code, chunk) {
          if (!code.includes('inpage-library:')) return null;
          return {
            code: code.replace(/inpage-library:([\w/-]+)/g, (_, file) => specifier(chunk.fileName, `${file}.js`)),
            map: null,
          };
        },
      },
    },
  };
}

/**
 * Source modules that a script imports on demand from files beside it, which another run builds.
 * @param {Record<string, string>} files file name by the path of the source from the root, e.g. `{ 'src/index.ts': 'inpage.js' }`
 * @returns {import('vite').Plugin}
 */
export function modulesAside(files) {
  const prefix = 'inpage-module:';
  return {
    name: 'inpage:modules-aside',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      async handler(source, importer, { kind }) {
        if (kind !== 'dynamic-import') return null;
        const resolved = await this.resolve(source, importer, { skipSelf: true });
        const file = Object.keys(files).find((path) => resolved?.id.endsWith(`/${path}`));
        return file ? { id: prefix + files[file], external: true } : null;
      },
    },
    renderChunk: {
      order: 'post',
      handler: (code) => ({ code: code.replaceAll(prefix, './'), map: null }),
    },
  };
}

/** Compiled binaries in base64, by what they were compiled from: one build runs Vite several times. @type {Map<string, Promise<string>>} */
const compiled = new Map();

/**
 * Compiles an AssemblyScript source that is imported with `?assembly`; the module's default export is the binary in base64.
 * The binary imports its memory as `env.memory` and has no runtime.
 * @returns {import('vite').Plugin}
 */
export function assemblyScript() {
  return {
    name: 'inpage:assembly-script',
    enforce: 'pre',
    load: {
      filter: { id: /\.ts\?assembly$/ },
      async handler(id) {
        const entry = id.slice(0, -'?assembly'.length);
        const folder = dirname(entry);
        /** @type {Record<string, string>} */
        const sources = {};
        for (const name of (await readdir(folder)).sort()) {
          if (!name.endsWith('.ts')) continue;
          this.addWatchFile(`${folder}/${name}`);
          // The compiler adds an extension to every import; ours have one.
          sources[name] = (await readFile(`${folder}/${name}`, 'utf8')).replace(/(from '\.\/[\w-]+)\.ts'/g, "$1'");
        }
        const key = JSON.stringify([basename(entry), sources]);
        const binary = compiled.get(key) ?? compile(basename(entry), sources);
        compiled.set(key, binary);
        return `export default '${await binary}';`;
      },
    },
  };
}

/**
 * @param {string} entry @param {Record<string, string>} sources by file name
 * @throws Error with the compiler's messages
 */
async function compile(entry, sources) {
  // Loaded late: it is large, and most runs of Vite have nothing to compile.
  const { main } = await import('assemblyscript/asc');
  let binary = new Uint8Array();
  const { error, stderr } = await main(
    [entry, '--outFile', 'out.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'],
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: (_name, content) => {
        binary = /** @type {Uint8Array<ArrayBuffer>} */ (content);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${entry} could not be compiled:\n${stderr}`);
  return Buffer.from(binary).toString('base64');
}

/**
 * Makes transformers.js in Node the one of the page, with the WASM runtime: where it sees Node it wants a native runtime.
 * @returns {import('vite').Plugin}
 */
export function transformersAsInPages() {
  return {
    name: 'inpage:transformers-as-in-pages',
    transform: {
      filter: { id: /@huggingface\/transformers\/dist\/transformers\.web\.js$/ },
      handler: (code) => ({ code: `const process = undefined;\n${code}`, map: null }),
    },
  };
}
