// Makes `models/manifest.json`: size and SHA-256 of every model file, so that a page can plan, resume and check a download.
// `node test/support/models-manifest.mjs` after a file in `models/` has changed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the embedded models. */
export const modelsFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../../models');

/**
 * Size and digest of each file of each model, by `<model>/<path>` in alphabetical order.
 * @returns {Promise<Record<string, { bytes: number, sha256: string }>>}
 */
export async function readManifest() {
  const entries = await readdir(modelsFolder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.parentPath !== modelsFolder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  /** @type {Record<string, { bytes: number, sha256: string }>} */
  const manifest = {};
  for (const file of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const name = relative(modelsFolder, file).split(sep).join('/');
    manifest[name] = { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
  }
  return manifest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(join(modelsFolder, 'manifest.json'), `${JSON.stringify(await readManifest(), null, 2)}\n`);
}
