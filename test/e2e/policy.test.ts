// The main job under the strictest policy that pages have, with threads and without: the script-tag build, and a model in GGUF, whose
// library would start its workers from `blob:` addresses.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../demo/terminal/prepare.mjs';
import { openPage, type TestPage } from './page.ts';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

const manual = {
  id: 'manual',
  title: 'Manual',
  text: 'To reset the lamp, hold the button for ten seconds. The lamp weighs 300 grams. The warranty lasts two years.',
};

describe.each([
  { name: 'with COOP and COEP', isolated: true },
  { name: 'without them', isolated: false },
])('$name', ({ isolated }) => {
  let open: TestPage;
  /** Requests to other hosts, and what the browser refused. */
  const trouble: string[] = [];

  beforeAll(async () => {
    open = await openPage({ isolated, headers: { 'Content-Security-Policy': policy } });
    open.context.on('request', (request) => {
      if (!request.url().startsWith(open.url)) trouble.push(request.url());
    });
    open.page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) trouble.push(message.text());
    });
    open.sabotage((request, response) => {
      const [, path] = /^\/models\/(tiny-llama-f16\/[\w.-]+)/.exec(request.url ?? '') ?? [];
      if (!path) return false;
      createReadStream(join(root, 'test/fixtures/gguf-tiny', path)).pipe(response);
      return true;
    });
  });

  afterAll(() => open?.close());

  test('a question is answered with its source', async () => {
    const { answer, threads } = await open.page.evaluate(async (document) => {
      const assistant = await inpage.createAssistant({ name: 'policy', device: 'wasm' });
      await assistant.add(document);
      for await (const event of assistant.ask('How long does the warranty last?', { generation: { maxTokens: 24 } })) {
        if (event.type !== 'done') continue;
        const { llm } = await assistant.stats();
        await assistant.close();
        return {
          answer: { reason: event.reason, documents: event.citations.map(({ document }) => document) },
          threads: llm?.threads,
        };
      }
      throw new Error('There was no answer.');
    }, manual);
    expect(answer.documents).toContain('manual');
    expect((threads ?? 0) > 1).toBe(isolated);
  });

  test('a model in GGUF is held to an output', async () => {
    const { value, info } = await open.page.evaluate(async () => {
      const llm = inpage.wllama({ model: 'tiny-llama-f16' });
      const info = await llm.load();
      const output = { choice: ['left', 'right'] };
      for await (const event of llm.generate([{ role: 'user', content: 'Left or right?' }], { output })) {
        if (event.type !== 'done') continue;
        await llm.close();
        return { value: event.value, info };
      }
      throw new Error('There was no answer.');
    });
    expect(['left', 'right']).toContain(value);
    expect(info).toMatchObject({ backend: 'wllama', contextTokens: 1024 });
    expect(info.threads > 1).toBe(isolated);
  });

  test('nothing was refused, and nothing came from elsewhere', () => {
    expect(trouble).toEqual([]);
  });
});
