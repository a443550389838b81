// The Prompt API: without a model in the real browser, and the contract of `Llm` on a fake that follows the specification.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { promptApi } from '../../src/llm/prompt-api.ts';
import type { ChatMessage, GenerateDone, GenerateOptions, Llm } from '../../src/spec/llm.ts';
import type { LoadProgress } from '../../src/spec/model.ts';
import { testLlm } from '../contract/test-llm.ts';
import { type FakeOptions, installLanguageModel } from '../support/fake-language-model.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });

async function say(llm: Llm, messages: ChatMessage[], options: GenerateOptions = {}): Promise<GenerateDone> {
  for await (const event of llm.generate(messages, options)) if (event.type === 'done') return event;
  throw new Error('There was no end.');
}

describe('in this browser', () => {
  test('there is no model, and the error says so', async () => {
    const error = { code: 'device-unavailable', message: expect.stringContaining('transformersLlm()') };
    await expect(promptApi().load()).rejects.toMatchObject(error);
    await expect(say(promptApi(), [user('Hello.')])).rejects.toMatchObject(error);
  });
});

describe('on a page', () => {
  let installed: ReturnType<typeof installLanguageModel> | undefined;
  const install = (options?: FakeOptions) => {
    installed = installLanguageModel(options);
    return installed.log;
  };
  afterEach(() => installed?.remove());

  test('nothing happens before the first call, and closing leaves no session', async () => {
    const log = install();
    const llm = promptApi();
    expect(log.created).toEqual([]);
    await say(llm, [user('Hello.')], { maxTokens: 4 });
    expect(log.alive).toBeGreaterThan(0);
    await llm.close();
    expect(log.alive).toBe(0);
  });

  test('a download is reported', async () => {
    install({ availability: 'downloadable' });
    const seen: LoadProgress[] = [];
    const info = await promptApi().load({ onProgress: (progress) => seen.push(progress) });
    expect(info).toMatchObject({ backend: 'prompt-api', device: 'browser', contextTokens: 512 });
    expect(seen.flatMap((progress) => (progress.phase === 'download' ? [progress.planLoaded] : []))).toEqual([0, 0.5, 1]);
    expect(seen.at(-1)).toMatchObject({ phase: 'ready', device: 'browser' });
  });

  test('a download that needs a click says so; after one it begins', async () => {
    install({ availability: 'downloadable', activated: false });
    const llm = promptApi();
    await expect(llm.load()).rejects.toMatchObject({
      code: 'download-declined',
      message: expect.stringContaining('handler of a click'),
      detail: { userGesture: true },
    });
    installed!.remove();
    install({ availability: 'downloadable' });
    expect(await llm.load()).toMatchObject({ device: 'browser' });
  });

  test('loading can be aborted', async () => {
    install({ availability: 'downloadable' });
    const controller = new AbortController();
    const llm = promptApi();
    const loading = llm.load({
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'download' && controller.abort(),
    });
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    expect(await llm.load()).toMatchObject({ device: 'browser' });
  });

  test('languages are asked for', async () => {
    const log = install();
    await promptApi({ languages: ['de'] }).load();
    const expected = [{ type: 'text', languages: ['de'] }];
    expect(log.options).toEqual([{ expectedInputs: expected, expectedOutputs: expected }]);
  });

  test('options that pages do not have are named', async () => {
    install();
    const llm = promptApi();
    const { warnings } = await say(llm, [user('Hello.')], { maxTokens: 2, temperature: 0.7, topK: 5, seed: 1 });
    expect(warnings).toHaveLength(3);
    for (const [i, name] of ['temperature', 'topK', 'seed'].entries()) expect(warnings![i]).toContain(name);
    expect((await say(llm, [user('Hello.')], { maxTokens: 2, topK: 0, stop: ['@'] })).warnings).toBeUndefined();
  });

  test('a conversation that goes on is not read again, nor is a beginning that several share', async () => {
    const log = install();
    const llm = promptApi();
    const system: ChatMessage = { role: 'system', content: 'Answer in few words, and only from what you were given.' };
    const first = [system, user('When does the depot open?')];
    const { text, usage } = await say(llm, first);
    expect(usage.cachedTokens).toBe(0);
    const second: ChatMessage[] = [...first, { role: 'assistant', content: text }, user('And when does it close?')];
    const next = await say(llm, second);
    expect(next.usage.cachedTokens).toBeGreaterThan(usage.promptTokens);
    // The passages of a question are left out of the history: the turns before it can still be used.
    const other = await say(llm, [system, user('What is on Harbour Street?')]);
    expect(other.usage.cachedTokens).toBeGreaterThan(10);
    const shared = other.usage.cachedTokens;
    // What was answered by someone else is added to the beginning that is known.
    const foreign = [...first, { role: 'assistant', content: 'At nine.' } as const, user('Thank you.')];
    expect((await say(llm, foreign)).usage.cachedTokens).toBe(shared);
    expect(log.created).toEqual([[], [system]]);
    expect(log.alive).toBeLessThanOrEqual(3);
  });

  test('the names of 2025 will do', async () => {
    install({ oldNames: true });
    const llm = promptApi();
    expect((await llm.load()).contextTokens).toBe(512);
    expect(await llm.countTokens('one two three')).toBe(6);
    expect((await say(llm, [user('one two three')], { maxTokens: 2 })).usage.promptTokens).toBe(6);
  });

  test.each([
    ['NotReadableError', 'generation-failed'],
    ['NotAllowedError', 'device-unavailable'],
    ['UnknownError', 'generation-failed'],
    ['QuotaExceededError', 'context-overflow'],
  ])('the error %s is %s, and the next call works', async (name, code) => {
    let failures = 1;
    install({ failure: () => (failures-- > 0 ? new DOMException('It failed.', name) : undefined) });
    const llm = promptApi();
    await expect(say(llm, [user('Hello.')])).rejects.toMatchObject({ code, message: expect.stringContaining('It failed.') });
    expect((await say(llm, [user('Hello.')])).text).not.toBe('');
  });

  test('a system message in the middle is refused', async () => {
    install();
    const messages = [user('Hello.'), { role: 'system', content: 'Be brief.' } as const];
    await expect(say(promptApi(), messages)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('a schema that the browser cannot enforce', async () => {
    install();
    const output = { schema: { not: { type: 'string' } } };
    await expect(say(promptApi(), [user('Hello.')], { output })).rejects.toMatchObject({ code: 'output-unsupported' });
  });
});

describe('on a page, the whole contract', () => {
  let installed: ReturnType<typeof installLanguageModel>;
  afterAll(() => installed.remove());
  testLlm('prompt-api', {
    note: 'on a stand-in that follows the specification',
    create: () => {
      installed ??= installLanguageModel();
      return promptApi();
    },
    skip: { sampling: 'pages cannot choose among tokens' },
  });
});

describe('in an extension, the whole contract', () => {
  let installed: ReturnType<typeof installLanguageModel> | undefined;
  afterAll(() => installed?.remove());
  testLlm('prompt-api-extension', {
    note: 'on a stand-in that follows the specification',
    create: () => {
      installed ??= installLanguageModel({ extension: true });
      return promptApi();
    },
  });
});
