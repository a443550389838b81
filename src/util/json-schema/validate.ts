// Validates values by JSON Schema, draft 2020-12. It interprets the schema, so that it works where a strict policy forbids
// generated code; `format` and `content…` are annotations, as the standard has it.
import { assertions, checkOperands } from './assertions.ts';
import { compilePattern } from './pattern.ts';
import { type Resource, Resources } from './resources.ts';
import { escapePointer, isObject, type Schema, type SchemaObject, subschemas } from './subschemas.ts';

/** Something that is wrong with a value. */
export interface SchemaIssue {
  /** JSON Pointer to the part that is wrong; '' is the whole. */
  at: string;
  message: string;
}

/** Options of {@link compileSchema}. */
export interface CompileOptions {
  /** Schemas that may be referred to, by address; nothing is ever fetched. */
  known?: Readonly<Record<string, Schema>>;
}

/** What came of a schema and a value: no issues if it is valid, and which of the value's parts were looked at. */
interface Outcome {
  issues: SchemaIssue[];
  properties: Set<string>;
  items: Set<number>;
}

/** One schema, one value. */
interface Evaluation extends Outcome {
  schema: SchemaObject;
  value: unknown;
  at: string;
  /** Evaluates another schema on the same value, or on a part of it. */
  apply(schema: Schema, value?: unknown, at?: string): Outcome;
  /** Evaluates what `reference` points at. */
  refer(reference: string, dynamic: boolean): Outcome;
}

type Applicator = (evaluation: Evaluation, operand: never) => void;

/** Resources on the way to a schema, outermost first. */
type Scope = readonly Resource[];

/** Deeper than any sensible value; what comes here refers to itself without end. */
const maxDepth = 512;

/**
 * Checks a schema and makes its validator, which gives what is wrong with a value: nothing if it is valid.
 * @throws TypeError that names what is wrong with the schema
 */
export function compileSchema(schema: Schema, { known = {} }: CompileOptions = {}): (value: unknown) => SchemaIssue[] {
  checkSchema(schema);
  const resources = new Resources(schema, known);

  const evaluate = (schema: Schema, value: unknown, at: string, scope: Scope, depth: number): Outcome => {
    const outcome: Outcome = { issues: [], properties: new Set(), items: new Set() };
    if (!isObject(schema)) {
      if (!schema) outcome.issues.push({ at, message: 'must not be there' });
      return outcome;
    }
    if (depth > maxDepth) throw new TypeError(`The schema refers to itself without end, or the value is nested too deeply`);
    const home = resources.home(schema);
    const inner = scope.at(-1) === home ? scope : [...scope, home];
    const evaluation: Evaluation = {
      ...outcome,
      schema,
      value,
      at,
      apply: (next, part = value, place = at) => evaluate(next, part, place, inner, depth + 1),
      refer(reference, dynamic) {
        const target = resources.resolve(reference, home);
        const { dynamicAnchor } = target;
        const outermost =
          dynamic && dynamicAnchor !== undefined ? inner.find((each) => each.dynamicAnchors.has(dynamicAnchor)) : undefined;
        const resource = outermost ?? target.resource;
        const next = outermost ? outermost.dynamicAnchors.get(dynamicAnchor!)! : target.schema;
        return evaluate(next, value, at, [...inner, resource], depth + 1);
      },
    };
    for (const [keyword, applicator] of Object.entries(applicators)) {
      if (Object.hasOwn(schema, keyword)) applicator(evaluation, schema[keyword] as never);
    }
    if (home.validates) {
      for (const [keyword, operand] of Object.entries(schema)) {
        const message = Object.hasOwn(assertions, keyword) && assertions[keyword]!(value, operand as never);
        if (message) outcome.issues.push({ at, message });
      }
    }
    return outcome;
  };
  return (value) => evaluate(schema, value, '', [resources.root], 0).issues;
}

/** @throws TypeError that names what is wrong and where */
function checkSchema(schema: Schema, at = '#'): void {
  if (!isObject(schema)) return;
  try {
    checkOperands(schema);
    for (const [pointer, each] of subschemas(schema)) checkSchema(each, at + pointer);
  } catch (cause) {
    const { message } = cause as Error;
    throw message.startsWith('At ') ? cause : new TypeError(`At ${at}: ${message}`, { cause });
  }
}

/** Keywords that apply other schemas, in the order in which they must go: the last two need what the others have looked at. */
const applicators: Readonly<Record<string, Applicator>> = {
  $ref: (evaluation, reference: string) => merge(evaluation, evaluation.refer(reference, false)),
  $dynamicRef: (evaluation, reference: string) => merge(evaluation, evaluation.refer(reference, true)),

  allOf: (evaluation, schemas: readonly Schema[]) => {
    for (const schema of schemas) merge(evaluation, evaluation.apply(schema));
  },
  anyOf: (evaluation, schemas: readonly Schema[]) => {
    const valid = matches(evaluation, schemas);
    if (valid === 0) fail(evaluation, `must be valid by one of ${schemas.length} schemas`);
  },
  oneOf: (evaluation, schemas: readonly Schema[]) => {
    const valid = matches(evaluation, schemas);
    if (valid !== 1) fail(evaluation, `must be valid by exactly one of ${schemas.length} schemas, is by ${valid}`);
  },
  not: (evaluation, schema: Schema) => {
    if (evaluation.apply(schema).issues.length === 0) fail(evaluation, 'must not be valid by the schema of "not"');
  },
  if: (evaluation, condition: Schema) => {
    const { schema } = evaluation;
    const next = matches(evaluation, [condition]) > 0 ? schema.then : schema.else;
    if (next !== undefined) merge(evaluation, evaluation.apply(next as Schema));
  },

  dependentSchemas: (evaluation, schemas: Readonly<Record<string, Schema>>) => {
    for (const name of propertyNames(evaluation)) {
      if (Object.hasOwn(schemas, name)) merge(evaluation, evaluation.apply(schemas[name]!));
    }
  },
  properties: (evaluation, schemas: Readonly<Record<string, Schema>>) => {
    for (const name of propertyNames(evaluation)) if (Object.hasOwn(schemas, name)) property(evaluation, name, schemas[name]!);
  },
  patternProperties: (evaluation, schemas: Readonly<Record<string, Schema>>) => {
    for (const [pattern, schema] of Object.entries(schemas)) {
      const regex = compilePattern(pattern);
      for (const name of propertyNames(evaluation)) if (regex.test(name)) property(evaluation, name, schema);
    }
  },
  additionalProperties: (evaluation, schema: Schema) => {
    const { properties = {}, patternProperties = {} } = evaluation.schema;
    const patterns = Object.keys(patternProperties as object).map(compilePattern);
    for (const name of propertyNames(evaluation)) {
      if (Object.hasOwn(properties as object, name) || patterns.some((regex) => regex.test(name))) continue;
      property(evaluation, name, schema);
    }
  },
  propertyNames: (evaluation, schema: Schema) => {
    for (const name of propertyNames(evaluation)) evaluation.issues.push(...evaluation.apply(schema, name).issues);
  },

  prefixItems: (evaluation, schemas: readonly Schema[]) => {
    for (const i of positions(evaluation)) if (i < schemas.length) item(evaluation, i, schemas[i]!);
  },
  items: (evaluation, schema: Schema) => {
    const { prefixItems = [] } = evaluation.schema;
    for (const i of positions(evaluation)) if (i >= (prefixItems as readonly Schema[]).length) item(evaluation, i, schema);
  },
  contains: (evaluation, schema: Schema) => {
    if (!Array.isArray(evaluation.value)) return;
    const found = positions(evaluation).filter(
      (i) => evaluation.apply(schema, (evaluation.value as unknown[])[i]).issues.length === 0,
    );
    for (const i of found) evaluation.items.add(i);
    const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = evaluation.schema as Record<string, number>;
    if (found.length < minContains) fail(evaluation, `must contain at least ${minContains} items that "contains" describes`);
    if (found.length > maxContains) fail(evaluation, `must contain at most ${maxContains} items that "contains" describes`);
  },

  unevaluatedItems: (evaluation, schema: Schema) => {
    for (const i of positions(evaluation)) if (!evaluation.items.has(i)) item(evaluation, i, schema);
  },
  unevaluatedProperties: (evaluation, schema: Schema) => {
    for (const name of propertyNames(evaluation)) if (!evaluation.properties.has(name)) property(evaluation, name, schema);
  },
};

function fail({ issues, at }: Evaluation, message: string): void {
  issues.push({ at, message });
}

function merge(into: Outcome, { issues, properties, items }: Outcome): void {
  into.issues.push(...issues);
  for (const name of properties) into.properties.add(name);
  for (const i of items) into.items.add(i);
}

/** How many of the schemas hold; what those have looked at counts. */
function matches(evaluation: Evaluation, schemas: readonly Schema[]): number {
  const valid = schemas.map((schema) => evaluation.apply(schema)).filter(({ issues }) => issues.length === 0);
  for (const outcome of valid) merge(evaluation, outcome);
  return valid.length;
}

function propertyNames({ value }: Evaluation): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function positions({ value }: Evaluation): number[] {
  return Array.isArray(value) ? [...value.keys()] : [];
}

function property(evaluation: Evaluation, name: string, schema: Schema): void {
  evaluation.properties.add(name);
  const part = (evaluation.value as SchemaObject)[name];
  evaluation.issues.push(...evaluation.apply(schema, part, `${evaluation.at}/${escapePointer(name)}`).issues);
}

function item(evaluation: Evaluation, i: number, schema: Schema): void {
  evaluation.items.add(i);
  const part = (evaluation.value as unknown[])[i];
  evaluation.issues.push(...evaluation.apply(schema, part, `${evaluation.at}/${i}`).issues);
}
