// The schemas inside a JSON Schema (draft 2020-12), by the keywords that hold them.

/** A JSON Schema. */
export type Schema = boolean | SchemaObject;
export type SchemaObject = { readonly [keyword: string]: unknown };

const one = new Set([
  ...['additionalProperties', 'unevaluatedProperties', 'propertyNames'],
  ...['items', 'contains', 'unevaluatedItems'],
  ...['not', 'if', 'then', 'else', 'contentSchema'],
]);
const list = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const map = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);

/** Whether a value has the shape of a schema. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || isObject(value);
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The schemas directly inside one, each with its JSON Pointer from there.
 * @throws TypeError that names a keyword which does not hold what it should
 */
export function* subschemas(schema: SchemaObject): Generator<[pointer: string, schema: Schema]> {
  for (const [keyword, operand] of Object.entries(schema)) {
    if (one.has(keyword)) yield [`/${keyword}`, expectSchema(operand, keyword)];
    else if (list.has(keyword)) {
      if (!Array.isArray(operand) || operand.length === 0) throw new TypeError(`"${keyword}" must be a list of schemas`);
      for (const [i, each] of operand.entries()) yield [`/${keyword}/${i}`, expectSchema(each, keyword)];
    } else if (map.has(keyword)) {
      if (!isObject(operand)) throw new TypeError(`"${keyword}" must be an object of schemas`);
      for (const [name, each] of Object.entries(operand))
        yield [`/${keyword}/${escapePointer(name)}`, expectSchema(each, keyword)];
    }
  }
}

/** A name as a part of a JSON Pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function expectSchema(value: unknown, keyword: string): Schema {
  if (!isSchema(value)) throw new TypeError(`"${keyword}" must hold a schema`);
  return value;
}
