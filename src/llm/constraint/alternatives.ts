// Takes a JSON Schema apart into alternatives without `$ref`, `allOf`, `anyOf` and `oneOf`, of which one must hold.
import { InpageError } from '../../util/errors.ts';
import { equal } from '../../util/json-schema/equal.ts';
import type { Resources } from '../../util/json-schema/resources.ts';
import { isObject, type Schema, type SchemaObject } from '../../util/json-schema/subschemas.ts';

/** More than these are not told apart any more. */
const maxAlternatives = 500;
const maxDepth = 64;

/** @throws InpageError `output-unsupported` that names what is wrong */
export function unsupported(what: string): InpageError {
  return new InpageError('output-unsupported', `The transformers backend cannot enforce ${what} of the schema.`);
}

/** @returns none where nothing can be valid */
export function alternatives(schema: Schema, resources: Resources, depth = 0): SchemaObject[] {
  if (!isObject(schema)) return schema ? [{}] : [];
  if (depth > maxDepth) throw unsupported('a part that contains itself at once');
  const split = (each: Schema) => alternatives(each, resources, depth + 1);
  const { $ref, allOf, anyOf, oneOf, ...own } = schema as SchemaObject & {
    [combination in 'allOf' | 'anyOf' | 'oneOf']?: Schema[];
  };
  const parts: SchemaObject[][] = [[own]];
  if (typeof $ref === 'string') parts.push(split(resources.resolve($ref, resources.home(schema)).schema));
  for (const each of allOf ?? []) parts.push(split(each));
  if (anyOf) parts.push(anyOf.flatMap(split));
  if (oneOf) parts.push(exclusive(oneOf.map(split)));
  return parts.reduce<SchemaObject[]>(
    (before, options) => {
      const merged = before.flatMap((a) => options.map((b) => merge(a, b))).filter((each) => each !== undefined);
      if (merged.length > maxAlternatives) throw unsupported('so many combinations');
      return merged;
    },
    [{}],
  );
}

/** Options of which only one can hold, whatever the value is. */
function exclusive(options: readonly SchemaObject[][]): SchemaObject[] {
  for (const [i, option] of options.entries()) {
    const others = options.slice(i + 1).flat();
    if (!option.every((a) => others.every((b) => disjoint(a, b)))) {
      throw unsupported('"oneOf" with options that may hold at once');
    }
  }
  return options.flat();
}

function disjoint(a: SchemaObject, b: SchemaObject): boolean {
  if (merge(kindOf(a), kindOf(b)) === undefined) return true;
  const common = names(a.required).filter((name) => names(b.required).includes(name));
  return common.some((name) => {
    const [inA, inB] = [property(a, name), property(b, name)];
    return isObject(inA) && isObject(inB) && merge(kindOf(inA), kindOf(inB)) === undefined;
  });
}

/** Of a schema what says which values there are at all. */
function kindOf(schema: SchemaObject): SchemaObject {
  const { type } = schema;
  const values = listedValues(schema);
  if (values) return { enum: values, type: values.map((value) => (value === null ? 'null' : typeNameOf(value))) };
  return type === undefined ? {} : { type };
}

/** The values that a schema lists, if it does. */
function listedValues({ enum: listed, const: constant }: SchemaObject): readonly unknown[] | undefined {
  if (constant === undefined) return listed as readonly unknown[] | undefined;
  return ((listed ?? [constant]) as readonly unknown[]).filter((value) => equal(value, constant));
}

function typeNameOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

const larger = (a: unknown, b: unknown) => Math.max(a as number, b as number);
const smaller = (a: unknown, b: unknown) => Math.min(a as number, b as number);
const both = (a: unknown, b: unknown) => ({ allOf: [a, b] });

/** How a keyword of two schemas becomes one. */
const merged: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  ...Object.fromEntries(['minimum', 'exclusiveMinimum', 'minLength', 'minItems'].map((keyword) => [keyword, larger])),
  ...Object.fromEntries(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'].map((keyword) => [keyword, smaller])),
  required: (a, b) => [...new Set([...names(a), ...names(b)])],
  additionalProperties: both,
  items: both,
  enum: (a, b) => (a as unknown[]).filter((value) => (b as unknown[]).some((other) => equal(value, other))),
  type: (a, b) => commonTypes(names(a), names(b)),
};

/** Keywords without a meaning of their own. */
const remarks = new Set(['title', 'description', 'default', 'examples', '$comment', '$id', '$anchor', '$defs', 'definitions']);

/** One schema for two; undefined where no value can be valid by both. */
function merge(a: SchemaObject, b: SchemaObject): SchemaObject | undefined {
  const [left, right] = [a, b].map((schema) => {
    const { const: _, ...rest } = schema;
    const values = listedValues(schema);
    return values ? { ...rest, enum: values } : rest;
  }) as [SchemaObject, SchemaObject];
  const onlyItems = [left, right].some((schema) => 'items' in schema && !('prefixItems' in schema));
  if (onlyItems && ('prefixItems' in left || 'prefixItems' in right))
    throw unsupported('"prefixItems" beside "items" of another part');
  const result: Record<string, unknown> = { ...left };
  for (const [keyword, operand] of Object.entries(right)) {
    if (!Object.hasOwn(left, keyword) || remarks.has(keyword)) result[keyword] = operand;
    else if (Object.hasOwn(merged, keyword)) result[keyword] = merged[keyword]!(left[keyword], operand);
    else if (keyword !== 'properties' && !equal(left[keyword], operand)) throw unsupported(`"${keyword}" twice`);
  }
  if (left.properties || right.properties) result.properties = mergedProperties(left, right);
  const { type, enum: values } = result;
  return [type, values].some((list) => Array.isArray(list) && list.length === 0) ? undefined : result;
}

/** What one schema says of a property, the other must take too. */
function mergedProperties(a: SchemaObject, b: SchemaObject): Record<string, Schema> {
  const all = new Set([a, b].flatMap(({ properties = {} }) => Object.keys(properties as object)));
  return Object.fromEntries(
    Array.from(all, (name) => {
      const says = [a, b].map((schema) => property(schema, name) ?? (schema.additionalProperties as Schema) ?? true);
      const strict = says.filter((schema) => schema !== true);
      return [name, strict.length > 1 ? { allOf: strict } : (strict[0] ?? true)];
    }),
  );
}

function property({ properties = {} }: SchemaObject, name: string): Schema | undefined {
  return Object.hasOwn(properties as object, name) ? (properties as Record<string, Schema>)[name] : undefined;
}

function commonTypes(a: readonly string[], b: readonly string[]): string[] {
  const within = (type: string, types: readonly string[]) =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  return [...new Set([...a.filter((type) => within(type, b)), ...b.filter((type) => within(type, a))])];
}

/** One name or several, as a list. */
export function names(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}
