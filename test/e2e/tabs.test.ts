// One model for several tabs, in a real browser: files fetched once, one worker, and tabs that close, crash or freeze.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Llm, LoadProgress } from '../../src/index.ts';
import { openPage, type SeenError, type TestPage } from './page.ts';

declare global {
  var sharedLlm: Llm;
  /** Text of the generation that runs. */
  var spoken: string;
}

let site: TestPage;
let pages: Page[];
beforeEach(async () => {
  site = await openPage();
  pages = [site.page, await site.another()];
});
afterEach(() => site.close());

const openLlm = (page: Page, options: object = {}) =>
  page.evaluate((options) => {
    globalThis.sharedLlm = inpage.transformersLlm({ device: 'wasm', ...options });
  }, options);

/** Generates; gives the text, or the error. */
const say = (page: Page, maxTokens = 8) =>
  page.evaluate(async (maxTokens) => {
    globalThis.spoken = '';
    try {
      const story = [{ role: 'user' as const, content: 'Tell me a story about a page.' }];
      for await (const event of sharedLlm.generate(story, { maxTokens })) if (event.type === 'token') spoken += event.text;
      return { text: spoken };
    } catch (error) {
      const { code, message } = error as SeenError;
      return { code, message, text: spoken };
    }
  }, maxTokens);

/** Workers of models that live, in all tabs; those of the WASM threads are not counted. */
const workers = (name = 'llm') =>
  site.context
    .pages()
    .flatMap((page) => page.workers())
    .filter((worker) => worker.url().includes(`/${name}.worker`)).length;

/** Bytes of weights that were fetched. */
const fetched = () => site.requests.filter(({ path }) => path.includes('.onnx')).reduce((sum, { bytes }) => sum + bytes, 0);

async function kill(page: Page): Promise<void> {
  const session = await site.context.newCDPSession(page);
  const gone = page.waitForEvent('crash');
  // There is no answer.
  session.send('Page.crash').catch(() => {});
  await gone;
}

/** Begins to watch who leads; gives the moment when that changes, in epoch milliseconds. */
async function nextLeader(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(async () => {
    const leader = async () =>
      (await navigator.locks.query()).held?.find(({ name }) => name?.startsWith('inpage-engine'))?.clientId;
    const first = await leader();
    const change = (async () => {
      for (;;) {
        const now = await leader();
        if (now && now !== first) return Date.now();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    Object.assign(globalThis, { change });
  });
  return () => page.evaluate(() => (globalThis as unknown as { change: Promise<number> }).change);
}

describe('two tabs', () => {
  test('load at once: files fetched once, one worker, progress in both, the same answers', async () => {
    const load = (page: Page) =>
      page.evaluate(async () => {
        const phases = new Set<LoadProgress['phase']>();
        const { model } = await sharedLlm.load({ onProgress: ({ phase }) => phases.add(phase) });
        return { model, phases: [...phases] };
      });
    for (const page of pages) await openLlm(page);
    const loaded = await Promise.all(pages.map(load));
    for (const { model, phases } of loaded) {
      expect(model).toBe('SmolLM2-135M-Instruct');
      expect(phases).toContain('download');
      expect(phases.at(-1)).toBe('ready');
    }
    expect(workers()).toBe(1);
    const size = await pages[0]!.evaluate(async () => {
      const manifest = (await (await fetch('/models/manifest.json')).json()) as Record<string, { bytes: number }>;
      return Object.entries(manifest)
        .filter(([path]) => path.startsWith('SmolLM2-135M-Instruct/') && path.includes('.onnx'))
        .reduce((sum, [, { bytes }]) => sum + bytes, 0);
    });
    expect(fetched()).toBeGreaterThanOrEqual(size);
    expect(fetched()).toBeLessThanOrEqual(1.05 * size);
    const [one, other] = await Promise.all(pages.map((page) => say(page)));
    expect(one!.text).not.toBe('');
    expect(other).toEqual(one);

    // An abort in one tab is felt there at once, and leaves the model free for the other.
    const aborted = await pages[1]!.evaluate(async () => {
      const controller = new AbortController();
      let tokens = 0;
      try {
        const story = [{ role: 'user' as const, content: 'Tell me a long story.' }];
        for await (const event of sharedLlm.generate(story, { maxTokens: 2000, signal: controller.signal }))
          if (event.type === 'token' && ++tokens === 3) controller.abort();
        return 'ended';
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(aborted).toBe('AbortError');
    expect(await say(pages[0]!)).toEqual(one);

    // Closing in one tab leaves the other its model, and so does closing in the tab that has the worker.
    await pages[1]!.evaluate(() => sharedLlm.close());
    expect(await say(pages[0]!)).toEqual(one);
    await openLlm(pages[1]!);
    expect(await say(pages[1]!)).toEqual(one);
    await pages[0]!.evaluate(() => sharedLlm.close());
    expect(await say(pages[1]!)).toEqual(one);
    expect(workers()).toBe(1);
    expect(fetched()).toBeLessThanOrEqual(1.05 * size);
  });

  test('ask their own documents through one embedding model and one chat model', async () => {
    const ask = (page: Page, thing: string) =>
      page.evaluate(async (thing) => {
        const assistant = await inpage.createAssistant({ name: thing, device: 'wasm' });
        await assistant.add({ id: thing, text: `To reset the ${thing}, hold its button for ten seconds.` });
        let text = '';
        const ask = { generation: { maxTokens: 12 } };
        for await (const event of assistant.ask(`How do I reset the ${thing}?`, ask))
          if (event.type === 'token') text += event.text;
        return { text, hits: (await assistant.search(thing)).map(({ document }) => document) };
      }, thing);
    const seen = await Promise.all([ask(pages[0]!, 'lamp'), ask(pages[1]!, 'radio')]);
    expect(seen.map(({ hits }) => hits)).toEqual([['lamp'], ['radio']]);
    for (const { text } of seen) expect(text).not.toBe('');
    expect([workers('llm'), workers('embed'), workers('store')]).toEqual([1, 1, 2]);
  });

  test('that want it otherwise have a model each', async () => {
    const load = (page: Page, options: object) =>
      page.evaluate(async (options) => {
        await inpage.transformersEmbedder({ device: 'wasm', ...options }).embed(['one']);
      }, options);
    await load(pages[0]!, {});
    await load(pages[1]!, { shareTabs: false });
    expect(workers('embed')).toBe(2);
    // Other settings are another model.
    await load(pages[1]!, { prefix: { query: 'query: ' } });
    expect(workers('embed')).toBe(3);
    await load(pages[1]!, {});
    expect(workers('embed')).toBe(3);
  });

  test('the tab that waits decides about the download', async () => {
    const load = (page: Page, answer: boolean) =>
      page.evaluate(async (answer) => {
        const asked: string[] = [];
        const confirmDownload = ({ model }: { model: string }) => {
          asked.push(model);
          return answer;
        };
        const outcome = await inpage
          .transformersEmbedder({ device: 'wasm', confirmDownload })
          .load()
          .then(
            ({ device }) => device,
            ({ code }) => code,
          );
        return { outcome, asked };
      }, answer);
    const once = ['all-MiniLM-L6-v2'];
    expect(await load(pages[0]!, false)).toEqual({ outcome: 'download-declined', asked: once });
    expect(await load(pages[1]!, true)).toEqual({ outcome: 'wasm', asked: once });
    expect(await pages.map((page) => page.workers().some((worker) => worker.url().includes('/embed.worker')))).toEqual([
      true,
      false,
    ]);
  });
});

describe('the tab that runs the model', () => {
  beforeEach(async () => {
    for (const page of pages) await openLlm(page);
    expect((await say(pages[0]!)).text).not.toBe('');
  });

  test('closes in the middle of an answer: a typed error, another leader within a second, and the next call works', async () => {
    const leader = await nextLeader(pages[1]!);
    const running = say(pages[1]!, 500);
    await pages[1]!.waitForFunction(() => globalThis.spoken?.length > 10);
    const before = fetched();
    const at = Date.now();
    await pages[0]!.close();
    expect(await running).toMatchObject({ code: 'worker-died', text: expect.stringMatching(/.{10}/) });
    const handOverMs = (await leader()) - at;
    expect(handOverMs).toBeLessThan(1000);
    expect((await say(pages[1]!)).text).not.toBe('');
    expect(workers()).toBe(1);
    // From the cache.
    expect(fetched()).toBe(before);
  });

  test('crashes while another tab waits for its turn: that one is answered all the same', async () => {
    void say(pages[0]!, 2000).catch(() => {});
    await pages[0]!.waitForFunction(() => globalThis.spoken.length > 10);
    const leader = await nextLeader(pages[1]!);
    const waiting = say(pages[1]!);
    await pages[1]!.waitForTimeout(300);
    const at = Date.now();
    await kill(pages[0]!);
    expect((await waiting).text).not.toBe('');
    expect((await leader()) - at).toBeLessThan(1000);
  });

  test('falls silent: another takes the lead, and it follows when it wakes', async () => {
    const [silent, other] = pages as [Page, Page];
    // Nothing runs on a page for as long as this is open.
    const dialog = silent.waitForEvent('dialog');
    silent.on('dialog', () => {});
    const alerted = silent.evaluate(() => alert('Still there?'));
    await dialog;
    const answer = await say(other);
    expect(answer.text).not.toBe('');
    await (await dialog).dismiss();
    await alerted;
    expect(await say(silent)).toEqual(answer);
    await expect.poll(() => workers()).toBe(1);
    expect(other.workers().some((worker) => worker.url().includes('/llm.worker'))).toBe(true);
  });
});
