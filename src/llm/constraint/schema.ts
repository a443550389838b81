// The texts that a JSON Schema takes. Where the standard leaves more open than a model should be left, it is read narrowly: the
// properties come in the order of the schema, and others only where `additionalProperties` asks for them.
import { assertSupported, schemaSupport } from '../../prompt/schema-support.ts';
import type { JsonSchema } from '../../spec/output.ts';
import { InpageError } from '../../util/errors.ts';
import { Resources } from '../../util/json-schema/resources.ts';
import type { Schema, SchemaObject } from '../../util/json-schema/subschemas.ts';
import { compileSchema } from '../../util/json-schema/validate.ts';
import { alternatives, names, unsupported } from './alternatives.ts';
import { choice, type Expression, literal, makeParts } from './expression.ts';
import { anyString, anyValue, array, constant, member, object, string, stringExcept } from './json.ts';
import { numbers } from './number.ts';
import { parseRegex } from './regex.ts';

const support = schemaSupport(
  'This backend',
  'type const enum anyOf oneOf allOf $ref $anchor',
  'properties required additionalProperties items prefixItems minItems maxItems',
  'minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf',
);

/** Keywords that tell the type where a schema names none. */
const typical: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/** @throws InpageError `output-unsupported` that names what cannot be enforced; `invalid-argument` for what is no JSON Schema */
export function parseSchema(root: JsonSchema): Expression {
  try {
    return parse(root);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new InpageError('invalid-argument', `"output.schema" is not a JSON Schema by itself. ${cause.message}.`, { cause });
  }
}

function parse(root: JsonSchema): Expression {
  assertSupported(root, support);
  const resources = new Resources(root as Schema, {});
  const known = new Map<Schema, Expression>();

  /** Made when a text comes there, and once. */
  const value = (schema: Schema): Expression => ({
    kind: 'lazy',
    make() {
      let expression = known.get(schema);
      if (!expression) {
        expression = choice(...alternatives(schema, resources).map(plain));
        known.set(schema, expression);
      }
      return expression;
    },
  });

  const plain = (schema: SchemaObject): Expression => {
    if ('enum' in schema) return constants(schema);
    const told = Object.keys(typical).filter((type) => typical[type]!.some((keyword) => keyword in schema));
    const types = 'type' in schema ? names(schema.type) : told;
    return types.length === 0 ? anyValue : choice(...types.map((type) => ofType(type, schema)));
  };

  const ofType = (type: string, schema: SchemaObject): Expression => {
    switch (type) {
      case 'object':
        return objects(schema);
      case 'array':
        return arrays(schema);
      case 'string':
        return strings(schema);
      case 'boolean':
        return choice(literal('true'), literal('false'));
      case 'null':
        return literal('null');
      default:
        return numbers(schema, type === 'integer');
    }
  };

  const objects = (schema: SchemaObject): Expression => {
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    const required = names(schema.required);
    const listed = Object.keys(properties);
    const free = schema.additionalProperties as Schema | undefined;
    const members = [...new Set([...listed, ...required])].map((name) => ({
      name,
      value: value(Object.hasOwn(properties, name) ? properties[name]! : (free ?? true)),
      required: required.includes(name),
    }));
    const more = free ?? members.length === 0;
    return object(
      members.filter(({ name, required }) => required || properties[name] !== false),
      more === false ? undefined : member(stringExcept(members.map(({ name }) => name)), value(more)),
    );
  };

  const arrays = ({ prefixItems = [], items, minItems, maxItems }: SchemaObject): Expression => {
    const first = prefixItems as readonly Schema[];
    const others = (items as Schema | undefined) ?? (first.length === 0 || (minItems as number) > first.length);
    return array(first.map(value), others === false ? undefined : value(others), minItems as number, maxItems as number);
  };

  const expression = value(root as Schema);
  // What cannot be enforced is refused now, not when a text comes there.
  makeParts(expression);
  return expression;
}

/** Values that are listed, as far as the other keywords take them. */
function constants({ properties, items, prefixItems, additionalProperties, ...schema }: SchemaObject): Expression {
  const validate = compileSchema(schema);
  return choice(...(schema.enum as readonly unknown[]).filter((each) => validate(each).length === 0).map(constant));
}

function strings({ pattern, minLength, maxLength }: SchemaObject): Expression {
  if (pattern === undefined) return anyString(minLength as number | undefined, maxLength as number | undefined);
  if (minLength !== undefined || maxLength !== undefined) throw unsupported('"pattern" together with "minLength" or "maxLength"');
  return string(parseRegex(pattern as string, { search: true }));
}
