// `npm run bench -- retrieval`: how well words, vectors and their fusions rank SciFact's abstracts for its claims.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { openTools, tool } from './page.mjs';
import { dimension, embedSets, isComplete, vectorsFolder } from './vectors.mjs';

/** What is compared: parts of a query to the store. */
const variants = {
  lexical: { mode: 'lexical' },
  dense: { mode: 'dense' },
  'dense, exact': { mode: 'dense', exact: true },
  hybrid: {},
  ...Object.fromEntries(
    [0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((weight) => [`convex ${weight}`, { fusion: { method: 'convex', weight } }]),
  ),
  'rrf 60': { fusion: { method: 'rrf', constant: 60 } },
};

/**
 * @param {string} data folder of the shared data
 * @returns {Promise<{ queries: number, rows: import('../page/retrieval.ts').RetrievalRow[] }>}
 */
export async function benchRetrieval(data) {
  const lines = async (/** @type {string} */ name) =>
    (await readFile(join(data, 'scifact', name), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const sets = /** @type {const} */ ([
    { name: 'scifact-queries', kind: 'query', of: 'queries.jsonl' },
    { name: 'scifact-passages', kind: 'passage', of: 'corpus.jsonl' },
  ]);
  const missing = [];
  for (const { name, kind, of } of sets) {
    if (isComplete(name)) continue;
    const texts = (await lines(of)).map(({ title, text }) => (title ? `${title} ${text}` : text));
    missing.push({ name, kind, texts });
  }
  await embedSets(missing);
  const browser = await openBrowser({ mounts: { '/data/': data, '/vectors/': vectorsFolder } });
  try {
    return await tool(await openTools(browser), 'retrieval', { dimension, variants });
  } finally {
    await browser.close();
  }
}
