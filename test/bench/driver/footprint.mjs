// What a system takes on disk and in memory, seen from outside the page.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Folders of a profile where pages store data: IndexedDB, and the origin private file system. */
const storageFolders = ['Default/IndexedDB', 'Default/File System'];

/** Bytes of all files in which pages of the profile store data. @param {string} profile */
export function storedBytes(profile) {
  return storageFolders.reduce((sum, folder) => sum + folderBytes(join(profile, folder)), 0);
}

/** Like {@link storedBytes}, once it has not changed for a second; at most 15 s. @param {string} profile */
export async function settledBytes(profile) {
  let bytes = storedBytes(profile);
  let quiet = 0;
  for (let waited = 0; waited < 60 && quiet < 4; waited++) {
    await setTimeout(250);
    const now = storedBytes(profile);
    quiet = now === bytes ? quiet + 1 : 0;
    bytes = now;
  }
  return bytes;
}

/** @param {string} folder @returns {number} */
function folderBytes(folder) {
  if (!existsSync(folder)) return 0;
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      sum += entry.isDirectory() ? folderBytes(path) : statSync(path).size;
    } catch {
      // The browser has just removed it.
    }
  }
  return sum;
}

/**
 * Resident bytes of the renderer processes of a browser, shared pages counted in part; null where there is no `/proc`.
 * @param {string} profile names the browser in its command line
 */
export function rendererBytes(profile) {
  if (!existsSync('/proc/self/smaps_rollup')) return null;
  /** @type {Map<string, { parent: string, command: string }>} */
  const processes = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? '';
      processes.set(id, { parent, command });
    } catch {
      // It has ended.
    }
  }
  /** @param {string} id @returns {boolean} */
  const isOurs = (id) => {
    const process = processes.get(id);
    return process !== undefined && (process.command.includes(profile) || isOurs(process.parent));
  };
  let sum = 0;
  for (const [id, { command }] of processes) {
    if (!command.includes('--type=renderer') || !isOurs(id)) continue;
    try {
      sum += 1024 * Number(/^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return sum;
}
