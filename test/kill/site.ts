// The page of the kill tests, built once, so that it opens fast in every new browser.
import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../../demo/terminal/prepare.mjs';
import { serve } from '../../demo/terminal/serve.mjs';

/** Where the page is, and how to end it. */
export interface Site {
  url: string;
  close(): Promise<void>;
}

/** Builds the page with its worker, and serves it with the fixtures. */
export async function startSite(): Promise<Site> {
  const outDir = join(root, 'test/.output/kill');
  await build({
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      // As libraries: what is loaded on demand is then loaded as it is in a worker. The worker is an entry of its own.
      lib: {
        entry: { page: join(root, 'test/kill/in-page/page.ts'), worker: join(root, 'test/kill/in-page/worker.ts') },
        formats: ['es'],
      },
      rolldownOptions: { output: { entryFileNames: '[name].js' }, checks: { pluginTimings: false } },
    },
  });
  return serve(outDir, {
    mounts: { '/fixtures/': join(root, 'test/fixtures') },
    onRequest(request, response) {
      if (request.url !== '/') return undefined;
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end('<!doctype html><title>kill</title><script type="module" src="/page.js"></script>');
      return true;
    },
  });
}
