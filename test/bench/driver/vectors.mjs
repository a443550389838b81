// Real vectors: made once with the project's own embedding model, then kept in the ignored output folder.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.mjs';
import { buildPage } from './build-page.mjs';
import { call, openPage } from './page.mjs';
import { readTexts } from './texts.mjs';

/** Length of a vector of the project's model. */
export const dimension = 384;

/** Texts a block: the embedder sorts them by length, and a run that was cut off goes on at the next block. */
const blockSize = 2048;

/** Where the vectors are kept. */
export const vectorsFolder = fileURLToPath(new URL('../../.output/vectors/', import.meta.url));

/**
 * Makes `passages.f32`, `queries.f32` (little-endian float32, row-major) and the texts beside them (`.jsonl`), or what is missing
 * of them.
 * @param {string} data folder of the shared data
 * @returns {Promise<{ passages: string, queries: string }>} paths of the vectors
 */
export async function ensureVectors(data) {
  const paths = { passages: join(vectorsFolder, 'passages.f32'), queries: join(vectorsFolder, 'queries.f32') };
  if (existsSync(join(vectorsFolder, 'complete'))) return paths;
  const texts = await readTexts(data);
  await mkdir(vectorsFolder, { recursive: true });
  await buildPage();
  const browser = await openBrowser();
  try {
    const page = await openPage(browser, 'embed');
    for (const [name, kind] of /** @type {const} */ ([
      ['queries', 'query'],
      ['passages', 'passage'],
    ])) {
      await embedAll(page, texts[name], kind, paths[name]);
      await writeFile(join(vectorsFolder, `${name}.jsonl`), texts[name].map((text) => `${JSON.stringify(text)}\n`).join(''));
    }
    await writeFile(join(vectorsFolder, 'complete'), '');
  } finally {
    await browser.close();
  }
  return paths;
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string[]} texts
 * @param {'query' | 'passage'} kind
 * @param {string} path
 */
async function embedAll(page, texts, kind, path) {
  const present = existsSync(path) ? (await stat(path)).size : 0;
  // Whole blocks only: the last piece may have been cut.
  const blockBytes = blockSize * dimension * 4;
  let done = Math.floor(present / blockBytes) * blockSize;
  if (present > 0) await truncate(path, done * dimension * 4);
  const started = performance.now();
  const before = done;
  while (done < texts.length) {
    const block = texts.slice(done, done + blockSize);
    await appendFile(path, Buffer.from(await call(page, 'embedTexts', block, kind), 'base64'));
    done += block.length;
    const rate = ((done - before) / (performance.now() - started)) * 1000;
    console.error(`vectors of ${kind} texts: ${done} of ${texts.length}, ${rate.toFixed(0)}/s`);
  }
}
