// The assistant of the script-tag build when things go wrong: bad input, aborts, dying workers, no room, no IndexedDB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../demo/terminal/prepare.mjs';
import type { Assistant, AssistantEvent, Embedder } from '../../src/index.ts';
import { openPage, type TestPage } from './page.ts';
import { expectResponsive } from './responsive.ts';

declare global {
  var testAssistant: Assistant;
  var seenEvents: AssistantEvent[];
  var pwned: boolean | undefined;
  /** Whether the work to be disturbed has begun. */
  var busy: boolean | undefined;
}

const manual = {
  id: 'manual',
  title: 'Manual',
  text: 'To reset the lamp, hold the button for ten seconds. The lamp weighs 300 grams. The warranty lasts two years.',
};

/** Opens an assistant on the page, without its models. */
function open(page: Page, name: string, options: object = {}): Promise<void> {
  return page.evaluate(
    async ([name, options]) => {
      globalThis.seenEvents = [];
      globalThis.testAssistant = await inpage.createAssistant({
        name,
        preload: false,
        device: 'wasm',
        onEvent: (event) => seenEvents.push(event),
        ...options,
      });
    },
    [name, options] as const,
  );
}

let site: TestPage;
let page: Page;
beforeAll(async () => {
  site = await openPage();
  page = site.page;
  await open(page, 'main');
  await page.evaluate((document) => testAssistant.add(document), manual);
});
afterAll(() => site.close());

describe('bad input', () => {
  const code = (call: () => Promise<unknown>) =>
    page.evaluate(`(${call})().then(() => 'no error', ({ code, name }) => code ?? name)`);

  test('an empty question and an empty query', async () => {
    expect(
      await code(async () => {
        for await (const _ of testAssistant.ask('  '));
      }),
    ).toBe('invalid-argument');
    expect(await code(() => testAssistant.search(''))).toBe('invalid-argument');
  });

  test('a question longer than the context', async () => {
    expect(
      await code(async () => {
        for await (const _ of testAssistant.ask(`How do I reset the lamp? ${'And again, please. '.repeat(3000)}`, {
          minScore: -1,
        }));
      }),
    ).toBe('context-overflow');
  });

  test('k, filter and names out of range', async () => {
    expect(await code(() => testAssistant.search('lamp', { k: 0 }))).toBe('invalid-argument');
    expect(await code(() => testAssistant.search('lamp', { filter: { title: { $like: 'x' } as never } }))).toBe(
      'invalid-argument',
    );
    expect(await code(() => inpage.createAssistant({ name: '' }))).toBe('invalid-argument');
    expect(await code(() => testAssistant.text('nothing'))).toBe('not-found');
  });

  test('documents that cannot be read; the others are added', async () => {
    const seen = await page.evaluate(async () => {
      const garbage = new File([crypto.getRandomValues(new Uint8Array(5000))], 'garbage.txt', { type: 'text/plain' });
      const broken = new File(['%PDF-1.7 and then nothing'], 'broken.pdf', { type: 'application/pdf' });
      const empty = new File(['   \n'], 'empty.md', { type: 'text/markdown' });
      const codes = [];
      for (const file of [garbage, broken, empty]) codes.push(await testAssistant.add(file).catch(({ code }) => code));
      const error = await testAssistant.add([garbage, { id: 'good', text: 'A good one.' }, broken]).catch((reason) => reason);
      const { documents } = (await testAssistant.stats()).store;
      await testAssistant.remove('good');
      return {
        codes,
        code: error.code,
        added: error.detail.added.map(({ id }: { id: string }) => id),
        failed: error.detail.failed.map(
          ({ source, name, error: { code } }: { source: number; name: string; error: { code: string } }) => ({
            source,
            name,
            code,
          }),
        ),
        documents,
      };
    });
    expect(seen).toEqual({
      codes: ['invalid-document', 'invalid-document', 'document-empty'],
      code: 'add-incomplete',
      added: ['good'],
      failed: [
        { source: 0, name: 'garbage.txt', code: 'invalid-document' },
        { source: 2, name: 'broken.pdf', code: 'invalid-document' },
      ],
      documents: 2,
    });
  });

  test('HTML with scripts and handlers is read, never run', async () => {
    const text = await page.evaluate(async () => {
      const html =
        `<!doctype html><title>Trap</title><body><article><h1>Trap</h1><p>Readable text about the lamp.</p>
        <img src="x" onerror="globalThis.pwned = true"><script>globalThis.pwned = true</scr` +
        `ipt>
        <p hidden>secret</p><a href="javascript:globalThis.pwned=true">link</a></article></body>`;
      await testAssistant.add(new File([html], 'trap.html', { type: 'text/html' }));
      const stored = await testAssistant.text('trap.html');
      await testAssistant.remove('trap.html');
      return stored;
    });
    expect(text).toContain('Readable text about the lamp.');
    expect(text).not.toMatch(/pwned|onerror|secret/);
    expect(await page.evaluate(() => globalThis.pwned)).toBeUndefined();
    // The document is read in this worker; those of the WASM threads never answer.
    for (const worker of page.workers().filter((candidate) => candidate.url().includes('store.worker')))
      expect(await worker.evaluate(() => (globalThis as { pwned?: boolean }).pwned)).toBeUndefined();
  });
});

test('the same document again does nothing, a changed one is replaced, filters hold', async () => {
  const seen = await page.evaluate(async (manual) => {
    const again = await testAssistant.add(manual);
    const changed = await testAssistant.add({ ...manual, text: `${manual.text} It is blue.`, metadata: { year: 2024 } });
    const hits = await testAssistant.search('What colour is the lamp?', { k: 3, filter: { year: { $gte: 2024 } } });
    const none = await testAssistant.search('What colour is the lamp?', { filter: { year: { $lt: 2024 } } });
    return {
      unchanged: again.unchanged,
      added: changed.added.length,
      hits: hits.map(({ document, text }) => ({ document, text })),
      none,
      stats: await testAssistant.stats(),
    };
  }, manual);
  expect(seen.unchanged).toEqual(['manual']);
  expect(seen.added).toBe(1);
  expect(seen.hits[0]).toMatchObject({ document: 'manual', text: expect.stringContaining('It is blue.') });
  expect(seen.none).toEqual([]);
  expect(seen.stats.store).toMatchObject({ documents: 1, persistent: true });
});

test('an answer has checked citations with offsets into the document; nothing relevant means abstaining', async () => {
  const seen = await page.evaluate(async () => {
    const types: string[] = [];
    let last: unknown;
    for await (const event of testAssistant.ask('How do I reset the lamp?')) {
      if (event.type !== types.at(-1)) types.push(event.type);
      last = event;
    }
    let other: unknown;
    for await (const event of testAssistant.ask('Who won the world cup in 1998?')) other = event;
    return { types, last, other, text: await testAssistant.text('manual') };
  });
  const done = seen.last as Extract<import('../../src/index.ts').AnswerEvent, { type: 'done' }>;
  expect(seen.types).toEqual(['retrieval', 'token', 'citation', 'done']);
  const supported = done.citations.filter((citation) => citation.supported);
  expect(supported.length).toBeGreaterThan(0);
  for (const { start, end, quote } of supported) expect(seen.text.slice(start, end)).toBe(quote);
  expect(seen.other).toMatchObject({ type: 'done', reason: 'abstained', citations: [] });
});

describe('aborting', () => {
  test('while adding: what was acknowledged stays, nothing is half there', async () => {
    const seen = await page.evaluate(async () => {
      const controller = new AbortController();
      const sources = Array.from({ length: 400 }, (_, i) => ({
        id: `abort-${i}`,
        text: `Document ${i}. ${'It says something about lamps. '.repeat(8)}`,
      }));
      const started = performance.now();
      let abortedAt = 0;
      const outcome = await testAssistant
        .add(sources, {
          signal: controller.signal,
          onProgress: ({ chunksDone }) => {
            if (chunksDone >= 64 && !abortedAt) {
              abortedAt = performance.now();
              controller.abort();
            }
          },
        })
        .catch(({ name }) => name);
      const reactionMs = performance.now() - abortedAt;
      await new Promise((resolve) => setTimeout(resolve, 500));
      const documents = (await testAssistant.documents()).filter(({ id }) => id.startsWith('abort-'));
      const { chunks } = (await testAssistant.stats()).store;
      const own = documents.reduce((sum, document) => sum + document.chunks, 0);
      const hits = await testAssistant.search('lamps', { k: 5 });
      await testAssistant.remove(documents.map(({ id }) => id));
      return {
        outcome,
        reactionMs,
        count: documents.length,
        whole: documents.every(({ length, chunks }) => length > 200 && chunks > 0),
        chunks,
        own,
        hits: hits.length,
        ms: performance.now() - started,
      };
    });
    expect(seen.outcome).toBe('AbortError');
    expect(seen.reactionMs).toBeLessThan(300);
    expect(seen.count).toBeGreaterThan(0);
    expect(seen.count).toBeLessThan(400);
    expect(seen.whole).toBe(true);
    expect(seen.chunks).toBe(seen.own + 1);
    expect(seen.hits).toBe(5);
  });

  test('while searching, before and in the middle of an answer', async () => {
    const seen = await page.evaluate(async () => {
      const name = (error: Error) => error.name;
      const aborted = AbortSignal.abort();
      const search = await testAssistant.search('lamp', { signal: aborted }).catch(name);
      const during = async (when: string) => {
        const controller = new AbortController();
        const outcome = (async () => {
          for await (const event of testAssistant.ask('How do I reset the lamp?', { signal: controller.signal }))
            if (event.type === when) controller.abort();
          return 'ended';
        })();
        if (when === 'start') controller.abort();
        return outcome.catch(name);
      };
      return { search, start: await during('start'), prefill: await during('retrieval'), decode: await during('token') };
    });
    expect(seen).toEqual({ search: 'AbortError', start: 'AbortError', prefill: 'AbortError', decode: 'AbortError' });
  });
});

test.each(['llm', 'embed', 'store'] as const)(
  'the %s worker dies in the middle: a model recovers, a collection fails with one typed error; the next call works',
  async (name) => {
    const running = page.evaluate(async (name) => {
      globalThis.busy = false;
      seenEvents.length = 0;
      const run = async () => {
        if (name === 'llm') {
          // Not asked before: it takes a second to read, so that nothing is said yet.
          for await (const event of testAssistant.ask('Tell me of the lamp: what is it for, and when must it be reset?'))
            if (event.type === 'retrieval') globalThis.busy = true;
        } else {
          const documents = Array.from({ length: name === 'embed' ? 200 : 2000 }, (_, i) => ({
            id: `dying-${i}`,
            text: `Number ${i}. ${'Words about lamps. '.repeat(20)}`,
          }));
          await testAssistant.add(documents, {
            onProgress: ({ chunksDone }) => {
              if (chunksDone > 0) globalThis.busy = true;
            },
          });
        }
        return 'ended';
      };
      return run().catch(({ code }) => code);
    }, name);
    await page.waitForFunction(() => globalThis.busy);
    const worker = page.workers().find((candidate) => candidate.url().includes(`${name}.worker`))!;
    await worker.evaluate(() => self.close()).catch(() => {});
    // By then the chat model may have begun to answer; that is not made again.
    const outcomes = { llm: /^(?:ended|worker-died)$/, embed: /^ended$/, store: /^worker-died$/ };
    expect(await running).toMatch(outcomes[name]);
    const after = await page.evaluate(async () => {
      let text = '';
      for await (const event of testAssistant.ask('How do I reset the lamp?', { generation: { maxTokens: 8 } }))
        if (event.type === 'token') text += event.text;
      const hits = await testAssistant.search('reset the lamp', { k: 1 });
      const leftovers = (await testAssistant.documents()).map(({ id }) => id).filter((id) => id.startsWith('dying-'));
      await testAssistant.remove(leftovers);
      const events = seenEvents.filter(({ type }) => type === 'worker-died' || type === 'recovered');
      return { text, document: hits[0]?.document, leftovers: leftovers.length, events };
    });
    expect(after.text).not.toBe('');
    expect(after.document).toBe('manual');
    if (name === 'embed') expect(after.leftovers).toBe(200);
    // The embedding worker may have had nothing to do just then.
    const types = { llm: /^(?:recovered|worker-died)$/, embed: /^(?:recovered|worker-died)$/, store: /^worker-died$/ };
    expect(after.events).toMatchObject([{ type: expect.stringMatching(types[name]), worker: name }]);
  },
);

test('close() during a generation ends it, and everything after it, with "closed"', async () => {
  const other = await site.another();
  await open(other, 'closing');
  const seen = await other.evaluate(async (manual) => {
    await testAssistant.add(manual);
    const outcome = (async () => {
      for await (const event of testAssistant.ask('How do I reset the lamp?'))
        if (event.type === 'token') void testAssistant.close();
      return 'ended';
    })().catch(({ code }) => code);
    return [await outcome, await testAssistant.search('lamp').catch(({ code }) => code), await testAssistant.close()];
  }, manual);
  expect(seen).toEqual(['closed', 'closed', undefined]);
  // A worker holds its lock for as long as it lives; the other page of this browser has its own.
  const living = () =>
    other.evaluate(
      async () => (await navigator.locks.query()).held!.filter(({ name }) => name!.startsWith('inpage-worker')).length,
    );
  const before = page.workers().filter((worker) => /\/(?:llm|embed|store)\.worker/.test(worker.url())).length;
  await expect.poll(living).toBe(before);
  await other.close();
});

test('two assistants of one name, in two tabs, see each other and lose nothing', async () => {
  const other = await site.another();
  await open(page, 'shared');
  await open(other, 'shared');
  const add = (target: Page, prefix: string) =>
    target.evaluate(async (prefix) => {
      for (let i = 0; i < 10; i++) await testAssistant.add({ id: `${prefix}-${i}`, text: `Number ${i} of ${prefix}.` });
    }, prefix);
  await Promise.all([add(page, 'one'), add(other, 'two')]);
  const ids = (target: Page) => target.evaluate(async () => (await testAssistant.documents()).map(({ id }) => id).sort());
  expect(await ids(page)).toHaveLength(20);
  expect(await ids(other)).toEqual(await ids(page));
  expect(await page.evaluate(() => seenEvents.some(({ type }) => type === 'collection-changed'))).toBe(true);
  await other.close();
  await page.evaluate(() => testAssistant.close());
  await open(page, 'main');
});

test('another embedding model is refused, even with vectors of the same length', async () => {
  const seen = await page.evaluate(async () => {
    const dimension = 384;
    const space = {
      model: 'other',
      revision: 'main',
      dimension,
      pooling: 'mean' as const,
      normalized: true,
      prefix: { query: '', passage: '' },
    };
    const embedder: Embedder = {
      load: async () => ({ space, device: 'wasm', dtype: 'fp32', threads: 1, maxTokens: 512 }),
      embed: async ({ length: rows }) => ({
        data: new Float32Array(rows * dimension).fill(1 / Math.sqrt(dimension)),
        rows,
        dimension,
      }),
      close: async () => {},
    };
    const other = await inpage.createAssistant({ name: 'main', preload: false, embedder });
    const search = await other.search('lamp').catch((error) => error);
    const add = await other.add({ text: 'Something new.' }).catch((error) => error);
    await other.close();
    return { search: search.code, add: add.code, message: add.message };
  });
  expect(seen).toMatchObject({
    search: 'embedding-mismatch',
    add: 'embedding-mismatch',
    message: expect.stringContaining('all-MiniLM-L6-v2'),
  });
});

test('storage that is full: what was acknowledged stays, the rest is reported, and there is room again later', async () => {
  // A browser of its own, small from the start: Chromium remembers for a while how much room an origin had. The vectors are
  // computed, for a model would not fit.
  const small = await openPage();
  const { origin } = new URL(small.url);
  const session = await small.context.newCDPSession(small.page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
  const seen = await small.page.evaluate(async () => {
    const dimension = 384;
    // The browser packs what repeats, so nothing does.
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const space = {
      model: 'noise',
      revision: 'main',
      dimension,
      pooling: 'mean' as const,
      normalized: true,
      prefix: { query: '', passage: '' },
    };
    globalThis.testAssistant = await inpage.createAssistant({
      name: 'quota',
      preload: false,
      embedder: {
        load: async () => ({ space, device: 'wasm', dtype: 'fp32', threads: 1, maxTokens: 512 }),
        embed: async (texts) => {
          const data = Float32Array.from(
            { length: texts.length * dimension },
            () => (random() - 0.5) * Math.sqrt(12 / dimension),
          );
          return { data, rows: texts.length, dimension };
        },
        close: async () => {},
      },
    });
    const documents = Array.from({ length: 200 }, (_, i) => ({
      id: `big-${i}`,
      text: `${i} bottles of ink stand on the shelf. `.repeat(600),
    }));
    const error = await testAssistant.add(documents).catch((reason) => reason);
    return { code: error.code, added: error.detail?.added, documents: (await testAssistant.documents()).map(({ id }) => id) };
  });
  expect(seen.code).toBe('quota-exceeded');
  expect(seen.added.length).toBeGreaterThan(0);
  expect(seen.documents).toEqual(seen.added);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  const later = () =>
    small.page.evaluate(async () => (await testAssistant.add({ id: 'later', text: 'There is room again.' })).added.length);
  expect(await later()).toBe(1);
  await small.close();
});

test('without IndexedDB the collection lives in memory, and says so', async () => {
  site.sabotage((request, response) => {
    if (!request.url?.includes('/workers/store.worker')) return false;
    response.setHeader('Content-Type', 'text/javascript');
    const file = readFileSync(join(root, 'dist/demo', new URL(request.url, site.url).pathname), 'utf8');
    const denied =
      "Object.defineProperty(self, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });\n";
    response.end(denied + file);
    return true;
  });
  const other = await site.another();
  await open(other, 'private');
  const seen = await other.evaluate(async (manual) => {
    await testAssistant.add(manual);
    const hits = await testAssistant.search('reset');
    return {
      events: seenEvents.map(({ type }) => type),
      document: hits[0]?.document,
      persistent: (await testAssistant.stats()).store.persistent,
    };
  }, manual);
  expect(seen).toEqual({ events: ['storage-in-memory'], document: 'manual', persistent: false });
  site.sabotage(undefined);
  await other.close();
});

test('a text file of 50 MB: the page stays responsive, progress comes, and it can be cancelled', async () => {
  const other = await site.another();
  await open(other, 'large');
  const seen = await other.evaluate(async () => {
    const line = 'The quick brown fox jumps over the lazy dog and reads the manual of the lamp, number ';
    const part = new Blob(Array.from({ length: 5000 }, (_, i) => `${line}${i}.\n${i % 8 ? '' : '\n'}`));
    const file = new File(Array(Math.ceil(50_000_000 / part.size)).fill(part), 'large.txt', { type: 'text/plain' });
    await testAssistant.load();
    const long: number[] = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ['longtask'],
    });
    const controller = new AbortController();
    let reports = 0;
    const started = performance.now();
    const outcome = await testAssistant
      .add(file, {
        signal: controller.signal,
        onProgress: ({ chunksDone }) => {
          reports++;
          if (chunksDone >= 200) controller.abort();
        },
      })
      .catch(({ name }) => name);
    const ms = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { documents, chunks } = (await testAssistant.stats()).store;
    return { bytes: file.size, outcome, reports, long, ms, documents, chunks };
  });
  expect(seen.bytes).toBeGreaterThan(50_000_000);
  expect(seen).toMatchObject({ outcome: 'AbortError', documents: 0, chunks: 0 });
  expect(seen.reports).toBeGreaterThan(5);
  expectResponsive(seen.long);
  await other.close();
});
