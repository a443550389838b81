// A Chromium with a profile that outlives it, in a process group of its own, so that it can be killed as a crash would kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromiumArguments, ensureChromium } from '../support/chromium.mjs';

const flags = [
  ...chromiumArguments,
  '--headless',
  '--remote-debugging-port=0',
  '--disable-extensions',
  '--disable-breakpad',
  '--no-default-browser-check',
  '--password-store=basic',
];

/** A running browser. */
export interface KillableBrowser {
  context: BrowserContext;
  /** Sends SIGKILL to all its processes at once, and resolves when the browser is gone. */
  kill(): Promise<void>;
}

/**
 * Starts Chromium on a profile folder, which may be that of one that was killed.
 * @throws Error with what it printed, if it does not start
 */
export async function startBrowser(profile: string): Promise<KillableBrowser> {
  // The dead one's claim to the profile.
  for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) await rm(join(profile, name), { force: true });
  const child = spawn(await ensureChromium(), [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
    await gone;
  };
  try {
    const browser: Browser = await chromium.connectOverCDP(await devtoolsAddress(child));
    return { context: browser.contexts()[0]!, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch (error) {
    // It went by itself in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function devtoolsAddress(child: ChildProcess): Promise<string> {
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    printed.push(line);
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (!address) continue;
    // What it prints later must not fill the pipe.
    child.stderr!.resume();
    return address;
  }
  throw new Error(`Chromium did not start:\n${printed.join('\n')}`);
}
