// The exact answers that recall is measured against; kept, because at a million rows they take minutes.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tool } from './page.mjs';
import { vectorsFolder } from './vectors.mjs';

/** Another way of mixing vectors gives other answers. */
const mixing = fileURLToPath(new URL('../page/dense/dataset.ts', import.meta.url));

/**
 * @param {import('./page.mjs').Page} page
 * @param {{ base: string, queries: string }} files
 * @param {unknown} dataset @param {unknown} queries settings, as the page takes them
 * @param {number} k
 * @returns {Promise<number[][]>} for each query the ids that may be among its `k` nearest
 */
export async function exactAnswers(page, files, dataset, queries, k) {
  const hash = createHash('sha256').update(await readFile(mixing));
  for (const path of [files.base, files.queries]) hash.update(`${path} ${(await stat(path)).mtimeMs}`);
  const key = hash
    .update(JSON.stringify([dataset, queries, k]))
    .digest('hex')
    .slice(0, 16);
  const path = join(vectorsFolder, `exact-${key}.json`);
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8'));
  console.error(`exact answers for ${path}, once`);
  const answers = await tool(page, 'exact', dataset, queries, k);
  await mkdir(vectorsFolder, { recursive: true });
  await writeFile(path, JSON.stringify(answers));
  return answers;
}
