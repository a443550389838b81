// The documents under a path, for the terminal commands.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';

/** What is taken from a folder; a file that is named is taken whatever it is. JSON in a folder is rather settings than text. */
const readable = new Set(['.md', '.markdown', '.txt', '.html', '.htm', '.pdf']);

/**
 * Files to add, and the folder that they are in.
 * @param {string} path
 * @returns {Promise<{ folder: string, files: string[] }>} files relative to the folder, with forward slashes
 */
export async function findDocuments(path) {
  const target = resolve(path);
  const found = await stat(target).catch(() => undefined);
  if (!found) throw new Error(`There is no file or folder "${path}".`);
  if (found.isFile()) return { folder: dirname(target), files: [basename(target)] };
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && readable.has(extname(entry.name).toLowerCase()))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(target.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !/(?:^|\/)(?:node_modules\/|dist\/|\.)/.test(file))
    .sort();
  if (files.length === 0) throw new Error(`There is nothing to read in "${path}" (${[...readable].join(' ')}).`);
  return { folder: target, files };
}

/** Where the page finds a file of a folder that is mounted as `documents/`. @param {string} id path in the folder */
export const addressOf = (id) => ({ id, url: `documents/${id.split('/').map(encodeURIComponent).join('/')}` });
