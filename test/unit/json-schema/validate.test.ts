// The validator of JSON Schema: what it says of single cases, and that it agrees with another one on random ones.
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/util/json-schema/subschemas.ts';
import { compileSchema } from '../../../src/util/json-schema/validate.ts';
import { createRandom } from '../../../src/util/random.ts';

const issues = (schema: Schema, value: unknown) => compileSchema(schema)(value).map(({ at, message }) => `${at} ${message}`);

describe('messages say where and what', () => {
  test.each<[Schema, unknown, string[]]>([
    [{ type: 'integer' }, 1.5, [' must be integer']],
    [{ type: ['string', 'null'] }, 1, [' must be string or null']],
    [{ properties: { 'a/b': { const: 1 } } }, { 'a/b': 2 }, ['/a~1b must be 1']],
    [{ items: { enum: ['x', 'y'] } }, ['x', 'z'], ['/1 must be one of "x", "y"']],
    [{ required: ['a', 'b'] }, { b: 1 }, [' must have "a"']],
    [{ additionalProperties: false }, { a: 1 }, ['/a must not be there']],
    [{ minLength: 3 }, '😀😀', [' must have at least 3 characters, has 2']],
    [{ pattern: '^a+$' }, 'ab', [' must match ^a+$']],
    [{ multipleOf: 0.01 }, 0.07, []],
    [{ multipleOf: 0.01 }, 0.075, [' must be a multiple of 0.01']],
    [{ oneOf: [{ type: 'number' }, { minimum: 3 }] }, 4, [' must be valid by exactly one of 2 schemas, is by 2']],
    [{ contains: { const: 1 }, maxContains: 1 }, [1, 1], [' must contain at most 1 items that "contains" describes']],
    [{ properties: { a: true }, unevaluatedProperties: false }, { a: 1, toString: 2 }, ['/toString must not be there']],
    [{ $defs: { n: { type: 'number' } }, items: { $ref: '#/$defs/n' } }, [1, 'x'], ['/1 must be number']],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [' must have no item twice'],
    ],
    [{ format: 'email' }, 'nobody', []],
  ])('%j on %j', (schema, value, expected) => expect(issues(schema, value)).toEqual(expected));
});

describe('a schema that is wrong is refused with the place', () => {
  test.each<[Schema, RegExp]>([
    [{ properties: { a: { type: 'strng' } } }, /^At #\/properties\/a: "type" must be .*not "strng"$/],
    [{ items: 3 }, /^At #: "items" must hold a schema$/],
    [{ anyOf: [] }, /"anyOf" must be a list of schemas/],
    [{ minLength: -1 }, /"minLength" must be a whole number/],
    [{ pattern: '(' }, /"pattern" must be a regular expression/],
  ])('%j', (schema, message) => expect(() => compileSchema(schema)).toThrow(message));

  test('a reference that leads nowhere', () => {
    expect(() => compileSchema({ $ref: '#/$defs/a' })(1)).toThrow('There is nothing at the reference "#/$defs/a"');
    expect(() => compileSchema({ $ref: 'https://example.com/a' })(1)).toThrow('"https://example.com/a", which is not part of it');
  });

  test('one that leads back without end', () => {
    expect(() => compileSchema({ $ref: '#' })(1)).toThrow('refers to itself without end');
  });
});

test('agrees with Ajv on random schemas and values', () => {
  const random = createRandom(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const many = <T>(make: () => T, most = 3): T[] => Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  const names = ['a', 'b', 'c', 'ab'];
  const value = (depth = 2): unknown => {
    const kind = pick(depth > 0 ? ['leaf', 'list', 'object'] : ['leaf']);
    if (kind === 'list') return many(() => value(depth - 1));
    if (kind === 'object') return Object.fromEntries(many(() => [pick(names), value(depth - 1)]));
    return pick([null, true, false, 0, 1, 1.5, -3, 10, '', 'a', 'ab', '😀']);
  };
  const object = (depth: number) => Object.fromEntries([...many(() => pick(names)), 'a'].map((name) => [name, schema(depth)]));
  const list = (depth: number) => [schema(depth), ...many(() => schema(depth), 2)];
  const keywords: Record<string, (depth: number) => unknown> = {
    type: () => pick(['null', 'boolean', 'number', 'integer', 'string', 'array', 'object', ['string', 'object']]),
    enum: () => [...new Set([value(1), 1].map((each) => JSON.stringify(each)))].map((each) => JSON.parse(each)),
    const: () => value(1),
    minimum: () => pick([0, 1, 2.5]),
    exclusiveMaximum: () => pick([1, 2]),
    multipleOf: () => pick([1, 0.5, 3]),
    minLength: () => pick([0, 1, 2]),
    maxLength: () => pick([0, 1, 2]),
    pattern: () => pick(['a', '^a$', 'b$']),
    minItems: () => pick([0, 1, 2]),
    maxItems: () => pick([0, 1, 2]),
    uniqueItems: () => true,
    minProperties: () => pick([0, 1, 2]),
    required: () => [pick(names)],
    dependentRequired: () => ({ a: [pick(names)] }),
    properties: object,
    patternProperties: (depth) => ({ '^a': schema(depth) }),
    additionalProperties: schema,
    propertyNames: () => ({ maxLength: pick([1, 2]) }),
    dependentSchemas: object,
    items: schema,
    prefixItems: list,
    allOf: list,
    anyOf: list,
    oneOf: list,
    // Not "contains" and "unevaluatedItems": Ajv is not right about them together with others.
    ...Object.fromEntries(['not', 'if', 'then', 'else', 'unevaluatedProperties'].map((keyword) => [keyword, schema])),
  };
  function schema(depth: number): Schema {
    if (depth === 0 || random() < 0.1) return pick([true, false, { type: 'string' }, { type: 'number' }, { const: 1 }]);
    const chosen = new Set(['type', ...many(() => pick(Object.keys(keywords)), 4)].slice(random() < 0.7 ? 1 : 0));
    return Object.fromEntries([...chosen].map((keyword) => [keyword, keywords[keyword]!(depth - 1)]));
  }
  const seen = { valid: 0, invalid: 0 };
  for (let i = 0; i < 500; i++) {
    const tried = { ...(schema(3) as object) };
    const theirs = new Ajv({ strict: false, validateSchema: false, logger: false }).compile(tried);
    const ours = compileSchema(tried);
    for (const instance of Array.from({ length: 8 }, () => value())) {
      const valid = theirs(instance);
      expect(ours(instance).length === 0, JSON.stringify([tried, instance])).toBe(valid);
      seen[valid ? 'valid' : 'invalid']++;
    }
  }
  expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000);
});
