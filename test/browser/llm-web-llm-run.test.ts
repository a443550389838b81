// web-llm at work on a tiny compiled model: how it counts, what it keeps between turns, and what becomes of a lost GPU.
import { MLCEngine } from '@mlc-ai/web-llm';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { webLlm, webLlmRequest } from '../../src/client/web-llm.ts';
import { createWebLlm } from '../../src/llm/web-llm.ts';
import { pageWorkers } from '../../src/runtime/spawn.ts';
import type { ChatMessage, GenerateDone, GenerateOptions, Llm } from '../../src/spec/llm.ts';
import type { LoadProgress } from '../../src/spec/model.ts';
import { isAbort } from '../../src/util/errors.ts';
import { tinyMlc } from '../support/tiny-mlc.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error);

async function run(llm: Llm, messages: ChatMessage[], options: GenerateOptions = {}): Promise<GenerateDone> {
  for await (const event of llm.generate(messages, { maxTokens: 4, ...options })) if (event.type === 'done') return event;
  throw new Error('no end');
}

/** The devices that are requested from now on. */
function watchDevices(): GPUDevice[] {
  const devices: GPUDevice[] = [];
  const { requestDevice } = GPUAdapter.prototype;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (this: GPUAdapter, descriptor) {
    devices.push(await requestDevice.call(this, descriptor));
    return devices.at(-1)!;
  });
  return devices;
}

afterEach(() => vi.restoreAllMocks());

describe('on this page', { timeout: 300_000 }, () => {
  const llm = createWebLlm(webLlmRequest(tinyMlc));
  beforeAll(async () => {
    const done: number[] = [];
    const onProgress = (step: LoadProgress) => step.phase === 'compile' && step.done !== undefined && done.push(step.done);
    await llm.load({ onProgress });
    expect(done.length).toBeGreaterThan(1);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
  }, 300_000);

  test('prompts are counted as web-llm reads them, whatever is in them', async () => {
    const read: number[] = [];
    const { chatCompletion } = MLCEngine.prototype;
    vi.spyOn(MLCEngine.prototype, 'chatCompletion').mockImplementation(async function (this: MLCEngine, request) {
      const stream = (await chatCompletion.call(this, request)) as AsyncIterable<{ usage?: { prompt_tokens: number } }>;
      return (async function* () {
        for await (const chunk of stream) {
          if (chunk.usage) read.push(chunk.usage.prompt_tokens);
          yield chunk;
        }
      })() as never;
    });
    const prompts: ChatMessage[][] = [
      [user('What does it cost? $1, $$, $& or $`?')],
      [{ role: 'system', content: 'Prices are in $$.' }, user('What is {user_message}?')],
      [user('One?'), { role: 'assistant', content: 'Two, for $&.' }, user('Three?')],
    ];
    for (const messages of prompts) {
      const { usage } = await run(llm, messages);
      expect(usage.promptTokens).toBe(read.at(-1));
      expect(usage.cachedTokens).toBeUndefined();
      expect(await llm.countTokens(messages)).toBe(usage.promptTokens);
    }
  });

  test('a turn that goes on with the last conversation is all that is read; after an abort everything is', async () => {
    const first = [user('Here is a fact: the depot opens at nine and closes at five. When does it open?')];
    const ended = { output: { choice: ['At nine.'] }, maxTokens: 24 };
    const { text, reason, usage } = await run(llm, first, ended);
    expect([text, reason]).toEqual(['At nine.', 'stop']);
    const second = [...first, { role: 'assistant' as const, content: text }, user('And when does it close?')];
    const again = await run(llm, second);
    expect(again.usage.cachedTokens).toBeGreaterThanOrEqual(usage.promptTokens);
    expect(again.usage.promptTokens).toBe(await llm.countTokens(second));
    for await (const _ of llm.generate(first, { maxTokens: 24 })) break;
    expect((await run(llm, second)).usage.cachedTokens).toBeUndefined();
  });

  test('its load ends when it is aborted, and another one works', async () => {
    const other = createWebLlm(webLlmRequest(tinyMlc));
    const controller = new AbortController();
    const load = other.load({
      signal: controller.signal,
      onProgress: (step) => step.phase === 'compile' && step.done !== undefined && controller.abort(),
    });
    expect(isAbort(await failure(load))).toBe(true);
    expect((await other.load()).model).toBe(tinyMlc.model);
    await other.close();
  });

  test('a GPU that is lost while loading, perhaps for want of memory', async () => {
    const devices = watchDevices();
    const other = createWebLlm(webLlmRequest(tinyMlc));
    const load = other.load({ onProgress: () => devices[0]?.destroy() });
    expect(await failure(load)).toMatchObject({ code: 'device-lost', message: expect.stringContaining('too little memory') });
    await other.close();
  });

  test('a GPU that is lost while the model runs ends the answer, and every later one', async () => {
    const devices = watchDevices();
    const other = createWebLlm(webLlmRequest(tinyMlc));
    await other.load();
    const answer = async () => {
      for await (const event of other.generate([user('Count.')], { maxTokens: 200 }))
        if (event.type === 'token') devices[0]!.destroy();
    };
    expect(await failure(answer())).toMatchObject({ code: 'device-lost' });
    expect(await failure(run(other, [user('Count.')]))).toMatchObject({ code: 'device-lost' });
  });
});

test('the death of its worker in the middle of an answer is told, and the next request works', async () => {
  const workers: Worker[] = [];
  const createWorker = () => {
    workers.push(pageWorkers.llm());
    return workers.at(-1)!;
  };
  const llm = webLlm({ ...tinyMlc, createWorker });
  const answer = async () => {
    for await (const event of llm.generate([user('Count.')], { maxTokens: 200 }))
      if (event.type === 'token') workers[0]!.terminate();
  };
  expect(await failure(answer())).toMatchObject({ code: 'worker-died' });
  expect((await run(llm, [user('Count.')])).usage.completionTokens).toBe(4);
  expect(workers).toHaveLength(2);
  await llm.close();
}, 300_000);
