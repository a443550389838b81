// Memory in a real browser: the chat model, the embedding model and the collection are loaded, used and let go, again and again.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeats } from '../support/repeats.ts';
import { openPage, type TestPage } from './page.ts';

let site: TestPage;
beforeAll(async () => {
  site = await openPage();
});
afterAll(() => site.close());

/** Processes of the browser's pages, with their resident megabytes; memory that processes share counts in part. */
async function renderers(): Promise<Map<number, number>> {
  const session = await site.context.browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const size = (id: number) => Number(/^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))![1]) / 1024;
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => [id, size(id)]));
}

/** The process of the page; the browser has others, which come and go. Found while the models are loaded. */
let pageProcess: number | undefined;

/** Resident megabytes of the page, workers included. */
async function resident(): Promise<number> {
  const sizes = await renderers();
  pageProcess ??= [...sizes].reduce((largest, next) => (next[1] > largest[1] ? next : largest))[0];
  return sizes.get(pageProcess)!;
}

/** The same once the workers are gone, which takes seconds, and their memory has been given back. */
async function settled(): Promise<number> {
  await expect.poll(() => site.page.workers().length, { timeout: 30_000 }).toBe(0);
  const session = await site.context.newCDPSession(site.page);
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = await resident();
    // Less is still being given back.
    if (now > last - 1) break;
    last = now;
  }
  await session.detach();
  return last;
}

const cycles = Math.max(2, repeats(3));

// Other systems tell the memory of a process in other ways.
test.skipIf(process.platform !== 'linux')(
  `${cycles} times loaded, asked and closed: the memory is that of the first time`,
  { timeout: 900_000 },
  async () => {
    const loaded: number[] = [];
    const closed: number[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      const text = await site.page.evaluate(async () => {
        globalThis.testAssistant = await inpage.createAssistant({ name: 'memory', device: 'wasm' });
        await testAssistant.add({ id: 'manual', text: 'To reset the lamp, hold the button for ten seconds.' });
        let text = '';
        for await (const event of testAssistant.ask('How do I reset the lamp?', { generation: { maxTokens: 8 } }))
          if (event.type === 'token') text += event.text;
        return text;
      });
      expect(text).not.toBe('');
      loaded.push(await resident());
      await site.page.evaluate(() => testAssistant.close());
      closed.push(await settled());
    }
    const list = (sizes: number[]) => sizes.map((size) => size.toFixed(0)).join(' ');
    console.log(`MB while loaded: ${list(loaded)}; after closing: ${list(closed)}`);
    // The weights of the models alone are that much.
    expect(loaded[0]! - closed[0]!).toBeGreaterThan(150);
    expect(loaded.at(-1)! / loaded[0]!).toBeLessThan(1.1);
    expect(closed.at(-1)! / closed[0]!).toBeLessThan(1.1);
  },
);
