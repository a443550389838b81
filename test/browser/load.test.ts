// Loading in a real module worker, and the capture of a live page.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { captureSource } from '../../src/load/capture-source.ts';
import type { LoadedDocument, Source } from '../../src/spec/document.ts';
import articleHtml from '../fixtures/documents/article.html?raw';
import { writePdf } from '../unit/load/pdf-writer.ts';
import type { CutReport, LoadRequest } from './load.worker.ts';

type Read = Omit<LoadedDocument, 'text'> & { text: string };

const worker = new Worker(new URL('./load.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

const calls = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
let lastCall = 0;
worker.addEventListener('message', ({ data }) => {
  const { id, value, error } = data as { id: number; value: never; error?: unknown };
  // pdf.js announces itself when it is imported in a worker.
  const call = calls.get(id);
  if (error) call?.reject(error);
  else call?.resolve(value);
});

/** Bytes of the JavaScript heaps of workers, after a garbage collection of the browser's own. */
async function workerHeap(): Promise<number> {
  const { breakdown } = await (
    performance as unknown as {
      measureUserAgentSpecificMemory(): Promise<{ breakdown: { bytes: number; attribution: { scope: string }[] }[] }>;
    }
  ).measureUserAgentSpecificMemory();
  const ofWorkers = breakdown.filter(({ attribution }) =>
    attribution.some(({ scope }) => scope === 'DedicatedWorkerGlobalScope'),
  );
  return ofWorkers.reduce((sum, { bytes }) => sum + bytes, 0);
}

function ask<T>(type: LoadRequest['type'], source?: Source, signal?: AbortSignal): Promise<T> {
  const id = ++lastCall;
  return new Promise<T>((resolve, reject) => {
    calls.set(id, { resolve, reject });
    worker.postMessage({ id, type, ...(source !== undefined && { source: captureSource(source) }) } satisfies LoadRequest);
    signal?.addEventListener('abort', () => worker.postMessage({ id, type: 'abort' } satisfies LoadRequest));
  });
}

const read = (source: Source) => ask<Read[]>('read', source);

describe('in a worker', () => {
  test('HTML is read, its scripts and handlers are not run', async () => {
    const [document] = await read(new File([articleHtml], 'article.html', { type: 'text/html' }));
    expect(document!.text).toContain('Hold the round button for ten seconds.');
    expect(document!.text).not.toMatch(/__executed|written by|hidden draft/);
    expect(document!.sections!.at(-1)).toMatchObject({ level: 2, title: 'With the app' });
    expect(window).not.toHaveProperty('__executed');
  });

  test('PDF, Markdown and records are read', async () => {
    const pdf = writePdf([['First page'], ['Second page']]);
    expect((await read(new File([pdf], 'a.pdf')))[0]!.text).toBe('First page\n\nSecond page');
    expect((await read(new File(['# Title\r\n\r\nWords'], 'a.md')))[0]).toMatchObject({
      title: 'Title',
      text: '# Title\r\n\r\nWords',
    });
    expect((await read({ name: 'faq', records: [{ id: 1, text: 'One' }] }))[0]).toMatchObject({ id: 'faq/1', text: 'One' });
  });

  test('a URL relative to the page is fetched', async () => {
    const [document] = await read('/models/README.md');
    expect(document).toMatchObject({ id: `${location.origin}/models/README.md`, mediaType: 'text/markdown' });
    expect(document!.text.length).toBeGreaterThan(100);
  });

  test.each([
    ['an encrypted PDF', () => new File([writePdf([['x']], { encrypted: true })], 'a.pdf'), 'document-encrypted'],
    ['a broken PDF', () => new File([writePdf([['x']]).slice(0, 200)], 'a.pdf'), 'invalid-document'],
    ['binary data', () => new File([crypto.getRandomValues(new Uint8Array(5_000))], 'a.txt'), 'invalid-document'],
    ['an empty file', () => new File([], 'a.txt'), 'document-empty'],
    ['an unreachable server', () => new URL('http://127.0.0.1:1/a.txt'), 'fetch-failed'],
    ['another site without CORS', () => new URL(`http://localhost:${Number(location.port) + 1}/a.txt`), 'fetch-failed'],
  ])('%s is refused', async (_, source, code) => {
    await expect(read(source())).rejects.toMatchObject({ name: 'InpageError', code });
  });
});

describe('a text file of 50 MB', () => {
  const line = 'A line of the log says that the pump was reset at noon, and that the light was green. Then it slept.\n';
  const part = line.repeat(Math.ceil(1_000_000 / line.length));
  const file = () =>
    new File(
      Array.from({ length: 50 }, () => part),
      'pump.log',
      { type: 'text/plain' },
    );

  // That the page stays responsive too is measured where nothing else runs in it: test/e2e.
  test('streams through the worker, which stays responsive', async () => {
    const log = file();
    await ask('ping');
    const roundTrips: number[] = [];
    let done = false;
    const started = performance.now();
    const cutting = ask<CutReport>('cut', log).finally(() => {
      done = true;
    });
    while (!done) {
      const sent = performance.now();
      await ask('ping');
      roundTrips.push(performance.now() - sent);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const report = await cutting;
    roundTrips.sort((a, b) => a - b);
    const seconds = (performance.now() - started) / 1000;
    console.log(JSON.stringify({ ...report, seconds, worstRoundTrip: roundTrips.at(-1) }));

    expect(report.length).toBe(part.length * 50);
    expect(report.chunks).toBeGreaterThan(50_000);
    expect(report.longestPiece).toBeLessThanOrEqual(65_536);
    expect(roundTrips.length).toBeGreaterThan(20);
    // Two cores that others use too may stall one of hundreds.
    expect(roundTrips[Math.floor(roundTrips.length * 0.95)]).toBeLessThan(250);
  });

  test('is never in memory as a whole', async () => {
    await ask('ping');
    const idle = await workerHeap();
    // The browser takes its time to measure, so the worker is kept at it for as long.
    const controller = new AbortController();
    const cutting = (async () => {
      while (!controller.signal.aborted) await ask<CutReport>('cut', file(), controller.signal).catch(() => {});
    })();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const busy = await workerHeap();
    controller.abort();
    await cutting;
    console.log('heap of the worker in bytes, idle and busy', idle, busy);
    expect(busy).toBeGreaterThan(0);
    expect(busy - idle).toBeLessThan(10_000_000);
  });

  test('an abort takes effect at once', async () => {
    const controller = new AbortController();
    const cutting = ask<CutReport>('cut', file(), controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const aborted = performance.now();
    controller.abort();
    await expect(cutting).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - aborted).toBeLessThan(500);
  });
});

describe('the live page', () => {
  beforeEach(() => {
    document.body.innerHTML = '';
    return () => {
      document.body.innerHTML = '';
    };
  });
  const show = (html: string) => {
    document.body.innerHTML = html;
    return document.body;
  };

  test('is read as it is shown, and left as it is', async () => {
    const body = show(`
      <style>.gone { display: none } .contents { display: contents }</style>
      <main>
        <h1>Shown title</h1>
        <p>Shown paragraph &lt;b&gt; &amp; more.</p>
        <p hidden>Hidden by attribute</p>
        <p class="gone">Hidden by style</p>
        <div class="gone"><p>Hidden by its parent</p></div>
        <p aria-hidden="true">Hidden from readers</p>
        <div class="contents"><p>Shown without a box</p></div>
        <details><summary>Question</summary><p>Answer on demand</p></details>
        <script type="text/plain">script text</script><noscript>no script</noscript><template>template text</template>
        <input value="typed secret"><textarea>typed text</textarea>
        <div id="host"><span slot="name">Slotted words</span></div>
      </main>`);
    document.querySelector('#host')!.attachShadow({ mode: 'open' }).innerHTML = '<p>Shadow words, <slot name="name"></slot></p>';
    document.querySelector('input')!.value = 'another secret';
    const before = body.innerHTML;
    const captured = captureSource(body);
    expect(body.innerHTML).toBe(before);
    expect(structuredClone(captured)).toEqual(captured);
    expect(captured).toMatchObject({ kind: 'text', mediaType: 'text/html', id: location.href.replace(/#.*/, '') });

    const [document_] = await read(body);
    const { text } = document_!;
    for (const shown of [
      'Shown paragraph <b> & more.',
      'Shown without a box',
      'Answer on demand',
      'Shadow words, Slotted words',
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toMatch(/Hidden|script text|no script|template text|secret|typed/);
    expect(document_!.sections![0]).toMatchObject({ level: 1, title: 'Shown title', start: text.indexOf('Shown title') });
  });

  test('an element is taken whole and known by its id', async () => {
    show('<div id="faq"><h2>Why?</h2><p>Because.</p></div><p>Elsewhere</p>');
    const [document_] = await read(document.querySelector('#faq')!);
    expect(document_).toMatchObject({
      id: `${location.href.replace(/#.*/, '')}#faq`,
      title: document.title,
      text: 'Why?\n\nBecause.',
    });
  });

  test('the document gives its language', async () => {
    show('<p>Some words</p>');
    document.documentElement.lang = 'en';
    expect((await read(document))[0]).toMatchObject({ metadata: { lang: 'en' }, text: 'Some words', title: document.title });
  });

  test('markup in a title stays text', async () => {
    show('<p>Some words</p>');
    const title = document.title;
    document.title = '</title><body>injected';
    const [document_] = await read(document);
    document.title = title;
    expect(document_).toMatchObject({ title: '</title><body>injected', text: 'Some words' });
  });

  test('an empty page and a text node are refused', async () => {
    await expect(read(show('<p hidden>x</p>'))).rejects.toMatchObject({ code: 'document-empty' });
    expect(() => captureSource(document.createTextNode('x') as unknown as Source)).toThrow(
      expect.objectContaining({ code: 'unsupported-source' }),
    );
  });

  test('a page of 10,000 elements is captured within a frame or three', () => {
    show(`<main>${'<section><h2>Head</h2><p>Words <b>and</b> <a href="#">link</a></p></section>'.repeat(2_000)}</main>`);
    captureSource(document.body);
    const times = Array.from({ length: 3 }, () => {
      const start = performance.now();
      captureSource(document.body);
      return performance.now() - start;
    });
    console.log('capture of 10,000 elements, ms', times);
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
