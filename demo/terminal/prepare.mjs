// What every command needs first: packages installed as the lockfile says, and builds that match the sources.
// Node's own modules only, so that it runs on a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const lockfile = join(root, 'package-lock.json');
/** Written by npm at the end of an installation. */
const installed = join(root, 'node_modules/.package-lock.json');
/** Digest of the lockfile that `node_modules` was made from: a checkout changes times, not contents. */
const stamp = join(root, 'node_modules/.inpage-lockfile');

/** Whether `node_modules` is what the lockfile says. */
export function isInstalled() {
  if (!existsSync(installed)) return false;
  const digest = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return true;
  if (statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) return false;
  writeFileSync(stamp, digest);
  return true;
}

/**
 * Installs the packages of the lockfile unless they are there.
 * @throws Error if npm fails
 */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing packages (npm ci) …');
  // Under `npm start` the running npm is known by path; elsewhere the one on the PATH is taken.
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, 'ci'], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (error || status !== 0) {
    throw new Error(
      `npm ci failed${error ? ` (${error.message})` : ''}. Check the connection to the package registry and try again.`,
    );
  }
  writeFileSync(stamp, createHash('sha256').update(readFileSync(lockfile)).digest('hex'));
}

/**
 * Installs where needed and builds what has changed.
 * @param {('package' | 'global' | 'demo')[]} targets
 * @throws Error if npm or the build fails
 */
export async function prepare(...targets) {
  ensureInstalled();
  const { build } = await import('../../test/support/build.mjs');
  await build(targets, { log: console.error });
}
