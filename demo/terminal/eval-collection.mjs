// The collection of a data set as one file in the ignored output folder: made once, imported by every run after.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openHeadless } from './headless.mjs';
import { root } from './prepare.mjs';

/** Where the files are. */
export const evalFolder = join(root, 'test/.output/eval');

/** The page, with the folder of the files as `eval/`, and a way to keep files there. @param {Record<string, string>} [mounts] more folders */
export async function openEvaluation(mounts = {}) {
  await mkdir(evalFolder, { recursive: true });
  const headless = await openHeadless({ mounts: { '/eval/': evalFolder, ...mounts }, onEvent: showProgress });
  await headless.page.exposeFunction(
    'inpageSave',
    async (/** @type {string} */ file, /** @type {string | undefined} */ base64) => {
      const incoming = join(evalFolder, `${file}.incoming`);
      if (base64) await appendFile(incoming, Buffer.from(base64, 'base64'));
      else await rename(incoming, join(evalFolder, file));
    },
  );
  return headless;
}

/** @param {{ type: string, what?: string, done?: number, total?: number }} event */
function showProgress({ type, what, done, total }) {
  if (type === 'progress' && process.stderr.isTTY)
    process.stderr.write(`\r\x1b[K${what} ${done}/${total}${done === total ? '\n' : ''}`);
  else if (type === 'collection') console.error(`${what}: ${done} of ${total} documents`);
}

/**
 * Makes the collection unless it is there. A run that was cut off goes on where it was.
 * @param {import('playwright-core').Page} page
 * @param {string} name of the data set
 * @param {Awaited<ReturnType<typeof import('./eval-data.mjs').readData>>} data
 * @param {string} [chunker] whole or default, another one than the data set's own
 */
export async function ensureCollection(page, name, { documents, cases, chunker: own }, chunker = own) {
  const collection = chunker === own ? name : `${name}-${chunker}`;
  const [set, file, partial] = [`${collection}.json`, `${collection}.inpage`, `${collection}.partial.inpage`];
  const at = (/** @type {string} */ part) => join(evalFolder, part);
  const made = { collection, file, chunker, cases };
  if (existsSync(at(file))) return made;
  await writeFile(at(set), JSON.stringify({ documents, chunker }));
  await rm(at(`${partial}.incoming`), { force: true });
  const settings = { set: `eval/${set}`, file: partial, present: existsSync(at(partial)) };
  const size = await page.evaluate((input) => /** @type {any} */ (window).inpageHeadless.eval.buildCollection(input), settings);
  await rename(at(partial), at(file));
  await rm(at(set));
  console.error(`${collection}: ${size.documents} documents, ${size.passages} passages`);
  return made;
}
