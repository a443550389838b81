// Real vectors: made once with the project's own embedding model, then kept in the ignored output folder.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.mjs';
import { openTools, tool } from './page.mjs';
import { readTexts } from './texts.mjs';

/** Length of a vector of the project's model. */
export const dimension = 384;

/** Texts a block: the embedder sorts them by length, and a run that was cut off goes on at the next block. */
const blockSize = 512;

/** Where the vectors are kept: `<name>.f32`, little-endian float32, row-major, and beside it its texts, `<name>.jsonl`. */
export const vectorsFolder = fileURLToPath(new URL('../../.output/vectors/', import.meta.url));

/** @param {string} name of a set @param {'f32' | 'jsonl'} type */
export const vectorsFile = (name, type) => join(vectorsFolder, `${name}.${type}`);

/** Makes `passages` and `queries`, or what is missing of them. @param {string} data folder of the shared data */
export async function ensureVectors(data) {
  const missing = [];
  for (const [name, kind] of /** @type {const} */ ([
    ['queries', 'query'],
    ['passages', 'passage'],
  ])) {
    if (!isComplete(name)) missing.push({ name, kind, texts: (await readTexts(data))[name] });
  }
  await embedSets(missing);
}

/** Whether a set is there: its texts are written last. @param {string} name */
export const isComplete = (name) => existsSync(vectorsFile(name, 'jsonl'));

/** @param {{ name: string, kind: 'query' | 'passage', texts: string[] }[]} sets */
export async function embedSets(sets) {
  if (sets.length === 0) return;
  await mkdir(vectorsFolder, { recursive: true });
  const browser = await openBrowser();
  try {
    const page = await openTools(browser);
    for (const { name, kind, texts } of sets) {
      await embedAll(page, texts, kind, vectorsFile(name, 'f32'));
      await writeFile(vectorsFile(name, 'jsonl'), texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('./page.mjs').Page} page
 * @param {string[]} texts
 * @param {'query' | 'passage'} kind
 * @param {string} path
 */
async function embedAll(page, texts, kind, path) {
  const present = existsSync(path) ? (await stat(path)).size : 0;
  // Whole blocks only: the last piece may have been cut.
  let done = Math.floor(present / (blockSize * dimension * 4)) * blockSize;
  if (present > 0) await truncate(path, done * dimension * 4);
  const [started, before] = [performance.now(), done];
  while (done < texts.length) {
    const block = texts.slice(done, done + blockSize);
    await appendFile(path, Buffer.from(await tool(page, 'embedTexts', block, kind), 'base64'));
    done += block.length;
    const rate = ((done - before) / (performance.now() - started)) * 1000;
    console.error(`vectors of ${kind} texts: ${done} of ${texts.length}, ${rate.toFixed(0)}/s`);
  }
}
