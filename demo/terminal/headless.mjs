// A headless Chromium on the built page, for the terminal commands.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { serve } from './serve.mjs';

/**
 * Builds what has changed, serves it and opens the headless page.
 * @param {{ mounts?: Record<string, string>, onEvent?: (event: any) => void }} [options] `onEvent` gets what the page emits
 */
export async function openHeadless({ mounts = {}, onEvent = () => {} } = {}) {
  await prepare('demo');
  const { chromium } = await import('playwright-core');
  const { chromiumArguments, ensureChromium } = await import('../../test/support/chromium.mjs');
  const served = await serve(join(root, 'dist/demo'), { mounts });
  const profile = await mkdtemp(join(tmpdir(), 'inpage-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    args: chromiumArguments,
  });
  const close = async () => {
    await context.close();
    await served.close();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const page = await context.newPage();
    await page.exposeFunction('inpageEmit', onEvent);
    await page.goto(`${served.url}headless.html`);
    await page.waitForFunction('window.inpageHeadless');
    return { page, url: served.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ends the program with a message, without a stack. @param {unknown} error */
export function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message.replace(/^(?:page\.\w+: )?(?:Error: )?/, ''));
  process.exitCode = 1;
}
