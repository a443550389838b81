// Makes `manifest.json` of a folder of models: size and SHA-256 of every file, so that a page can plan, resume and check a download.
// `node test/support/models-manifest.mjs` after a file of an embedded model has changed. What lies in `models/mlc/` is not part of
// the repository: that folder's manifest is made whenever it is built or served.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the embedded models. */
export const modelsFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../../models');

/** Models compiled for web-llm, one folder each, that somebody has put there. */
export const compiledFolder = join(modelsFolder, 'mlc');

/** @typedef {Record<string, { bytes: number, sha256: string }>} Manifest by `<model>/<path>`, in alphabetical order */

/**
 * Size and digest of each file of each model; files directly in the folder are not of a model.
 * @param {string} [folder]
 * @returns {Promise<Manifest>}
 */
export async function readManifest(folder = modelsFolder) {
  const last = await readLast(folder);
  /** @type {Manifest} */
  const manifest = {};
  for (const file of await modelFiles(folder)) {
    const name = relative(folder, file).split(sep).join('/');
    const { size, ctimeMs } = await stat(file);
    const known = last.manifest[name];
    // Digesting gigabytes at every start would take long. A copy keeps the time of its content, but not that of the file.
    const same = known?.bytes === size && ctimeMs < last.writtenMs;
    manifest[name] = { bytes: size, sha256: same ? known.sha256 : await digest(file) };
  }
  return manifest;
}

/** @param {string} folder */
async function modelFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.parentPath !== folder && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => folder === compiledFolder || !file.startsWith(compiledFolder + sep))
    .sort();
}

/** What was written before, where its digests may be taken over. @param {string} folder @returns {Promise<{ manifest: Manifest, writtenMs: number }>} */
async function readLast(folder) {
  // Those of the repository are what a test checks.
  if (folder !== compiledFolder) return { manifest: {}, writtenMs: 0 };
  const path = join(folder, 'manifest.json');
  try {
    return { manifest: JSON.parse(await readFile(path, 'utf8')), writtenMs: (await stat(path)).mtimeMs };
  } catch {
    return { manifest: {}, writtenMs: 0 };
  }
}

/** @param {string} file */
async function digest(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes the folder's manifest. @param {string} folder */
export async function writeManifest(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(await readManifest(folder), null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeManifest(modelsFolder);
