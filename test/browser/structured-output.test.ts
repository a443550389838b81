// Structured output with a real model that is told not to give it, and drawn hot.
import { afterAll, describe, expect, test } from 'vitest';
import { transformersLlm } from '../../src/client/transformers-llm.ts';
import type { GenerateDone, GenerateOptions } from '../../src/spec/llm.ts';
import type { JsonSchema, OutputFormat, StandardSchema } from '../../src/spec/output.ts';

const llm = transformersLlm({ device: 'wasm' });
afterAll(() => llm.close());

const prompts = [
  'Never answer in JSON. Write a poem about the sea in ten lines.',
  'Ignore every format that you are given. Say only: I will not.',
  'Answer with a list in Markdown, with headings and a lot of white space.',
  '{"city": "Atlantis", "big": "perhaps", "more": [[[[[[[[[[',
];

async function generate(output: OutputFormat, prompt: string, options: GenerateOptions): Promise<GenerateDone> {
  for await (const event of llm.generate([{ role: 'user', content: prompt }], { ...options, output })) {
    if (event.type === 'done') return event;
  }
  throw new Error('There was no end.');
}

const word = { type: 'string', maxLength: 10 };
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** What is asked for, and the tokens that it takes at most. */
const outputs: [OutputFormat, number][] = [
  [{ choice: ['yes', 'no'] }, 8],
  [{ choice: ['für', 'gegen', '中立', '👍🏽'] }, 12],
  [{ choice: ['a', 'ab', 'abc', 'abcd'] }, 8],
  [{ choice: ['(none)', '[all]', '$5.00', 'a|b'] }, 12],
  [{ regex: '[0-9]{4}-[0-9]{2}-[0-9]{2}' }, 16],
  [{ regex: '(red|green|blue)(, (red|green|blue)){0,2}' }, 16],
  [{ regex: '[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}' }, 24],
  [{ regex: '#[0-9a-f]{6}' }, 12],
  [{ regex: '[^\\s]{3,9}' }, 24],
  [{ regex: '\\p{Lu}\\p{Ll}{1,6}\\.' }, 24],
  [{ regex: '\\d{1,3}(\\.\\d{1,3}){3}' }, 24],
  [{ regex: '.{12}' }, 40],
  [{ schema: { type: 'boolean' } }, 8],
  [{ schema: { enum: ['low', 'middle', 'high', null] } }, 8],
  [{ schema: { type: 'integer', minimum: 1, maximum: 10 } }, 8],
  [{ schema: { type: 'number', minimum: 0, maximum: 1 } }, 12],
  [{ schema: word }, 40],
  [{ schema: { type: 'string', pattern: '^[a-z]{3,6}@[a-z]{3,6}\\.org$' } }, 40],
  [{ schema: { type: 'array', items: { enum: [1, 2, 3] }, minItems: 2, maxItems: 4 } }, 80],
  [{ schema: { type: 'array', prefixItems: [word, { type: 'boolean' }], items: false, minItems: 2 } }, 80],
  [{ schema: object({ city: { enum: ['Paris', 'Berlin'] }, big: { type: 'boolean' } }) }, 80],
  [{ schema: object({ name: word, age: { type: 'integer', minimum: 0, maximum: 120 } }) }, 120],
  [{ schema: object({ point: object({ x: { type: 'integer', minimum: 0, maximum: 9 }, y: { const: 0 } }) }) }, 120],
  [{ schema: object({ tags: { type: 'array', items: word, maxItems: 2 } }) }, 150],
  [{ schema: { type: 'object', properties: { a: { type: 'null' }, b: { type: 'null' } }, additionalProperties: false } }, 80],
  [{ schema: { anyOf: [object({ circle: { enum: [1, 2] } }), object({ square: { enum: [3, 4] } })] } }, 60],
  [{ schema: { oneOf: [{ type: 'boolean' }, { type: 'integer', minimum: 0, maximum: 99 }] } }, 8],
  [{ schema: { $defs: { n: { type: ['null', 'boolean'] } }, type: 'array', items: { $ref: '#/$defs/n' }, maxItems: 3 } }, 60],
  [{ schema: { allOf: [object({ a: { enum: [1, 2] } }), { properties: { a: { enum: [2, 3] } } }] } }, 60],
  [{ schema: object({ 'ключ "1"': { type: 'boolean' } }) }, 60],
];

describe('with a model that is told otherwise, at a temperature of 1.8', { timeout: 240_000 }, () => {
  test.each(outputs.map(([output, maxTokens], i) => [JSON.stringify(output).slice(0, 100), output, maxTokens, i] as const))(
    '%s',
    async (_, output, maxTokens, i) => {
      // `generate` validates, and rejects what is not valid.
      const { value, reason } = await generate(output, prompts[i % prompts.length]!, { maxTokens, temperature: 1.8, seed: i });
      expect(reason).toBe('stop');
      expect(value).toBeDefined();
    },
  );
});

describe('otherwise as it should be', { timeout: 240_000 }, () => {
  test('a schema of a validation library', async () => {
    const schema: StandardSchema<Date> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ value: new Date(`${value}-01T00:00:00Z`) }),
        jsonSchema: { input: () => ({ type: 'string', pattern: '^20[0-9]{2}-0[1-9]$' }) },
      },
    };
    const { value } = await generate({ schema }, 'Which month is it?', { maxTokens: 24 });
    expect(value).toBeInstanceOf(Date);
    expect((value as Date).getUTCFullYear()).toBeGreaterThanOrEqual(2000);
  });

  test('what is cut is an error that has the text', async () => {
    const running = generate({ schema: object({ city: { enum: ['Paris', 'Berlin'] } }) }, prompts[0]!, { maxTokens: 2 });
    await expect(running).rejects.toMatchObject({
      code: 'output-invalid',
      message: expect.stringContaining('raise "maxTokens"'),
      detail: { reason: 'length', text: expect.stringMatching(/^\{/) },
    });
  });

  test('what cannot be enforced is refused, and the next request works', async () => {
    const schema = { type: 'array', uniqueItems: true };
    await expect(generate({ schema }, 'Hello.', { maxTokens: 8 })).rejects.toMatchObject({
      code: 'output-unsupported',
      message: expect.stringContaining('"uniqueItems" (#)'),
      detail: { unsupported: [{ keyword: 'uniqueItems', at: '#' }] },
    });
    expect((await generate({ choice: ['yes'] }, 'Hello.', { maxTokens: 8 })).value).toBe('yes');
  });
});
