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
 * @param {{ folder: string, base?: string }} options `folder`: where the workers are, from the root of the output.
 *   `base`: expression of the URL that `folder` is relative to, instead of the address of the module.
 * @returns {import('vite').Plugin}
 */
export function workerUrls({ folder, base }) {
  const source = /new URL\(\s*(['"])(?:\.\.?\/)+workers\/(\w+)\.worker\.ts\1,\s*import\.meta\.url,?\s*\)/g;
  const placeholder = /__INPAGE_WORKER_(\w+?)__/g;
  return {
    name: 'inpage:worker-urls',
    enforce: 'pre',
    transform: {
      filter: { code: /\.worker\.ts/ },
      handler: (code) => ({ code: code.replace(source, (_, _quote, name) => `__INPAGE_WORKER_${name}__`), map: null }),
    },
    renderChunk: {
      order: 'post',
      handler(code, chunk) {
        if (!code.includes('__INPAGE_WORKER_')) return null;
        const replaced = code.replace(placeholder, (_, name) => {
          const file = `${folder}/${name}.worker.js`;
          return base ? `new URL('./${file}', ${base})` : `new URL('${specifier(chunk.fileName, file)}', import.meta.url)`;
        });
        return { code: replaced, map: null };
      },
    },
  };
}

/**
 * Resolves `onnxruntime-web/<file>?url` to a file beside the bundles; never inlined, one copy for all of them.
 * @param {{ folder: string, emit: boolean }} options `folder`: where the files are, from the root of the output.
 *   `emit`: writes them; otherwise another build does.
 * @returns {import('vite').Plugin}
 */
export function wasmUrls({ folder, emit }) {
  return {
    name: 'inpage:wasm-urls',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^onnxruntime-web\/.+\.(?:mjs|wasm)\?url$/ },
      // The id shows in comments of the output, so it names no folder of this machine.
      handler: (id) => `\0${id}`,
    },
    load: {
      filter: { id: /^\0onnxruntime-web\/.+\?url$/ },
      async handler(id) {
        const path = resolveFile(id.slice(1, -'?url'.length));
        const content = await readFile(path);
        const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
        const fileName = `${folder}/${basename(path).replace(/(\.\w+)$/, `-${digest}$1`)}`;
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
