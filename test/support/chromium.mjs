// Finds a Chromium: CHROME_PATH, the usual places, Playwright's own; installs one where it can; else says what to do.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
  `${process.env.LOCALAPPDATA}\\Google\\Chrome\\Application\\chrome.exe`,
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of a Chromium that is there, or undefined. @returns {Promise<string | undefined>} */
export async function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROME_PATH is "${named}", but there is no program. Correct it or unset it.`);
    return named;
  }
  const found = usual.find(isExecutable);
  if (found) return found;
  const { chromium } = await import('playwright-core');
  return [chromium.executablePath()].find(isExecutable);
}

/** Path of a Chromium; installs one if there is none. @returns {Promise<string>} */
export async function ensureChromium() {
  const found = await findChromium();
  if (found) return found;
  console.error('No Chromium found; trying to install one.');
  /** @type {[string, string[]][]} */
  const ways = [
    ...(process.platform === 'linux' && process.getuid?.() === 0
      ? /** @type {[string, string[]][]} */ ([
          ['apt-get', ['update', '-qq']],
          ['apt-get', ['install', '-y', '-qq', 'chromium']],
        ])
      : []),
    ['npx', ['playwright-core', 'install', 'chromium-headless-shell', 'chromium']],
  ];
  for (const [command, args] of ways) {
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
    } catch {
      // The next way may work.
    }
    const installed = await findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium found and none could be installed. Install Chrome or Chromium (Debian: apt-get install chromium), or set CHROME_PATH.',
  );
}

/** Flags for a headless run that needs no network and has a software WebGPU adapter. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];
