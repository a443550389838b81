// Two tabs that need the same model, in a real browser: one downloads, the other waits and shares, or takes over.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRandom } from '../../src/util/random.ts';
import { repeats } from '../support/repeats.ts';
import { content, DownloadSite, weights } from './download-site.ts';

// Many downloads each, on machines that may be busy.
vi.setConfig({ testTimeout: 900_000 });

let site: DownloadSite;
beforeAll(async () => {
  site = await DownloadSite.open();
});
afterAll(() => site.close());

let other: Page;
beforeEach(async () => {
  other = await site.another();
});

const runs = Array.from({ length: repeats(4) }, (_, seed) => seed);

test(`${runs.length} times: both load at once; every file is fetched once, and both see the progress`, async () => {
  for (const seed of runs) {
    await site.clear();
    expect(await Promise.all([site.download(), site.download(other)]), `seed ${seed}`).toEqual(['downloaded', 'downloaded']);
    expect(site.sent, `seed ${seed}`).toBe(content.length);
    const files = site.asked.filter((path) => path !== weights && !path.endsWith('manifest.json'));
    expect(files.length, files.join()).toBe(new Set(files).size);
    for (const tab of [site.page, other]) expect(await tab.evaluate(() => heardBytes)).toBeGreaterThan(0);
  }
  await other.close();
});

test(`${runs.length} times: the tab that downloads is closed; the other goes on`, async () => {
  for (const seed of runs) {
    await site.clear();
    const random = createRandom(seed);
    site.download(other).catch(() => {});
    await site.whenSent(1);
    const outcome = site.download();
    await site.whenSent(random() * content.length);
    await other.close();
    expect(await outcome, `seed ${seed}`).toBe('downloaded');
    expect(site.sent / content.length, `seed ${seed}`).toBeLessThanOrEqual(1.05);
    other = await site.another();
  }
  await other.close();
});
