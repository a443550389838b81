// Contract of `Llm`: every backend runs it. What a backend showed here is its row in the README's table of capabilities.
import { commands } from '@vitest/browser/context';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ChatMessage,
  GenerateDone,
  GenerateEvent,
  GenerateOptions,
  Llm,
  LlmInfo,
  LogitsOption,
  SamplingOption,
} from '../../src/spec/llm.ts';
import type { OutputFormat, OutputKind } from '../../src/spec/output.ts';
import { isAbort } from '../../src/util/errors.ts';

/** How a backend takes part. */
export interface LlmSuite {
  /** Makes the model; called a few times, each closed in the end. */
  create(): Llm;
  /** What is left out, and why. */
  skip?: Partial<Record<'sampling' | 'seed' | 'overflow' | 'output' | 'prefixCache', string>>;
  /** What a reader of the table must know of this run: say, that it was on a stand-in. */
  note?: string;
  /** Whether it is a row of the table: a model that is not part of the repository is none. @default true */
  listed?: boolean;
  /** Milliseconds a test may take; a GPU emulated on the CPU is slow. @default 120_000 */
  timeout?: number;
  /** Tokens that the tests generate; fewer where a token takes seconds. @default 16 */
  tokens?: number;
}

/** What a backend was seen to do; `test/support/capabilities.mjs` makes the README's table of these. */
export interface CapabilityRow {
  backend: string;
  model: string;
  device: string;
  streams: boolean;
  aborts: boolean;
  sampling: SamplingOption[];
  output: OutputKind[];
  prefixCache: boolean;
  promptLookup: boolean;
  countTokens: boolean;
  note?: string;
}

const user = (content: string): ChatMessage[] => [{ role: 'user', content }];

/** Runs a generation to its end. */
async function collect(
  events: AsyncIterable<GenerateEvent>,
): Promise<{ text: string; tokens: number; partials: unknown[]; done: GenerateDone }> {
  let text = '';
  let tokens = 0;
  const partials: unknown[] = [];
  let done: GenerateDone | undefined;
  for await (const event of events) {
    expect(done, 'nothing follows "done"').toBeUndefined();
    if (event.type === 'token') {
      text += event.text;
      tokens++;
    } else if (event.type === 'partial') partials.push(event.value);
    else done = event;
  }
  return { text, tokens, partials, done: done! };
}

const outputs: Record<
  OutputKind,
  { output: OutputFormat; prompt: string; maxTokens: number; check: (done: GenerateDone) => void }
> = {
  choice: {
    output: { choice: ['paris', 'berlin', 'rome'] },
    prompt: 'What is the capital of Germany?',
    maxTokens: 12,
    check: ({ text, value }) => {
      expect(['paris', 'berlin', 'rome']).toContain(value);
      expect(text).toBe(value);
    },
  },
  regex: {
    output: { regex: '[0-9]{4}-[0-9]{2}' },
    prompt: 'Which month is it? Say the year and the month.',
    maxTokens: 16,
    check: ({ text, value }) => {
      expect(text).toMatch(/^[0-9]{4}-[0-9]{2}$/);
      expect(value).toBe(text);
    },
  },
  schema: {
    output: {
      schema: {
        type: 'object',
        properties: { city: { enum: ['Paris', 'Berlin'] }, big: { type: 'boolean' } },
        required: ['city', 'big'],
        additionalProperties: false,
      },
    },
    prompt: 'The capital of Germany, and whether it is big, as JSON.',
    maxTokens: 48,
    check: ({ text, value }) => {
      expect(JSON.parse(text)).toEqual(value);
      expect(value).toEqual({ city: expect.stringMatching(/^(Paris|Berlin)$/), big: expect.any(Boolean) });
    },
  },
};

/** Runs the contract and writes what was seen to `test/.output/capabilities/<name>.json`. */
export function testLlm(
  name: string,
  { create, skip = {}, note, listed = true, timeout = 120_000, tokens = 16 }: LlmSuite,
): void {
  describe(`contract of Llm: ${name}`, { timeout }, () => {
    let llm: Llm;
    let info: LlmInfo;
    const row: CapabilityRow = {
      backend: name,
      model: '',
      device: '',
      streams: false,
      aborts: false,
      sampling: [],
      output: [],
      prefixCache: false,
      promptLookup: false,
      countTokens: false,
      ...(note && { note }),
    };
    const greedy: GenerateOptions = { maxTokens: tokens, temperature: 0 };
    beforeAll(async () => {
      llm = create();
      info = await llm.load();
      Object.assign(row, { model: info.model, device: info.device });
    }, timeout);
    afterAll(async () => {
      await llm?.close();
      if (listed) await commands.writeFile(`test/.output/capabilities/${name}.json`, `${JSON.stringify(row, null, 2)}\n`);
    });

    test('loading tells what runs, and the same again', async () => {
      expect(info.contextTokens).toBeGreaterThan(0);
      expect(info.model).not.toBe('');
      expect(await llm.load()).toEqual(info);
    });

    test('tokens come one by one and make up the text; greedy answers repeat', async () => {
      const first = await collect(llm.generate(user('Count: one, two, three,'), greedy));
      expect(first.done).toMatchObject({ type: 'done', text: first.text });
      expect(first.text.length).toBeGreaterThan(0);
      expect(first.done.usage.completionTokens).toBeGreaterThan(0);
      expect(first.done.usage.completionTokens).toBeLessThanOrEqual(tokens);
      expect(first.done.usage.promptTokens).toBeGreaterThan(3);
      const second = await collect(llm.generate(user('Count: one, two, three,'), greedy));
      expect(second.text).toBe(first.text);
      row.streams = first.tokens > 1;
    });

    test('maxTokens ends with the reason "length"', async () => {
      const { done } = await collect(llm.generate(user('Write a long story about the sea.'), { ...greedy, maxTokens: 3 }));
      expect(done.reason).toBe('length');
      expect(done.usage.completionTokens).toBeLessThanOrEqual(3);
    });

    test('generation ends before a stop text', async () => {
      const { text } = await collect(llm.generate(user('Count: one, two, three,'), greedy));
      const stop = text
        .slice(Math.floor(text.length / 2))
        .trim()
        .slice(0, 4);
      const stopped = await collect(llm.generate(user('Count: one, two, three,'), { ...greedy, stop: [stop] }));
      expect(stopped.text).toBe(text.slice(0, text.indexOf(stop)));
      expect(stopped.done.reason).toBe('stop');
      row.sampling.push('stop');
    });

    test('an abort ends it, and the next request works', async () => {
      const controller = new AbortController();
      const events = llm.generate(user('Write a long story about the sea.'), {
        ...greedy,
        maxTokens: 200,
        signal: controller.signal,
      });
      const error = await (async () => {
        for await (const event of events) if (event.type === 'token') controller.abort();
      })().catch((caught) => caught);
      expect(isAbort(error)).toBe(true);
      const next = await collect(llm.generate(user('Say hello.'), greedy));
      expect(next.done.type).toBe('done');
      row.aborts = true;
    });

    test('a signal that has aborted already', async () => {
      const error = await collect(llm.generate(user('Say hello.'), { ...greedy, signal: AbortSignal.abort() })).catch((e) => e);
      expect(isAbort(error)).toBe(true);
    });

    test('leaving the loop early frees the model', async () => {
      for await (const event of llm.generate(user('Write a long story.'), { ...greedy, maxTokens: 200 })) {
        if (event.type === 'token') break;
      }
      expect((await collect(llm.generate(user('Say hello.'), greedy))).done.type).toBe('done');
    });

    test('calls at once do not mix', async () => {
      const prompts = ['Count: one, two, three,', 'Say hello.', 'Name a colour.'];
      const alone: string[] = [];
      for (const prompt of prompts) alone.push((await collect(llm.generate(user(prompt), greedy))).text);
      const together = await Promise.all(prompts.map(async (prompt) => (await collect(llm.generate(user(prompt), greedy))).text));
      expect(together).toEqual(alone);
    });

    test('counts tokens of texts and of messages', async () => {
      const text = await llm.countTokens('The quick brown fox jumps over the lazy dog.');
      expect(text).toBeGreaterThanOrEqual(8);
      expect(text).toBeLessThanOrEqual(20);
      expect(await llm.countTokens(user('The quick brown fox jumps over the lazy dog.'))).toBeGreaterThanOrEqual(text);
      if (info.capabilities.countTokens) {
        const messages = user('Say hello.');
        const { done } = await collect(llm.generate(messages, { ...greedy, maxTokens: 1 }));
        expect(await llm.countTokens(messages)).toBe(done.usage.promptTokens);
        row.countTokens = true;
      }
    });

    test.skipIf(skip.overflow)(`a prompt that is too long is refused${reason(skip.overflow)}`, async () => {
      const long = 'word '.repeat(info.contextTokens + 10);
      await expect(collect(llm.generate(user(long), greedy))).rejects.toMatchObject({ code: 'context-overflow' });
      expect((await collect(llm.generate(user('Say hello.'), greedy))).done.type).toBe('done');
    });

    test.skipIf(skip.sampling)(`sampling differs from greedy, and a seed repeats it${reason(skip.sampling)}`, async () => {
      const hot: GenerateOptions = { maxTokens: tokens, temperature: 1.8 };
      const texts = new Set<string>();
      for (const seed of [1, 2, 3]) texts.add((await collect(llm.generate(user('Tell me something.'), { ...hot, seed }))).text);
      expect(texts.size).toBeGreaterThan(1);
      row.sampling.push('temperature');
      if (!info.capabilities.sampling.includes('seed') || skip.seed) return;
      const once = await collect(llm.generate(user('Tell me something.'), { ...hot, seed: 7 }));
      const again = await collect(llm.generate(user('Tell me something.'), { ...hot, seed: 7 }));
      expect(again.text).toBe(once.text);
      row.sampling.push('seed');
    });

    // With all but the best token excluded, hot sampling is greedy.
    const narrow = { topK: { topK: 1 }, topP: { topP: 0.0001 }, minP: { minP: 0.9999 } } as const;
    for (const option of ['topK', 'topP', 'minP'] as const) {
      test.skipIf(skip.sampling)(`${option} takes effect, or a warning names it${reason(skip.sampling)}`, async () => {
        const options: GenerateOptions = { maxTokens: tokens, temperature: 1.5, seed: 5, ...narrow[option] };
        const { text, done } = await collect(llm.generate(user('Tell me something.'), options));
        if (info.capabilities.sampling.includes(option)) {
          expect(text).toBe((await collect(llm.generate(user('Tell me something.'), greedy))).text);
          row.sampling.push(option);
        } else expect(done.warnings?.join(' ')).toContain(option);
      });
    }

    test.skipIf(skip.sampling)(`repetitionPenalty takes effect, or a warning names it${reason(skip.sampling)}`, async () => {
      const prompt = user('Repeat after me: la la la la la la la la la la la la');
      const plain = await collect(llm.generate(prompt, greedy));
      const { text, done } = await collect(llm.generate(prompt, { ...greedy, repetitionPenalty: 2 }));
      if (info.capabilities.sampling.includes('repetitionPenalty')) {
        expect(text).not.toBe(plain.text);
        row.sampling.push('repetitionPenalty');
      } else expect(done.warnings?.join(' ')).toContain('repetitionPenalty');
    });

    for (const [kind, { output, prompt, maxTokens, check }] of Object.entries(outputs)) {
      test.skipIf(skip.output)(`structured output: ${kind}${reason(skip.output)}`, async () => {
        const run = collect(llm.generate(user(prompt), { maxTokens, temperature: 0, output }));
        if (!info.capabilities.output.includes(kind as OutputKind)) {
          await expect(run).rejects.toMatchObject({ code: 'output-unsupported' });
          return;
        }
        const { partials, done } = await run;
        check(done);
        if (kind === 'schema') expect(partials.at(-1)).toEqual(done.value);
        else expect(partials).toEqual([]);
        row.output.push(kind as OutputKind);
      });
    }

    test.skipIf(skip.output)(`structured output that is cut is an error, and has the text${reason(skip.output)}`, async () => {
      if (!info.capabilities.output.includes('schema')) return;
      const { output, prompt } = outputs.schema;
      const cut = collect(llm.generate(user(prompt), { maxTokens: 3, temperature: 0, output }));
      await expect(cut).rejects.toMatchObject({ code: 'output-invalid', detail: { text: expect.any(String), reason: 'length' } });
      const wrong = { schema: { type: 'objekt' } };
      await expect(collect(llm.generate(user(prompt), { ...greedy, output: wrong }))).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    });

    test.skipIf(skip.prefixCache)(`a second turn does not read the first again${reason(skip.prefixCache)}`, async () => {
      const first = user('Here is a fact: the depot opens at nine and closes at five on working days. When does it open?');
      // Where it can be had, an answer that ends by itself: web-llm does not go on from one that was cut.
      const output = info.capabilities.output.includes('choice') && { output: { choice: ['It opens at nine.'] } };
      const { text } = await collect(llm.generate(first, { ...greedy, ...(output && { ...output, maxTokens: 24 }) }));
      const second: ChatMessage[] = [
        ...first,
        { role: 'assistant', content: text },
        { role: 'user', content: 'And when does it close?' },
      ];
      const { done } = await collect(llm.generate(second, greedy));
      if (!info.capabilities.prefixCache) return;
      expect(done.usage.cachedTokens).toBeGreaterThan(10);
      row.prefixCache = true;
    });

    test('what lies in the prompt may be drafted from there', async () => {
      const prompt = user('Repeat: The depot on Harbour Street opens at nine in the morning and closes at five.');
      const plain = await collect(llm.generate(prompt, { ...greedy, promptLookup: false }));
      const drafted = await collect(llm.generate(prompt, { ...greedy, promptLookup: true }));
      expect(drafted.text).toBe(plain.text);
      row.promptLookup = info.capabilities.promptLookup;
    });

    test('logits that are open change what is said, and tell how likely it is; else they are refused by name', async () => {
      const prompt = user('The depot opens at noon. When does the depot open?');
      const contrast = { messages: user('When does the depot open?'), weight: 1 };
      const few = { ...greedy, maxTokens: Math.min(tokens, 6) };
      const { logits } = info.capabilities;
      for (const option of [{ contrast }, { neighbours: {} }]) {
        const name = Object.keys(option)[0] as LogitsOption;
        if (logits.includes(name)) continue;
        const refused = collect(llm.generate(prompt, { ...few, ...option }));
        await expect(refused).rejects.toMatchObject({ code: 'invalid-argument', detail: { option: name } });
      }
      if (!logits.includes('probabilities')) return;
      for await (const event of llm.generate(prompt, { ...few, probabilities: true })) {
        if (event.type !== 'token') continue;
        expect(event.probability).toBeGreaterThan(0);
        expect(event.probability).toBeLessThanOrEqual(1);
      }
      const plain = await collect(llm.generate(prompt, few));
      const none = await collect(llm.generate(prompt, { ...few, contrast: { ...contrast, weight: 0 } }));
      expect(none.text).toBe(plain.text);
      const both = { contrast, ...(logits.includes('neighbours') && { neighbours: {} }) };
      const mixed = await collect(llm.generate(prompt, { ...few, ...both }));
      expect(mixed.tokens).toBeGreaterThan(0);
    });

    test('after close every call is refused', async () => {
      const other = create();
      await other.close();
      await expect(collect(other.generate(user('Say hello.'), greedy))).rejects.toMatchObject({ code: 'closed' });
    });
  });
}

function reason(text: string | undefined): string {
  return text ? ` (skipped: ${text})` : '';
}
