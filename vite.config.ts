// Development server and tests. Builds: see `test/support/build.mjs`.
import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { assemblyScript, wllamaEngineServer } from './test/support/build-plugins.mjs';
import { chromiumArguments, findChromium } from './test/support/chromium.mjs';
import { compiledFolder, writeManifest } from './test/support/models-manifest.mjs';

// Isolation gives the WASM runtime its threads.
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const executablePath = process.env.VITEST ? await findChromium() : undefined;

await writeManifest(compiledFolder);

export default defineConfig({
  server: { headers: isolation },
  preview: { headers: isolation },
  plugins: [assemblyScript(), wllamaEngineServer()],
  worker: { format: 'es', plugins: () => [assemblyScript(), wllamaEngineServer()] },
  // One of the Markdown parser's parts has a version for pages that fails in a worker.
  resolve: { conditions: ['worker', ...defaultClientConditions] },
  optimizeDeps: {
    // One file a language, loaded on demand.
    exclude: ['@orama/stemmers', '@orama/stopwords'],
    include: [
      '@huggingface/transformers',
      '@mlc-ai/web-llm',
      '@mozilla/readability',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      'comlink',
      'dom-accessibility-api',
      'eventsource-parser',
      'idb',
      'linkedom/worker',
      'mdast-util-from-markdown',
      'mdast-util-frontmatter',
      'micromark-extension-frontmatter',
      'partial-json',
      'unpdf',
      '@wllama/wllama',
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{unit,contract,arch}/**/*.test.ts'],
          // Machines that test are often busy.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          // Errors elsewhere are the compiler's own step.
          typecheck: { enabled: true, only: true, include: ['test/types/**/*.test-d.ts'], ignoreSourceErrors: true },
        },
      },
      {
        extends: true,
        test: {
          name: 'build',
          environment: 'node',
          include: ['test/build/**/*.test.ts'],
          globalSetup: 'test/support/build-first.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/support/openai/setup.ts',
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumArguments },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/build-first.ts',
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'remote',
          environment: 'node',
          include: ['test/remote/**/*.test.ts'],
          globalSetup: 'test/support/build-first.ts',
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kill',
          environment: 'node',
          include: ['test/kill/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
