// The contract of `Llm` on wllama, and what is its own: answers as the reference has them, files that are none, a dead worker.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { type WllamaOptions, wllama } from '../../src/client/wllama.ts';
import type { GenerateEvent, GenerateOptions, Llm } from '../../src/spec/llm.ts';
import { testLlm } from '../contract/test-llm.ts';
import answers from '../fixtures/mlc-tiny/tiny-llama-q0f32/expected.json';
import { tinyGguf } from '../support/tiny-gguf.ts';

testLlm('wllama', { create: () => wllama(tinyGguf) });

const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error);

async function finish(llm: Llm, content: string, options: GenerateOptions) {
  let last: GenerateEvent | undefined;
  for await (last of llm.generate([{ role: 'user', content }], options));
  return last;
}

describe('the tiny model', () => {
  let llm: Llm;
  beforeAll(() => {
    llm = wllama(tinyGguf);
  });
  afterAll(() => llm.close());

  test('tells what runs', async () => {
    const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;
    expect(await llm.load()).toMatchObject({ backend: 'wllama', dtype: 'f16', device: 'wasm', contextTokens: 1024, threads });
  });

  for (const { prompt, promptTokens, ids, text } of answers) {
    test(`greedy tokens after: ${prompt.slice(0, 60)}`, async () => {
      const last = await finish(llm, prompt, { temperature: 0, maxTokens: ids.length });
      // llama.cpp gives no space at the beginning of an answer.
      expect(last).toMatchObject({ text: text.trimStart(), usage: { promptTokens, completionTokens: ids.length } });
    });
  }

  test('a schema with what needs rules: nested, repeated, of any text, by a pattern', async () => {
    const schema = {
      type: 'object',
      properties: {
        list: { type: 'array', items: { $ref: '#/$defs/node' }, minItems: 1, maxItems: 2 },
        code: { type: 'string', pattern: '^[A-ZÄ]{2}\\d+$' },
      },
      required: ['list', 'code'],
      $defs: {
        node: { type: 'object', properties: { n: { type: 'integer' }, next: { $ref: '#/$defs/node' } }, required: ['n'] },
      },
    };
    for (const seed of [1, 2, 3]) {
      const last = await finish(llm, 'As JSON.', { temperature: 1.5, seed, maxTokens: 400, output: { schema } }).catch(
        (error) => error,
      );
      // A model that says nothing sensible may go on for ever; what it says is valid as far as it goes.
      if (last.code) expect(last).toMatchObject({ code: 'output-invalid', detail: { reason: 'length' } });
      else expect(last.value.list.length).toBeGreaterThan(0);
    }
  });

  test('what cannot be enforced is named', async () => {
    const schema = { type: 'array', uniqueItems: true };
    expect(await failure(finish(llm, 'As JSON.', { output: { schema } }))).toMatchObject({
      code: 'output-unsupported',
      message: expect.stringContaining('"uniqueItems"'),
    });
  });
});

test('a file that is no model', async () => {
  await commands.writeFile('test/.output/gguf/nonsense/nonsense.gguf', 'This is no model.'.repeat(100));
  const llm = wllama({ model: 'nonsense', source: { base: '/test/.output/gguf/' } });
  expect(await failure(llm.load())).toMatchObject({
    code: 'model-load-failed',
    message: expect.stringMatching(/nonsense.+llama\.cpp cannot read it/),
  });
  await llm.close();
});

test('a model that is not there is named, with its address', async () => {
  const llm = wllama({ model: 'nothing', file: 'nothing-q8_0.gguf', source: { base: '/test/.output/gguf/' } });
  expect(await failure(llm.load())).toMatchObject({
    code: 'model-not-found',
    message: expect.stringContaining('/test/.output/gguf/nothing/nothing-q8_0.gguf'),
  });
  await llm.close();
});

/** Files that would be downloaded. */
async function asked(options: Partial<WllamaOptions>): Promise<string[]> {
  const paths: string[] = [];
  const llm = wllama({
    model: 'asked',
    source: { base: '/test/.output/gguf/' },
    ...options,
    confirmDownload({ files }) {
      paths.push(...files.map(({ path }) => path));
      return false;
    },
  });
  expect(await failure(llm.load())).toMatchObject({ code: 'download-declined' });
  await llm.close();
  return paths;
}

test('nothing is downloaded without consent; of a model in parts all are asked for', async () => {
  for (const name of ['asked', 'in-00001-of-00002', 'in-00002-of-00002']) {
    await commands.writeFile(`test/.output/gguf/asked/${name}.gguf`, 'GGUF');
  }
  expect(await asked({})).toEqual(['asked.gguf']);
  expect(await asked({ file: 'in-00001-of-00002.gguf' })).toEqual(['in-00001-of-00002.gguf', 'in-00002-of-00002.gguf']);
});

test('where a folder lists one model that one is taken, and of several none', async () => {
  const list = (folder: string, paths: string[]) =>
    commands.writeFile(
      `test/.output/gguf-${folder}/manifest.json`,
      JSON.stringify(Object.fromEntries(paths.map((path) => [`asked/${path}`, { bytes: 4 }]))),
    );
  const parts = ['b-00001-of-00002.gguf', 'b-00002-of-00002.gguf'];
  await list('one', ['README.md', 'mmproj-b.gguf', ...parts]);
  await list('two', ['a-q8_0.gguf', ...parts]);
  expect(await asked({ source: { base: '/test/.output/gguf-one/' } })).toEqual(parts);
  const llm = wllama({ model: 'asked', source: { base: '/test/.output/gguf-two/' } });
  expect(await failure(llm.load())).toMatchObject({
    code: 'model-not-found',
    message: expect.stringContaining('(a-q8_0.gguf, b-00001-of-00002.gguf)'),
  });
  await llm.close();
});

test('a worker that is ended while it answers is replaced', async () => {
  let worker: Worker | undefined;
  const llm = wllama({
    ...tinyGguf,
    createWorker: () => {
      worker = new Worker(new URL('../../workers/llm.worker.ts', import.meta.url), { type: 'module' });
      return worker;
    },
  });
  await llm.load();
  const events = llm.generate([{ role: 'user', content: 'Say hello.' }], { maxTokens: 900 });
  const error = await failure(
    (async () => {
      for await (const event of events) if (event.type === 'token') worker?.terminate();
    })(),
  );
  expect(error).toMatchObject({ code: 'worker-died' });
  expect(await finish(llm, 'Say hello.', { maxTokens: 4 })).toMatchObject({ type: 'done' });
  await llm.close();
});
