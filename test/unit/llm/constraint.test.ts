// Constrained decoding with a real tokenizer and the worst of models: one that says anything at random.
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Automaton, buildAutomaton } from '../../../src/llm/constraint/automaton.ts';
import { parseSchema } from '../../../src/llm/constraint/schema.ts';
import { createConstraint } from '../../../src/llm/constraint.ts';
import type { JsonSchema, OutputFormat } from '../../../src/spec/output.ts';
import { compileSchema } from '../../../src/util/json-schema/validate.ts';
import { type Babble, loadBabbler } from '../../support/babble.ts';

let tokenizer: PreTrainedTokenizer;
let babble: Babble;

beforeAll(async () => {
  ({ tokenizer, babble } = await loadBabbler());
});

describe('choice', { timeout: 60_000 }, () => {
  test.each([
    [['yes', 'no']],
    [['a', 'ab', 'abc']],
    [['für', 'gegen', '中立', '😀👍🏽']],
    [['$1.50 (net)', 'a|b', '[x]', '\\', '^', '']].map((list) => list.filter(Boolean)),
    [['line one\nline two', '"quoted"']],
  ])('%j', (...choices) => {
    const choice = choices.flat();
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { text, ended } = babble({ choice }, seed);
      expect(ended).toBe(true);
      expect(choice).toContain(text);
      seen.add(text);
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('regex', { timeout: 60_000 }, () => {
  test.each([
    '[0-9]{4}-[0-9]{2}-[0-9]{2}',
    '(yes|no|maybe so)',
    '^[A-Z][a-z]{2,5}$',
    '^a|b{3}$',
    '\\d{1,3}(\\.\\d{1,3}){3}',
    '#[\\da-fA-F]{6}',
    '.{5}',
    '[^a-z\\s]{3,6}',
    '[äöüß]{2}[^\\x00-\\x7f]{3}',
    '\\p{Lu}\\p{Ll}{2,4}',
    '\\p{Script=Greek}{4}',
    '[\\u{1F600}-\\u{1F64F}]{2}',
    '(?:ab|c)*?d',
    '(?<year>\\d\\d)x{0}',
    '\\w{1,5}@\\w{2,9}\\.(com|org)',
    'a{2,}b?',
    '(a|b|(c|d){2}){3}',
    '\\$\\d+\\.\\d{2} \\(net\\)',
    '[-.\\]^]{4}',
    'x{0,40}',
    '(\\S{1,6} ){2}\\S+?',
    '\\t?\\n\\u0041\\x42',
  ])('%s', (regex) => {
    for (let seed = 0; seed < 3; seed++) {
      const { text, ended } = babble({ regex }, seed);
      expect(ended, text).toBe(true);
      expect(text).toMatch(new RegExp(`^(?:${regex})$`, 'u'));
    }
  });

  test.each(['(?=a)b', 'a(?!b)', '(?<=a)b', '(a)\\1', '\\bword', 'a(^b)', '(?<n>a)\\k<n>', '(a$)b'])('%s is refused', (regex) =>
    expect(refusal({ regex })).toContain(`The regular expression ${regex} cannot be enforced because of its part at `),
  );

  test('large counts are no trouble', () => {
    const { text, ended } = babble({ regex: '(a{1000}){1000}' }, 1, { maxTokens: 20 });
    expect(text).toMatch(/^a+$/);
    expect(ended).toBe(false);
  });
});

const short = { type: 'string', maxLength: 12 };
const schemas: JsonSchema[] = [
  { type: 'boolean' },
  { type: 'null' },
  { enum: ['red', 'green', 3, null] },
  { const: { a: [1, 'x'] } },
  { type: 'integer', minimum: 3, maximum: 700 },
  { type: 'number', exclusiveMinimum: 0, maximum: 1, multipleOf: 0.25 },
  short,
  { type: 'string', minLength: 3, maxLength: 5 },
  { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 4 },
  { type: 'array', prefixItems: [short, { type: 'boolean' }], items: false, minItems: 2 },
  { type: 'array', prefixItems: [{ const: 1 }, { const: 2 }], items: { const: 3 }, minItems: 1, maxItems: 4 },
  { type: 'string', pattern: '^[a-z]{1,5}@[a-z]{1,5}\\.(com|org)$' },
  { type: 'string', pattern: '^"\\\\\\n?[äö]$|^\\d{3}$' },
  { type: 'string', pattern: 'e' },
  { type: 'integer', minimum: -25, maximum: 1203 },
  { type: 'integer', exclusiveMaximum: -7 },
  { type: 'number', minimum: 0.125, exclusiveMaximum: 3 },
  { type: 'number', minimum: -0.5, maximum: 0.5, multipleOf: 0.01 },
  { type: 'integer', minimum: 1, maximum: 100, multipleOf: 7 },
  { type: ['integer', 'null'], minimum: 3 },
  {
    type: 'object',
    properties: {
      name: short,
      age: { type: 'integer', minimum: 0, maximum: 120 },
      tags: { type: 'array', items: short, maxItems: 2 },
    },
    required: ['name', 'age', 'tags'],
    additionalProperties: false,
  },
  { type: 'object', properties: { 'key with "quotes"': short, ключ: short }, additionalProperties: false },
  { type: 'object', properties: { a: short, b: short, c: short, d: short }, required: ['c'], additionalProperties: false },
  { type: 'object', properties: { a: { type: 'null' }, ab: { type: 'null' } }, additionalProperties: { type: 'boolean' } },
  {
    allOf: [{ properties: { a: { type: 'integer' } } }, { properties: { a: { minimum: 5, maximum: 9 }, b: short } }],
    required: ['a'],
  },
  {
    anyOf: [
      {
        type: 'object',
        properties: { kind: { const: 'circle' }, r: { enum: [1, 2] } },
        required: ['kind', 'r'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { kind: { const: 'square' }, a: { enum: [3, 4] } },
        required: ['kind', 'a'],
        additionalProperties: false,
      },
    ],
  },
  { oneOf: [{ type: 'integer', minimum: 0, maximum: 9 }, { type: 'boolean' }] },
  {
    $defs: {
      node: {
        type: 'object',
        properties: { v: { type: 'boolean' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        required: ['v', 'next'],
        additionalProperties: false,
      },
    },
    $ref: '#/$defs/node',
  },
];

describe('schema', { timeout: 60_000 }, () => {
  test.each(schemas.map((schema) => [JSON.stringify(schema).slice(0, 90), schema] as const))('%s', (_, schema) => {
    const validate = compileSchema(schema);
    for (let seed = 0; seed < 3; seed++) {
      const { text, ended } = babble({ schema }, seed);
      expect(ended, text).toBe(true);
      expect(validate(JSON.parse(text)), text).toEqual([]);
    }
  });

  test('texts as a model writes them are taken', () => {
    const automaton = (schema: JsonSchema) => buildAutomaton(parseSchema(schema));
    const takes = ({ start, step, accepts }: Automaton, text: string) => {
      const state = new TextEncoder().encode(text).reduce((state, byte) => (state < 0 ? state : step(state, byte)), start);
      return state >= 0 && accepts(state);
    };
    const value = { name: 'Zoë "Z" \\ O\nx', age: 42, tags: ['a', 'b'], deep: [[{}], { x: [null, -1.5e10, true] }], '': '' };
    const any = automaton(true);
    const typed = automaton({ properties: { name: { type: 'string' }, age: { type: 'integer' } }, additionalProperties: true });
    for (const spaces of [0, 1, 2, 4, '\t']) {
      const text = JSON.stringify(value, null, spaces);
      expect(takes(any, text), text).toBe(true);
      expect(takes(typed, text), text).toBe(true);
    }
    for (const text of ['{"a": 1, "b" : [1, 2]}', '[ 1 ]', '0', '-0.5', '"\\u0000"']) expect(takes(any, text), text).toBe(true);
    for (const text of ['', '{', '[1,]', '{"a":1,}', '01', '1.', '+1', '.5', "'a'", '"a', '"\n"', '{a:1}', 'nul', '1 2', 'NaN']) {
      expect(takes(any, text), text).toBe(false);
    }
  });

  test('endless white space is bounded', () => {
    const blank = ['  ', '\n', '\t', ' ', '\n\n', '    '].flatMap((text) => tokenizer.encode(text));
    const schema = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'], additionalProperties: false };
    const { text, ended } = babble({ schema }, 1, { prefer: blank });
    expect(ended).toBe(true);
    expect(JSON.parse(text)).toHaveProperty('a');
    expect(text).toMatch(/\s{2}/);
    expect(text.length).toBeLessThan(400);
  });

  test('what cannot be enforced is refused by name and place', () => {
    const schema = {
      properties: { a: { type: 'string', format: 'email' }, b: { uniqueItems: true } },
      unevaluatedProperties: false,
    };
    expect(refusal({ schema })).toContain(
      '"unevaluatedProperties" (#), "format" (#/properties/a), "uniqueItems" (#/properties/b). Leave them out.',
    );
  });

  test.each<[JsonSchema, string]>([
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, '"oneOf" with options that may hold at once'],
    [{ pattern: 'a', maxLength: 3 }, '"pattern" together with "minLength" or "maxLength"'],
    [{ items: { type: 'integer', multipleOf: 7 } }, '"multipleOf" with more than 1000 values'],
    [{ allOf: [{ pattern: 'a' }, { pattern: 'b' }] }, '"pattern" twice'],
    [{ $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 'a part that contains itself at once'],
    [{ properties: { a: { pattern: '(?=a)b' } } }, '(?=a)b'],
  ])('so is %j', (schema, message) => expect(refusal({ schema })).toContain(message));
});

/** The message of a constraint that is refused. */
function refusal(output: OutputFormat): string {
  try {
    createConstraint(tokenizer, output);
  } catch (error) {
    expect(error).toMatchObject({ code: 'output-unsupported' });
    return (error as Error).message;
  }
  return '';
}
