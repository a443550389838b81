// Builds the bench's pages with Vite into the ignored output folder; nothing of them is published.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemblyScript } from '../../support/build-plugins.mjs';
import { systemPages } from './system-pages.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = join(root, 'test/bench/page');

/** Files beside the systems that are none. */
const parts = { dense: ['suite', 'dataset', 'exact', 'conditions'], lexical: ['suite', 'passages'] };

/**
 * Builds the pages. Always from scratch, as a stale page would measure the wrong code, and for each process apart, as several may
 * run at a time.
 * @returns {Promise<string>} the folder; remove it at the end
 */
export async function buildPage() {
  const folder = join(root, `test/.output/bench/${process.pid}-${performance.now()}`);
  const { build } = await import('vite');
  const systems = systemPages(pages, parts);
  await build({
    configFile: false,
    root: pages,
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [assemblyScript(), systems.plugin],
    worker: { format: 'es', plugins: () => [assemblyScript()] },
    resolve: {
      alias: { '@xenova/transformers': join(pages, 'transformers-stub.ts') },
      conditions: ['onnxruntime-web-use-extern-wasm', 'worker', 'module', 'browser', 'production', 'import', 'default'],
    },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 8192,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: join(pages, 'index.html'), ...systems.input } },
    },
  });
  return folder;
}
