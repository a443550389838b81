// The keywords of JSON Schema that look at a value alone (draft 2020-12, validation vocabulary).
import { equal } from './equal.ts';
import { compilePattern } from './pattern.ts';
import { isObject, type SchemaObject } from './subschemas.ts';

/** Says what is wrong with a value, or nothing; `operand` is of the kind that {@link operands} asks for. */
type Assertion = (value: unknown, operand: never) => string | false | undefined;

const typeNames = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

const number = (holds: (value: number, limit: number) => boolean, rule: string): Assertion => {
  return (value, limit: number) => typeof value === 'number' && !holds(value, limit) && `must be ${rule} ${limit}`;
};

const size = (sizeOf: (value: unknown) => number | undefined, holds: (size: number, limit: number) => boolean, rule: string) => {
  const assertion: Assertion = (value, limit: number) => {
    const found = sizeOf(value);
    return found !== undefined && !holds(found, limit) && `must have ${rule.replace('#', String(limit))}, has ${found}`;
  };
  return assertion;
};

const characters = (value: unknown) => (typeof value === 'string' ? [...value].length : undefined);
const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const properties = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined);
const atMost = (a: number, b: number) => a <= b;
const atLeast = (a: number, b: number) => a >= b;

/** By keyword. */
export const assertions: Readonly<Record<string, Assertion>> = {
  type: (value, types: string | readonly string[]) => {
    const allowed = typeof types === 'string' ? [types] : types;
    return !allowed.some((type) => hasType(value, type)) && `must be ${allowed.join(' or ')}`;
  },
  enum: (value, values: readonly unknown[]) =>
    !values.some((each) => equal(value, each)) && `must be one of ${values.map((each) => JSON.stringify(each)).join(', ')}`,
  const: (value, constant: unknown) => !equal(value, constant) && `must be ${JSON.stringify(constant)}`,
  minimum: number(atLeast, 'at least'),
  maximum: number(atMost, 'at most'),
  exclusiveMinimum: number((a, b) => a > b, 'greater than'),
  exclusiveMaximum: number((a, b) => a < b, 'less than'),
  multipleOf: number(isMultiple, 'a multiple of'),
  minLength: size(characters, atLeast, 'at least # characters'),
  maxLength: size(characters, atMost, 'at most # characters'),
  pattern: (value, pattern: string) =>
    typeof value === 'string' && !compilePattern(pattern).test(value) && `must match ${pattern}`,
  minItems: size(items, atLeast, 'at least # items'),
  maxItems: size(items, atMost, 'at most # items'),
  uniqueItems: (value, unique: boolean) =>
    unique &&
    Array.isArray(value) &&
    value.some((item, i) => value.slice(0, i).some((before) => equal(item, before))) &&
    'must have no item twice',
  minProperties: size(properties, atLeast, 'at least # properties'),
  maxProperties: size(properties, atMost, 'at most # properties'),
  required: (value, names: readonly string[]) => isObject(value) && missing(value, names),
  dependentRequired: (value, rules: Readonly<Record<string, readonly string[]>>) => {
    if (!isObject(value)) return;
    const names = Object.keys(rules).flatMap((name) => (Object.hasOwn(value, name) ? rules[name]! : []));
    return missing(value, names);
  },
};

const isString = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isNames = (value: unknown) => Array.isArray(value) && value.every(isString);
const isType = (value: unknown) => typeNames.includes(value as string);
const isAddress = (value: unknown) => isString(value) && URL.canParse(value as string, 'https://schema.invalid/');
const isPattern = (value: unknown) => {
  try {
    return isString(value) && compilePattern(value as string) !== undefined;
  } catch {
    return false;
  }
};

/** What the operands of keywords must be. */
const operands: Readonly<Record<string, [check: (operand: unknown) => boolean, rule: string]>> = {
  ...entries([isAddress, 'an address'], '$id', '$ref', '$dynamicRef'),
  ...entries([isString, 'a string'], '$anchor', '$dynamicAnchor'),
  type: [(value) => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType)), typeNames.join(', ')],
  enum: [(value) => Array.isArray(value), 'a list of values'],
  ...entries([isNumber, 'a number'], 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
  multipleOf: [(value) => isNumber(value) && (value as number) > 0, 'a number above 0'],
  ...entries([isCount, 'a whole number from 0'], 'minLength', 'maxLength', 'minItems', 'maxItems'),
  ...entries([isCount, 'a whole number from 0'], 'minProperties', 'maxProperties', 'minContains', 'maxContains'),
  pattern: [isPattern, 'a regular expression'],
  patternProperties: [(value) => isObject(value) && Object.keys(value).every(isPattern), 'an object by regular expressions'],
  uniqueItems: [isBoolean, 'true or false'],
  required: [isNames, 'a list of names'],
  dependentRequired: [(value) => isObject(value) && Object.values(value).every(isNames), 'lists of names'],
};

/** @throws TypeError that names the first keyword whose operand is not what it should be */
export function checkOperands(schema: SchemaObject): void {
  for (const [keyword, operand] of Object.entries(schema)) {
    const expected = Object.hasOwn(operands, keyword) ? operands[keyword] : undefined;
    if (expected && !expected[0](operand)) {
      throw new TypeError(`"${keyword}" must be ${expected[1]}, not ${JSON.stringify(operand)}`);
    }
  }
}

function entries<T>(value: T, ...names: string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function missing(value: SchemaObject, names: readonly string[]): string | undefined {
  const absent = names.filter((name) => !Object.hasOwn(value, name));
  return absent.length > 0 ? `must have ${absent.map((name) => JSON.stringify(name)).join(', ')}` : undefined;
}

/** Exact: both numbers are taken as the decimals that they are written as. */
function isMultiple(value: number, divisor: number): boolean {
  const [a, aExponent] = decimal(value);
  const [b, bExponent] = decimal(divisor);
  const shift = aExponent - bExponent;
  return shift >= 0 ? (a * 10n ** BigInt(shift)) % b === 0n : a % (b * 10n ** BigInt(-shift)) === 0n;
}

/** Digits and exponent: `digits × 10^exponent`. */
function decimal(value: number): [digits: bigint, exponent: number] {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
