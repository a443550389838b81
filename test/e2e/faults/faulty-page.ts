// A page whose workers can be broken.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../../demo/terminal/prepare.mjs';
import { openPage, type TestPage } from '../page.ts';
import { tell } from './tell.ts';

const folder = join(root, 'test/e2e/faults');

/** Models for tests in which what they say does not matter, by their names: they load in a moment. */
const tiny = { 'tiny-llama-f16': 'gguf-tiny', 'tiny-llama-q0f32': 'mlc-tiny' } as const;

/**
 * Opens one. Not isolated, so that a model has one thread: threads that wait for each other are slow where others are at work.
 * @param options.locks false for a page without Web Locks, as on plain http
 */
export async function openFaultyPage({ locks = true } = {}): Promise<{ site: TestPage; page: Page }> {
  const site = await openPage({ isolated: false });
  site.sabotage((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const [, model, file] = /^\/models\/([\w-]+)\/(.+)/.exec(pathname) ?? [];
    if (model && model in tiny) {
      createReadStream(join(root, 'test/fixtures', tiny[model as keyof typeof tiny], model, file!))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
      return true;
    }
    if (!pathname.startsWith('/faults/')) return false;
    const module = searchParams.get('module');
    response.setHeader('Content-Type', 'text/javascript');
    response.end(
      module
        ? `import '/faults/break.js'; import ${JSON.stringify(module)};`
        : readFileSync(join(folder, pathname.slice('/faults/'.length))),
    );
    return true;
  });
  await site.context.addInitScript({ path: join(folder, 'page.js') });
  await site.context.addInitScript(tell);
  if (!locks) await site.context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  return { site, page: await site.another() };
}
