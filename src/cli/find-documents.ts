// The documents that a command names: files as they are, folders with all that can be read in them.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { InpageError } from '../util/errors.ts';

/** A file to be read. */
export interface DocumentFile {
  path: string;
  /** Path within the folder that was named, with slashes; the name of a file that was named itself. Identity in the index. */
  id: string;
}

/** What is taken from folders; other files must be named. */
const readable = new Set('.md .markdown .mdx .txt .text .html .htm .xhtml .pdf .rst .adoc .org'.split(' '));
const skipped = new Set(['node_modules']);

/**
 * Finds documents, in the order of their inputs and there by path.
 * @throws InpageError `invalid-argument` for an input that is not there or has no documents, and for two files of one id
 */
export async function findDocuments(inputs: readonly string[]): Promise<DocumentFile[]> {
  const found: DocumentFile[] = [];
  for (const input of inputs) found.push(...(await findIn(input)));
  const paths = new Map<string, string>();
  for (const { id, path } of found) {
    const other = paths.get(id);
    if (other !== undefined && other !== path) {
      throw new InpageError(
        'invalid-argument',
        `${other} and ${path} would both be the document "${id}". Build from a folder that holds both.`,
      );
    }
    paths.set(id, path);
  }
  return [...paths].map(([id, path]) => ({ id, path }));
}

async function findIn(input: string): Promise<DocumentFile[]> {
  const root = resolve(input);
  const entry = await stat(root).catch(() => undefined);
  if (!entry)
    throw new InpageError(
      'invalid-argument',
      `There is no file or folder ${input}. Check the path; it is relative to ${process.cwd()}.`,
    );
  if (!entry.isDirectory()) return [{ path: root, id: basename(root) }];
  const paths: string[] = [];
  await walk(root, new Set(), paths);
  if (paths.length === 0) {
    throw new InpageError(
      'invalid-argument',
      `There are no documents in ${input}. Folders are searched for ${[...readable].join(' ')}; name other files one by one.`,
    );
  }
  return paths.map((path) => ({ path, id: relative(root, path).split(sep).join('/') }));
}

/** @param above folders that this one is in, as they really are: a link may lead back to one */
async function walk(folder: string, above: ReadonlySet<string>, paths: string[]): Promise<void> {
  const real = await realpath(folder);
  if (above.has(real)) return;
  const entries = await readdir(folder, { withFileTypes: true });
  // The same order on every machine: equal documents make equal files.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name } of entries) {
    if (name.startsWith('.') || skipped.has(name)) continue;
    const path = join(folder, name);
    // Follows links.
    const entry = await stat(path).catch(() => undefined);
    if (entry?.isDirectory()) await walk(path, new Set([...above, real]), paths);
    else if (entry?.isFile() && readable.has(extname(name).toLowerCase())) paths.push(path);
  }
}
