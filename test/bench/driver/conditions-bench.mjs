// `npm run bench -- conditions`: inpage with filters, and while a tenth of its documents is deleted and compacted.
import { openBrowser } from './browser.mjs';
import { openTools, tool } from './page.mjs';
import { dimension, ensureVectors, vectorsFolder } from './vectors.mjs';

/** @param {{ n: number, k: number, queries: number, rounds: number, data: string }} options */
export async function benchConditions({ n, k, queries, rounds, data }) {
  await ensureVectors(data);
  const browser = await openBrowser({ mounts: { '/vectors/': vectorsFolder } });
  try {
    const page = await openTools(browser);
    return await tool(page, 'conditions', {
      dataset: { url: '/vectors/passages.f32', dimension, base: 50_000, n },
      queries: { url: '/vectors/queries.f32', dimension, first: 0, count: queries },
      k,
      rounds,
    });
  } finally {
    await browser.close();
  }
}
