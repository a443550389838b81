// What goes wrong between a page and a server, on a real server that fails in these ways.
import { describe, expect, inject, test } from 'vitest';
import { type OpenAiCompatibleOptions, openAiCompatible } from '../../src/llm/openai-compatible.ts';
import type { GenerateDone, GenerateOptions, Llm } from '../../src/spec/llm.ts';
import { type InpageError, isAbort, serializeError } from '../../src/util/errors.ts';
import { type SeenRequest, testKey } from '../support/openai/scenario.ts';

const server = inject('openAiServer');
let runs = 0;

/** A model in a scenario of its own, and what the server saw of it. */
function scenario(fault: string, options: Partial<OpenAiCompatibleOptions> = {}) {
  const name = `${fault}.${++runs}`;
  const { dialect = 'openai' } = options;
  const llm = openAiCompatible({ baseUrl: `${server}/${name}/${dialect}/v1`, contextTokens: 512, ...options });
  const requests = async (path = 'v1/chat/completions'): Promise<SeenRequest[]> => {
    const log: SeenRequest[] = await (await fetch(`${server}/log/${name}`)).json();
    return log.filter((request) => request.path === path);
  };
  return { llm, requests };
}

/** Runs a generation to its end, or to its error. */
async function say(llm: Llm, options: GenerateOptions = {}, prompt = 'Tell me of the sea.') {
  const tokens: string[] = [];
  let done: GenerateDone | undefined;
  try {
    for await (const event of llm.generate([{ role: 'user', content: prompt }], { maxTokens: 12, ...options })) {
      if (event.type === 'token') tokens.push(event.text);
      else if (event.type === 'done') done = event;
    }
    return { tokens, done: done! };
  } catch (error) {
    return { tokens, error: error as InpageError };
  }
}

const { done: plain } = await say(scenario('ok').llm);

describe('before the first token it tries again', () => {
  test.each([
    ['too many requests', 'status-429-1', 2],
    ['a server that is not ready', 'status-503-2', 3],
    ['a connection that is refused', 'drop-1', 2],
    ['a connection that breaks after the headers', 'cutfirst-1', 2],
  ])('%s', async (_what, fault, tries) => {
    const { llm, requests } = scenario(fault);
    expect((await say(llm)).done?.text).toBe(plain!.text);
    expect(await requests()).toHaveLength(tries);
  });

  test('only so often', async () => {
    const { llm, requests } = scenario('status-500-99', { retries: 1 });
    const { error } = await say(llm);
    expect(error).toMatchObject({ code: 'remote-failed', detail: { status: 500, serverMessage: 'status 500', transient: true } });
    expect(await requests()).toHaveLength(2);
  });

  test('not if the server asks for a longer wait than is allowed', async () => {
    const { llm, requests } = scenario('wait-3600');
    const { error } = await say(llm);
    expect(error).toMatchObject({ code: 'remote-failed', detail: { status: 429, retryAfterMs: 3_600_000 } });
    expect(await requests()).toHaveLength(1);
  });

  test('not what will not pass', async () => {
    const { llm, requests } = scenario('status-400-99');
    expect((await say(llm)).error).toMatchObject({ code: 'remote-failed', detail: { status: 400, transient: false } });
    expect(await requests()).toHaveLength(1);
  });

  test('an abort ends the wait', async () => {
    const { llm } = scenario('wait-20');
    await llm.load();
    const started = performance.now();
    const { error } = await say(llm, { signal: AbortSignal.timeout(100) });
    expect(error?.name).toBe('TimeoutError');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('after the first token it does not', () => {
  test.each([
    ['a connection that breaks', 'cut', 'ended the connection'],
    ['an answer without its end', 'noend', 'before it was complete'],
    ['an event that is not JSON', 'malformed', 'not JSON'],
    ['an error among the events', 'event', 'CUDA out of memory'],
    ['an answer that is withheld', 'filter', 'content filter'],
  ])('%s', async (_what, fault, message) => {
    const { llm, requests } = scenario(fault);
    const { tokens, error } = await say(llm);
    expect(error).toMatchObject({ code: 'remote-failed', message: expect.stringContaining(message) });
    expect(plain!.text).toContain(tokens.join(''));
    expect(tokens).toHaveLength(3);
    expect(await requests()).toHaveLength(1);
  });
});

describe('errors say what to do', () => {
  test('a web page in place of an answer', async () => {
    expect((await say(scenario('html').llm)).error).toMatchObject({
      code: 'remote-failed',
      message: expect.stringMatching(/web page.*\/v1/),
    });
  });

  test('a server that does not allow the page', async () => {
    const { error } = await say(scenario('nocors', { retries: 0, dialect: 'ollama' }).llm);
    expect(error).toMatchObject({ code: 'remote-failed', message: expect.stringMatching(/CORS.*OLLAMA_ORIGINS/) });
  });

  test('no server', async () => {
    const llm = openAiCompatible({ baseUrl: 'http://127.0.0.1:9/v1', retries: 0 });
    expect((await say(llm)).error).toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  test('no key; and a wrong one is in no error, though the server repeats it', async () => {
    expect((await say(scenario('key').llm)).error).toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('`apiKey`'),
      detail: { status: 401, serverCode: 'invalid_api_key' },
    });
    const { error } = await say(scenario('key', { apiKey: 'sk-my-very-own-key' }).llm);
    expect(error).toMatchObject({ detail: { status: 401 } });
    expect(JSON.stringify(serializeError(error))).not.toContain('my-very-own');
    expect((await say(scenario('key', { apiKey: testKey }).llm)).done?.text).toBe(plain!.text);
  });

  test('a model that is not there', async () => {
    const { error } = await say(scenario('ok', { model: 'huge' }).llm);
    expect(error).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('It has: tiny') });
  });

  test('a server that goes silent', async () => {
    const { llm } = scenario('silent', { timeout: 300 });
    expect((await say(llm)).error).toMatchObject({ code: 'no-progress', message: expect.stringContaining('0.3 s') });
  });

  test('a server that is slow is not silent', async () => {
    const { done } = await say(scenario('slow-100', { timeout: 500 }).llm);
    expect(done?.text).toBe(plain!.text);
  });
});

describe('what servers do differently', () => {
  test('each byte comes by itself', async () => {
    expect((await say(scenario('bytes').llm)).done?.text).toBe(plain!.text);
  });

  test('it does not stream', async () => {
    const { done } = await say(scenario('whole').llm);
    expect(done).toMatchObject({ text: plain!.text, reason: 'length', usage: plain!.usage });
  });

  test('it tells no usage', async () => {
    const { done } = await say(scenario('nousage').llm);
    expect(done!.usage.completionTokens).toBe(12);
    expect(Math.abs(done!.usage.promptTokens - plain!.usage.promptTokens)).toBeLessThan(8);
  });

  test('it takes four stop texts, and more still take effect', async () => {
    const stop = ['@1', '@2', '@3', '@4', plain!.text.slice(10, 13)];
    const { done } = await say(scenario('ok').llm, { stop });
    expect(done).toMatchObject({ text: plain!.text.slice(0, plain!.text.indexOf(stop[4]!)), reason: 'stop' });
  });

  test('it ignores the form that was asked for', async () => {
    const { error } = await say(scenario('lax').llm, { output: { choice: ['yes', 'no'] } });
    expect(error).toMatchObject({ code: 'output-invalid' });
  });

  test('it refuses a schema', async () => {
    const { error } = await say(scenario('ok').llm, { output: { schema: { not: { type: 'string' } } } });
    expect(error).toMatchObject({ code: 'output-unsupported', message: expect.stringContaining('not permitted') });
  });
});

describe('requests', () => {
  test('there are none before the first call; then the model is looked up once', async () => {
    const { llm, requests } = scenario('ok');
    expect(await requests('v1/models')).toHaveLength(0);
    await Promise.all([say(llm), say(llm)]);
    expect(await requests('v1/models')).toHaveLength(1);
    expect(await requests()).toHaveLength(2);
  });

  test('the model is not looked up where that was said', async () => {
    const { llm, requests } = scenario('ok', { model: 'unlisted', checkModel: false });
    await say(llm);
    expect(await requests('v1/models')).toHaveLength(0);
    expect((await requests())[0]!.body).toMatchObject({ model: 'unlisted' });
  });

  test('headers go along, and fields of the body can be added and left out', async () => {
    const { llm, requests } = scenario('ok', {
      headers: { 'x-test': '1' },
      backendOptions: { user: 'me', max_completion_tokens: 5, max_tokens: undefined },
    });
    await say(llm);
    const { body } = (await requests())[0]!;
    expect(body).toMatchObject({ user: 'me', max_completion_tokens: 5 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  test.each([
    [1, 1],
    [3, 3],
  ])('with a concurrency of %i there are %i at a time', async (concurrency, most) => {
    const { llm, requests } = scenario('slow-5', { concurrency });
    await Promise.all([1, 2, 3, 4, 5].map(() => say(llm)));
    expect(Math.max(...(await requests()).map(({ running }) => running))).toBe(most);
  });

  test('those that wait go by priority', async () => {
    const { llm } = scenario('slow-5');
    await llm.load();
    const ended: number[] = [];
    await Promise.all([0, 3, 2, 1].map((priority) => say(llm, { priority }).then(() => ended.push(priority))));
    expect(ended).toEqual([0, 1, 2, 3]);
  });

  test('an abort closes the connection, and so does leaving the loop', async () => {
    const { llm, requests } = scenario('slow-20');
    for (let n = 0; n < 3; n++) {
      const controller = new AbortController();
      const events = llm.generate([{ role: 'user', content: 'Go on.' }], { maxTokens: 200, signal: controller.signal });
      const error = await (async () => {
        for await (const { type } of events) {
          if (type === 'token' && n === 1) break;
          if (type === 'token') controller.abort();
        }
      })().catch((caught) => caught);
      expect(n === 1 ? error === undefined : isAbort(error)).toBe(true);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await say(llm);
    expect((await requests()).at(-1)!.running).toBe(1);
  });

  test('closing ends what runs', async () => {
    const { llm } = scenario('slow-50');
    const running = say(llm, { maxTokens: 100 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await llm.close();
    expect((await running).error).toMatchObject({ code: 'closed' });
  });
});

test.each([
  ['an address that is none', { baseUrl: 'http://[?key=my-very-own' }],
  ['an address with a password', { baseUrl: 'http://me:my-very-own@127.0.0.1/v1' }],
  ['a key that cannot be sent', { baseUrl: '/v1', apiKey: 'sk-my-very-own\nkey' }],
])('%s is refused at once, and unsaid', (_what, options) => {
  const error = (() => {
    try {
      return openAiCompatible(options);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toMatchObject({ code: 'invalid-argument' });
  expect(JSON.stringify(serializeError(error))).not.toContain('my-very-own');
});
