// The models of models/ in their workers, in a real browser.
import { afterAll, describe, expect, test } from 'vitest';
import { transformersEmbedder } from '../../src/client/transformers-embedder.ts';
import { transformersLlm } from '../../src/client/transformers-llm.ts';
import type { ChatMessage, GenerateEvent, GenerateOptions } from '../../src/spec/llm.ts';
import type { LoadProgress } from '../../src/spec/model.ts';

const story: ChatMessage[] = [{ role: 'user', content: 'Tell me a story about a page.' }];

describe('chat model on WASM', () => {
  const llm = transformersLlm({ device: 'wasm' });
  afterAll(() => llm.close());

  async function run(options: GenerateOptions = {}, messages = story) {
    const events: GenerateEvent[] = [];
    for await (const event of llm.generate(messages, { maxTokens: 24, ...options })) events.push(event);
    const done = events.at(-1)!;
    if (done.type !== 'done') throw new Error('the last event is not "done"');
    return { done, tokens: events.slice(0, -1) as Extract<GenerateEvent, { type: 'token' }>[] };
  }

  test('loads, with progress', async () => {
    const seen: LoadProgress[] = [];
    const info = await llm.load({ onProgress: (progress) => seen.push(progress) });
    expect(info).toMatchObject({
      model: 'SmolLM2-135M-Instruct',
      device: 'wasm',
      dtype: 'q8',
      contextTokens: 8192,
      software: false,
    });
    expect(info.threads).toBeGreaterThan(1);
    expect(seen.at(-1)).toMatchObject({ phase: 'ready' });
    expect(await llm.load()).toEqual(info);
  });

  test('streams token by token; the pieces make the answer', async () => {
    const { done, tokens } = await run();
    expect(tokens.length).toBeGreaterThan(15);
    expect(tokens.map(({ text }) => text).join('')).toBe(done.text);
    expect(done.usage.completionTokens).toBe(24);
    expect(done.reason).toBe('length');
    expect(done.timings.prefillMs).toBeGreaterThan(0);
    expect(done.text).toMatch(/[a-z]{3,} [a-z]{3,} /);
  });

  test('greedy output repeats; a seed repeats sampling; other seeds differ', async () => {
    const greedy = (await run()).done.text;
    expect((await run()).done.text).toBe(greedy);
    const sampled = (await run({ temperature: 1, seed: 1 })).done.text;
    expect((await run({ temperature: 1, seed: 1 })).done.text).toBe(sampled);
    expect((await run({ temperature: 1, seed: 2 })).done.text).not.toBe(sampled);
    expect((await run({ temperature: 1, topP: 1e-6, seed: 3 })).done.text).toBe(greedy);
    expect((await run({ temperature: 2, minP: 0.999, seed: 3 })).done.text).toBe(greedy);
    expect((await run({ repetitionPenalty: 2 })).done.text).not.toBe(greedy);
  });

  test('ends before a stop text', async () => {
    const full = (await run({ maxTokens: 40 })).done.text;
    const stop = full.slice(20, 26);
    const { done, tokens } = await run({ maxTokens: 40, stop: [stop] });
    expect(done.text).toBe(full.slice(0, full.indexOf(stop)));
    expect(tokens.map(({ text }) => text).join('')).toBe(done.text);
    expect(done.reason).toBe('stop');
  });

  test('aborts between two tokens, and answers the next call', async () => {
    const controller = new AbortController();
    let tokens = 0;
    const started = performance.now();
    await expect(async () => {
      for await (const event of llm.generate(story, { maxTokens: 2000, signal: controller.signal })) {
        if (event.type === 'token' && ++tokens === 5) controller.abort();
      }
    }).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(tokens).toBeLessThan(8);
    expect((await run({ maxTokens: 4 })).done.usage.completionTokens).toBe(4);
    // 2,000 tokens would have taken over a minute.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('leaving the loop stops the model', async () => {
    for await (const event of llm.generate(story, { maxTokens: 2000 })) if (event.type === 'token') break;
    const started = performance.now();
    await run({ maxTokens: 2 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('refuses a prompt that does not fit', async () => {
    await expect(run({}, [{ role: 'user', content: 'word '.repeat(9000) }])).rejects.toMatchObject({ code: 'context-overflow' });
  });

  test('an abort in a long prompt takes effect before its end; what was read of it need not be read again', async () => {
    const long = [{ role: 'user' as const, content: 'The sea is wide and the page is white. '.repeat(60) }];
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1500);
    await expect(run({ signal: controller.signal }, long)).rejects.toMatchObject({ name: 'AbortError' });
    const { usage } = (await run({ maxTokens: 1 }, long)).done;
    expect(usage.cachedTokens).toBeGreaterThanOrEqual(64);
    expect(usage.cachedTokens).toBeLessThan(usage.promptTokens - 64);
  });

  test('the same answer whether a conversation goes on, begins anew or shares its system prompt', async () => {
    const system = {
      role: 'system' as const,
      content: 'You know the depot on Harbour Street, which opens at nine in the morning.',
    };
    const ask = (content: string) => [system, { role: 'user' as const, content }];
    const afresh = transformersLlm({ device: 'wasm' });
    try {
      const first = (await run({}, ask('When does the depot open?'))).done;
      expect(first.usage.cachedTokens).toBeLessThan(10);
      await run({}, story);
      const shared = (await run({}, ask('Where is the depot?'))).done;
      expect(shared.usage.cachedTokens).toBeGreaterThan(15);
      const turns = [
        ...ask('Where is the depot?'),
        { role: 'assistant' as const, content: shared.text },
        { role: 'user' as const, content: 'Say that again.' },
      ];
      const second = (await run({}, turns)).done;
      expect(second.usage.cachedTokens).toBeGreaterThan(shared.usage.promptTokens);
      let text = '';
      for await (const event of afresh.generate(turns, { maxTokens: 24, promptLookup: false })) {
        if (event.type === 'done') text = event.text;
      }
      expect(text).toBe(second.text);
    } finally {
      await afresh.close();
    }
  });

  test('drafts from the prompt do not change the answer, and are accepted where it quotes', async () => {
    const quote = [
      {
        role: 'user' as const,
        content: 'Repeat word for word: The depot on Harbour Street opens at nine in the morning and closes at five.',
      },
    ];
    for (const messages of [quote, story]) {
      const drafted = (await run({ maxTokens: 32 }, messages)).done;
      const plain = (await run({ maxTokens: 32, promptLookup: false }, messages)).done;
      expect(drafted.text).toBe(plain.text);
      expect(plain.usage.draftedTokens).toBe(0);
      if (messages === quote) expect(drafted.usage.acceptedTokens).toBeGreaterThan(4);
    }
  });

  test('counts tokens of texts and of messages with their template', async () => {
    const text = await llm.countTokens('Tell me a story about a page.');
    expect(text).toBe(8);
    expect(await llm.countTokens(story)).toBeGreaterThan(text + 5);
  });
});

describe('embedding model on WASM', () => {
  const embedder = transformersEmbedder({ device: 'wasm' });
  afterAll(() => embedder.close());
  const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

  test('gives unit vectors whose cosine is meaning, in the order of the texts', async () => {
    const texts = [
      'How do I reset my password?',
      'To change the password, open the settings.',
      'Bananas are yellow. '.repeat(30),
    ];
    const { data, rows, dimension } = await embedder.embed(texts);
    expect([rows, dimension]).toEqual([3, 384]);
    const row = (i: number) => data.subarray(i * dimension, (i + 1) * dimension);
    for (let i = 0; i < 3; i++) expect(cosine(row(i), row(i))).toBeCloseTo(1, 4);
    expect(cosine(row(0), row(1))).toBeGreaterThan(0.5);
    expect(cosine(row(0), row(2))).toBeLessThan(0.2);
    const alone = await embedder.embed([texts[1]!]);
    expect(cosine(alone.data, row(1))).toBeGreaterThan(0.99);
  });

  test('a question overtakes a long batch of passages', async () => {
    const order: string[] = [];
    const passages = embedder
      .embed(Array.from({ length: 64 }, (_, i) => `Passage ${i} of many. `.repeat(20)))
      .then(() => order.push('passages'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await embedder.embed(['short question'], { kind: 'query' }).then(() => order.push('query'));
    await passages;
    expect(order).toEqual(['query', 'passages']);
  });

  test('aborts in the middle of a batch', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await expect(embedder.embed(Array(200).fill('word '.repeat(200)), { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect((await embedder.embed(['again'])).rows).toBe(1);
  });

  test('nothing in, nothing out', async () => {
    expect((await embedder.embed([])).rows).toBe(0);
  });
});
