// Downloads over networks and from servers that fail, in a real browser. Each fault comes at a random place, in seeded runs.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRandom } from '../../src/util/random.ts';
import { altered } from '../support/answer-file.ts';
import { repeats } from '../support/repeats.ts';
import { content, contentOf, DownloadSite, tokenizer, weights } from './download-site.ts';
import type { SeenError } from './page.ts';

// Many downloads each, on machines that may be busy.
vi.setConfig({ testTimeout: 900_000 });

let site: DownloadSite;
beforeAll(async () => {
  site = await DownloadSite.open();
});
afterAll(() => site.close());
beforeEach(() => site.clear());

const runs = Array.from({ length: repeats(4) }, (_, seed) => seed);

test(`${runs.length} times: the network cut at a random byte, and the page reloaded at another; hardly anything comes twice`, async () => {
  const ratios: number[] = [];
  for (const seed of runs) {
    await site.clear();
    const random = createRandom(seed);
    const [first, second] = [random(), random()].sort() as [number, number];
    site.download().catch(() => {});
    await site.whenSent(first * content.length);
    site.cutNetwork();
    await site.whenSent(second * content.length);
    await site.page.reload();
    expect(await site.download(), `seed ${seed}`).toBe('downloaded');
    ratios.push(site.sent / content.length);
  }
  console.log(`bytes sent / size of the file: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`);
  expect(Math.max(...ratios)).toBeLessThanOrEqual(1.05);
  expect(Math.min(...ratios)).toBeGreaterThanOrEqual(1);
});

test(`${runs.length} times: single connections cut at random bytes`, async () => {
  for (const seed of runs) {
    await site.clear();
    const random = createRandom(seed);
    site.serve(weights, () => ({ content, ...(random() < 0.05 && { cutAfter: Math.floor(random() * 128_000) }) }));
    expect(await site.download(), `seed ${seed}`).toBe('downloaded');
    expect(site.sent / content.length, `seed ${seed}`).toBeLessThanOrEqual(1.05);
  }
});

test(`${runs.length} times: a byte altered on its way; the file is refused and fetched again`, async () => {
  for (const seed of runs) {
    await site.clear();
    // Half of them in a file that comes in pieces, half of them in one that does not.
    const file = seed % 2 ? weights : tokenizer;
    const right = contentOf(file);
    const wrong = altered(right, Math.floor(createRandom(seed)() * right.length));
    site.serve(file, () => ({ content: site.sent < right.length ? wrong : right }));
    expect(await site.download(), `seed ${seed}`).toBe('downloaded');
    expect(site.sent, `seed ${seed}`).toBe(2 * right.length);
  }
  expect(
    await site.page.evaluate(async () => {
      const embedder = inpage.transformersEmbedder({ device: 'wasm' });
      const { rows } = await embedder.embed(['It runs.']);
      await embedder.close();
      return rows;
    }),
  ).toBe(1);
});

test(`${runs.length} times: aborted at a random time, and asked for again at once`, async () => {
  for (const seed of runs) {
    await site.clear();
    const random = createRandom(seed);
    const first = site.download();
    await site.whenSent(random() * content.length);
    const [outcome] = await Promise.all([first, site.page.evaluate(() => stopDownload.abort())]);
    expect(outcome === 'downloaded' || outcome.name === 'AbortError', JSON.stringify(outcome)).toBe(true);
    expect(await site.download(), `seed ${seed}`).toBe('downloaded');
    expect(site.sent / content.length, `seed ${seed}`).toBeLessThanOrEqual(1.05);
  }
});

test(`${runs.length} times: no room; what is needed is said, and with room the download goes on`, async () => {
  const session = await site.protocol();
  const { origin } = new URL(site.url);
  try {
    for (const seed of runs) {
      await site.clear();
      const quotaSize = Math.floor(1_000_000 + createRandom(seed)() * 15_000_000);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
      const outcome = (await site.download()) as SeenError;
      expect(outcome, `seed ${seed}`).toMatchObject({ code: 'quota-exceeded', detail: { needed: expect.any(Number) } });
      expect(outcome.detail?.needed).toBeGreaterThan(content.length - quotaSize);
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      expect(await site.download(), `seed ${seed}`).toBe('downloaded');
      expect(site.sent / content.length, `seed ${seed}`).toBeLessThanOrEqual(1.05);
    }
  } finally {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  }
});
