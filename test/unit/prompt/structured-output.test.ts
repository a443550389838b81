// Structured output: what is asked for is checked, what comes is given in parts and validated at the end.
import { describe, expect, test } from 'vitest';
import { plainOutput } from '../../../src/prompt/plain-output.ts';
import { structured } from '../../../src/prompt/structured-output.ts';
import type { GenerateDone, GenerateEvent } from '../../../src/spec/llm.ts';
import type { JsonSchema, OutputFormat, StandardSchema } from '../../../src/spec/output.ts';
import { createRandom } from '../../../src/util/random.ts';

/** A generation of these pieces. */
async function* generation(pieces: readonly string[], reason: 'stop' | 'length' = 'stop'): AsyncGenerator<GenerateEvent> {
  for (const text of pieces) yield { type: 'token', text };
  const usage = { promptTokens: 1, completionTokens: pieces.length };
  yield { type: 'done', text: pieces.join(''), reason, usage, timings: { prefillMs: 0, decodeMs: 0 } };
}

async function run(pieces: readonly string[], output: OutputFormat, reason?: 'stop' | 'length') {
  const events: GenerateEvent[] = [];
  for await (const event of structured(generation(pieces, reason), output)) events.push(event);
  return {
    partials: events.flatMap((event) => (event.type === 'partial' ? [event.value] : [])),
    tokens: events.flatMap((event) => (event.type === 'token' ? [event.text] : [])),
    done: events.at(-1) as GenerateDone,
  };
}

const city: JsonSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, big: { type: 'boolean' } },
  required: ['city', 'big'],
  additionalProperties: false,
};

/** What a validation library offers, by hand: a number as text, which becomes a number. */
const amount: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      /^\d+$/.test(String(value)) ? { value: Number(value) } : { issues: [{ message: 'no amount', path: ['a', { key: 0 }] }] },
    jsonSchema: { input: ({ target }) => ({ $comment: target, type: 'string' }) },
  },
};

describe('what is asked for', () => {
  test.each([
    [{}, 'exactly one of "schema", "regex" and "choice"; given: nothing'],
    [{ regex: 'a', choice: ['a'] }, 'given: regex, choice'],
    [{ regex: '(' }, '"output.regex" is not a regular expression'],
    [{ choice: [] }, '"output.choice" takes at least one text'],
    [{ choice: ['a', ''] }, '"output.choice" takes texts that are not empty; given: "".'],
    [{ schema: 'string' }, '"output.schema" takes a JSON Schema or a Standard Schema; given: string'],
    [{ schema: { '~standard': { vendor: 'old' } } }, 'must be able to give its JSON Schema'],
    [{ schema: { default: 1n } }, '"output.schema" must be plain JSON'],
  ])('%o is refused', (output, message) => {
    expect(() => plainOutput(output as unknown as OutputFormat)).toThrow(message);
    expect(() => plainOutput(output as unknown as OutputFormat)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  test('a wrong schema is refused before anything is generated', async () => {
    let asked = false;
    const events = (async function* (): AsyncGenerator<GenerateEvent> {
      asked = true;
      yield* generation(['1']);
    })();
    const first = structured(events, { schema: { properties: { a: { type: 'txt' } } } }).next();
    await expect(first).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('#/properties/a') });
    expect(asked).toBe(false);
  });

  test('a schema of a library becomes a JSON Schema, and stays what it is', () => {
    const plain = plainOutput({ schema: amount });
    expect(plain).toEqual({ schema: { $comment: 'draft-2020-12', type: 'string' } });
    expect(plainOutput(plain)).toEqual(plain);
    expect(structuredClone(plain)).toEqual(plain);
  });

  test('a schema that is a function, as ArkType has it', () => {
    expect(plainOutput({ schema: Object.assign(() => true, amount) as unknown as StandardSchema })).toHaveProperty('schema.type');
  });
});

describe('schema', () => {
  test('the value is there in parts, and at the end', async () => {
    const pieces = ['{"city":', ' "New', ' ', 'York"', ',"big"', ': true', '}'];
    const { partials, tokens, done } = await run(pieces, { schema: city });
    expect(tokens).toEqual(pieces);
    expect(partials).toEqual([
      {},
      { city: 'New' },
      { city: 'New York' },
      { city: 'New York' },
      { city: 'New York', big: true },
      { city: 'New York', big: true },
    ]);
    expect(done.value).toEqual({ city: 'New York', big: true });
  });

  test('whatever the pieces are, each part is a beginning of the next', async () => {
    const random = createRandom(3);
    const value = { text: 'a "quoted" \\ 😀 line\n', list: [1, -2.5e3, { deep: [null, true] }, 'x'], 'ké/y': {} };
    for (let i = 0; i < 50; i++) {
      const text = JSON.stringify(value, null, i % 3);
      const pieces: string[] = [];
      for (let at = 0; at < text.length; at += pieces.at(-1)!.length)
        pieces.push(text.slice(at, at + 1 + Math.floor(random() * 6)));
      const { partials, done } = await run(pieces, { schema: true });
      for (const [n, partial] of [...partials, value].entries()) expect(begins(partials[n - 1], partial)).toBe(true);
      expect(partials.at(-1)).toEqual(value);
      expect(done.value).toEqual(value);
    }
  });

  test.each([
    ['{"city": "Rome"}', 'stop', 'it must have "big".'],
    ['{"city": 1, "big": true}', 'stop', 'it /city must be string.'],
    ['{"city": "Ro', 'length', 'raise "maxTokens"'],
    ['Rome', 'stop', 'must be JSON'],
    ['', 'stop', 'must be JSON'],
  ] as const)('%s is not valid', async (text, reason, message) => {
    const error = await run([text], { schema: city }, reason).catch((e) => e);
    expect(error).toMatchObject({ code: 'output-invalid', detail: { text, reason } });
    expect(error.message).toContain(message);
  });

  test('a library validates by itself, and its value is taken', async () => {
    expect((await run(['"4', '2"'], { schema: amount })).done.value).toBe(42);
    const error = await run(['"x"'], { schema: amount }).catch((e) => e);
    expect(error).toMatchObject({ code: 'output-invalid', detail: { issues: [{ at: '/a/0', message: 'no amount' }] } });
  });
});

describe('regex and choice', () => {
  test('the value is the text; there are no parts', async () => {
    expect(await run(['20', '24'], { regex: '[0-9]{4}|x' })).toMatchObject({ partials: [], done: { value: '2024' } });
    expect(await run(['ye', 's'], { choice: ['yes', 'no'] })).toMatchObject({ partials: [], done: { value: 'yes' } });
  });

  test.each<[string, OutputFormat]>([
    ['2024x', { regex: '[0-9]{4}|x' }],
    ['ye', { choice: ['yes', 'no'] }],
  ])('%s is not valid', (text, output) => expect(run([text], output)).rejects.toMatchObject({ code: 'output-invalid' }));
});

/** Whether a value is what was there of another one before. */
function begins(before: unknown, after: unknown): boolean {
  if (before === undefined || typeof before === 'number') return true;
  if (typeof before === 'string') return typeof after === 'string' && after.startsWith(before);
  if (typeof before !== 'object' || before === null) return before === after;
  const entries = Object.entries(before);
  return entries.every(
    ([key, value], i) => key in (after as object) && (i < entries.length - 1 || begins(value, Object(after)[key])),
  );
}
