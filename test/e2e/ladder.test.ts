// The device ladder in a real browser: devices that promise more than they hold, tabs that are killed, and what is remembered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../demo/terminal/prepare.mjs';
import type { StepDown } from '../../src/index.ts';
import { openPage, type SeenError, type TestPage } from './page.ts';

declare global {
  /** Phases of loading so far. */
  var phases: string[];
}

let site: TestPage;
beforeAll(async () => {
  site = await openPage();
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.page.goto(`${site.url}blank.html`);
  await site.page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('inpage-runtime');
        request.onsuccess = resolve;
        request.onerror = reject;
      }),
  );
});
afterEach(() => site.sabotage(undefined));

/** Runs a script in the page before anything else: the adapter, which is an emulation, looks like a real one. */
async function openTab({ vendor = 'acme', maxBufferSize = 2 ** 31 } = {}): Promise<Page> {
  const page = await site.context.newPage();
  await page.addInitScript(
    ([vendor, maxBufferSize]) => {
      const original = navigator.gpu.requestAdapter.bind(navigator.gpu);
      navigator.gpu.requestAdapter = async (options) => {
        const adapter = (await original(options))!;
        const info = { vendor, architecture: 'one', description: '', isFallbackAdapter: false };
        const limits = {
          ...Object.fromEntries(Object.entries(adapter.limits)),
          maxBufferSize,
          maxStorageBufferBindingSize: maxBufferSize,
        };
        return { info, features: new Set(), limits, requestDevice: () => adapter.requestDevice() } as unknown as GPUAdapter;
      };
    },
    [vendor, maxBufferSize] as const,
  );
  await page.goto(`${site.url}blank.html`);
  return page;
}

/** Puts a line in front of the script of the model workers. */
function inWorkers(line: string): void {
  site.sabotage((request, response) => {
    if (!/\/workers\/(?:embed|llm)\.worker/.test(request.url ?? '')) return false;
    response.setHeader('Content-Type', 'text/javascript');
    response.end(`${line}\n${readFileSync(join(root, 'dist/demo', new URL(request.url!, site.url).pathname), 'utf8')}`);
    return true;
  });
}

const noDevice = `GPUAdapter.prototype.requestDevice = async () => { throw new Error('no device today'); };`;
const neverADevice = 'GPUAdapter.prototype.requestDevice = () => new Promise(() => {});';
const noThreads = `globalThis.Worker = class { constructor() { throw new Error('no thread today'); } };`;

/** Loads the embedding model and embeds a text; gives where it ran and the steps. */
function embed(page: Page, options: object = {}) {
  return page.evaluate(async (options) => {
    const events: StepDown[] = [];
    const embedder = inpage.transformersEmbedder({ ...options, onStepDown: (event) => events.push(event) });
    try {
      const { device, dtype, threads } = await embedder.load();
      const { rows } = await embedder.embed(['one text']);
      return { device, dtype, threads, rows, events };
    } catch (error) {
      const { code, message } = error as SeenError;
      return { code, message, events };
    } finally {
      await embedder.close();
    }
  }, options);
}

/** Begins to load the embedding model, and comes back when it starts, which it never finishes. */
async function beginLoading(page: Page): Promise<void> {
  await page.evaluate(() => {
    globalThis.phases = [];
    inpage
      .transformersEmbedder()
      .load({ onProgress: ({ phase }) => phases.push(phase) })
      .catch(() => {});
  });
  await page.waitForFunction(() => phases.includes('compile'));
  await expect.poll(() => loads()).toBe(1);
}

/** Loads that are going on, or were when their tab died. */
const loads = () =>
  site.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('inpage-runtime', 1);
        opening.onerror = reject;
        opening.onsuccess = () => {
          const counting = opening.result.transaction('loading').objectStore('loading').count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );

/** Ends the process of a tab, as the browser does for want of memory. */
async function kill(page: Page): Promise<void> {
  const session = await site.context.newCDPSession(page);
  const gone = page.waitForEvent('crash');
  // There is no answer.
  session.send('Page.crash').catch(() => {});
  await gone;
  await page.close();
}

describe('devices that hold less than they promise', () => {
  test('an adapter without a device: WASM instead, with one event; the next visit does not try again', async () => {
    inWorkers(noDevice);
    const first = await openTab();
    const seen = await embed(first);
    expect(seen).toMatchObject({ device: 'wasm', dtype: 'q8', rows: 1 });
    expect(seen.events).toEqual([
      {
        model: 'transformers/all-MiniLM-L6-v2',
        from: 'webgpu q4',
        to: expect.stringMatching(/^wasm q8, \d threads?$/),
        code: 'model-load-failed',
        message: expect.stringContaining('could not be started'),
      },
    ]);
    await first.close();
    const second = await openTab();
    expect(await embed(second)).toMatchObject({ device: 'wasm', rows: 1, events: [] });
    await second.close();
    // Another adapter may do better.
    const other = await openTab({ vendor: 'another' });
    expect((await embed(other)).events).toHaveLength(1);
    await other.close();
  });

  test('a device that was named is an error, and no other is taken', async () => {
    inWorkers(noDevice);
    const page = await openTab();
    expect(await embed(page, { device: 'webgpu' })).toMatchObject({ code: 'model-load-failed', events: [] });
    await page.close();
  });

  test('limits that are too small, and an emulation: WASM from the start', async () => {
    const small = await openTab({ maxBufferSize: 64 * 2 ** 20 });
    expect(await embed(small)).toMatchObject({ device: 'wasm', rows: 1, events: [] });
    await small.close();
    expect(await embed(site.page)).toMatchObject({ device: 'wasm', rows: 1, events: [] });
  });

  test('threads that do not start: one thread', async () => {
    inWorkers(noThreads);
    const seen = await embed(site.page);
    expect(seen).toMatchObject({ device: 'wasm', threads: 1, rows: 1 });
    expect(seen.events).toMatchObject([{ from: expect.stringMatching(/^wasm q8, \d threads$/), to: 'wasm q8, 1 thread' }]);
  });

  test('the report says what the planning needs', async () => {
    const report = await site.page.evaluate(() => inpage.probeDevice());
    expect(report.webgpu).toMatchObject({ available: true, software: true });
    expect(report.webgpu.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
    expect(report.webgpu.maxComputeWorkgroupStorageSize).toBeGreaterThanOrEqual(16384);
    expect(report.wasm).toEqual({ simd: true, relaxedSimd: true, memory64: true, jspi: expect.any(Boolean), threads: true });
    expect(report.storage).toMatchObject({ indexedDb: true, persisted: expect.any(Boolean), quota: expect.any(Number) });
  });
});

describe('a tab that ends while a model loads', () => {
  test('killed: the next visit steps down, and says why', async () => {
    inWorkers(neverADevice);
    const victim = await openTab();
    await beginLoading(victim);
    await kill(victim);
    site.sabotage(undefined);
    const next = await openTab();
    const seen = await embed(next);
    expect(seen).toMatchObject({ device: 'wasm', rows: 1 });
    expect(seen.events).toMatchObject([
      { from: 'webgpu q4', code: 'out-of-memory', message: expect.stringContaining('The tab was ended') },
    ]);
    expect(await loads()).toBe(0);
    await next.close();
  });

  test('killed where there is no lesser way: an error once, then another try', async () => {
    inWorkers('globalThis.WebAssembly.instantiate = () => new Promise(() => {});');
    const victim = await site.another();
    await victim.evaluate(() => Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false }));
    await beginLoading(victim);
    await kill(victim);
    site.sabotage(undefined);
    await site.page.evaluate(() => Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false }));
    expect(await embed(site.page)).toMatchObject({ code: 'out-of-memory' });
    expect(await embed(site.page)).toMatchObject({ device: 'wasm', rows: 1 });
  });

  test('left by its user: no reason to step down', async () => {
    inWorkers(neverADevice);
    const tab = await openTab();
    await beginLoading(tab);
    await tab.goto('about:blank');
    await expect.poll(() => loads()).toBe(0);
    await tab.close();
  });

  test('alive: another tab tries the same', async () => {
    inWorkers(neverADevice);
    const living = await openTab();
    await beginLoading(living);
    const other = await openTab();
    const events = await other.evaluate(async () => {
      const events: StepDown[] = [];
      // Not over the other's model, which will not come.
      const embedder = inpage.transformersEmbedder({ shareTabs: false, onStepDown: (event) => events.push(event) });
      await new Promise<void>((resolve) => {
        embedder.load({ onProgress: ({ phase }) => phase === 'compile' && resolve() }).catch(() => {});
      });
      await embedder.close();
      return events;
    });
    expect(events).toEqual([]);
    await living.close();
    await other.close();
  });
});

describe('models in order of preference', () => {
  const ask = (page: Page) =>
    page.evaluate(async () => {
      const events: string[] = [];
      let tried = 0;
      const needsGpu: import('../../src/index.ts').Llm = {
        name: 'large',
        load: async () => {
          tried++;
          throw new inpage.InpageError('device-unavailable', 'This needs a large GPU.');
        },
        generate: () => {
          throw new Error('it never loads');
        },
        countTokens: async () => 0,
        close: async () => {},
      };
      const assistant = await inpage.createAssistant({
        name: 'preferred',
        preload: false,
        llm: [needsGpu, 'SmolLM2-135M-Instruct'],
        onEvent: (event) => event.type === 'step-down' && events.push(`${event.from} → ${event.to}`),
      });
      try {
        await assistant.add({ id: 'manual', text: 'To reset the lamp, hold the button for ten seconds.' });
        let text = '';
        for await (const event of assistant.ask('How do I reset the lamp?', { generation: { maxTokens: 8 } }))
          if (event.type === 'token') text += event.text;
        return { text, events, tried, llm: (await assistant.stats()).llm?.model };
      } finally {
        await assistant.close();
      }
    });

  test('the second answers where the first does not run, and is the first choice of the next visit', async () => {
    const first = await ask(site.page);
    expect(first).toMatchObject({
      events: ['large → transformers/SmolLM2-135M-Instruct'],
      tried: 1,
      llm: 'SmolLM2-135M-Instruct',
    });
    expect(first.text).not.toBe('');
    const again = await site.another();
    expect(await ask(again)).toMatchObject({ events: [], tried: 0, llm: 'SmolLM2-135M-Instruct' });
    await again.close();
  });
});
