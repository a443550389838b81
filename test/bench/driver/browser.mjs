// One headless Chromium with a profile on disk, and the bench's pages: each system under a host name of its own, so that it has
// its own origin, storage and renderer process.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../../demo/terminal/serve.mjs';
import { chromiumArguments, ensureChromium } from '../../support/chromium.mjs';
import { buildPage } from './build-page.mjs';

const models = fileURLToPath(new URL('../../../models/', import.meta.url));

/** Pages that are not in front must run at full speed, and memory is to be measured at once instead of at the next collection. */
const benchArguments = [
  '--host-resolver-rules=MAP *.localhost 127.0.0.1',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--enable-blink-features=ForceEagerMeasureMemory',
];

/** @typedef {Awaited<ReturnType<typeof openBrowser>>} Browser */

/** Builds the pages and opens the browser. @param {{ mounts?: Record<string, string> }} [options] more folders by URL prefix */
export async function openBrowser({ mounts = {} } = {}) {
  const { chromium } = await import('playwright-core');
  const pages = await buildPage();
  const served = await serve(pages, { mounts: { '/models/': models, ...mounts } });
  const profile = await mkdtemp(join(tmpdir(), 'inpage-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    args: [...chromiumArguments, ...benchArguments],
  });
  // A machine may be busy.
  context.setDefaultTimeout(300_000);
  return {
    profile,
    /** What a result should say about where it was made. */
    device: { cores: availableParallelism(), cpu: cpus()[0]?.model, chromium: context.browser()?.version() },
    context,
    /** @param {string} host name before `.localhost` @param {string} path with its query */
    address: (host, path) => `http://${host}.localhost:${served.port}/${path}`,
    async close() {
      await context.close();
      await served.close();
      for (const folder of [profile, pages]) await rm(folder, { recursive: true, force: true });
    },
  };
}
