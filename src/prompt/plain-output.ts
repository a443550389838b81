// What was asked for as plain data: checked, and a library's schema as JSON Schema, since functions do not cross to a worker.
import type { JsonSchema, OutputFormat, StandardSchema } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { compilePattern } from '../util/json-schema/pattern.ts';

/** An {@link OutputFormat} that crosses to a worker. */
export type PlainOutput = { schema: JsonSchema } | { regex: string } | { choice: readonly string[] };

/** Whether a schema is one of a validation library. */
export function isStandardSchema(schema: JsonSchema | StandardSchema): schema is StandardSchema {
  // ArkType's schemas are functions.
  return (typeof schema === 'object' || typeof schema === 'function') && '~standard' in schema;
}

/**
 * Checks and converts; what is plain already stays as it is.
 * @throws InpageError `invalid-argument` that names what is wrong
 */
export function plainOutput(output: OutputFormat): PlainOutput {
  const kinds = typeof output === 'object' && output !== null ? Object.keys(output) : [];
  if (kinds.length !== 1 || !['schema', 'regex', 'choice'].includes(kinds[0]!)) {
    throw invalid('"output" takes exactly one of "schema", "regex" and "choice"', kinds.join(', '));
  }
  if ('schema' in output) return { schema: plainSchema(output.schema) };
  if ('regex' in output) return { regex: checkedRegex(output.regex) };
  return { choice: checkedChoice(output.choice) };
}

function plainSchema(schema: JsonSchema | StandardSchema): JsonSchema {
  const given = typeof schema;
  if (given !== 'boolean' && given !== 'object' && given !== 'function') {
    throw invalid('"output.schema" takes a JSON Schema or a Standard Schema', given);
  }
  const plain = isStandardSchema(schema) ? converted(schema) : schema;
  try {
    // Also drops what JSON does not have.
    return JSON.parse(JSON.stringify(plain)) as JsonSchema;
  } catch (cause) {
    throw invalid('"output.schema" must be plain JSON', (cause as Error).message, cause);
  }
}

function converted({ '~standard': { vendor, jsonSchema } }: StandardSchema): JsonSchema {
  if (!jsonSchema) {
    throw invalid('"output.schema" must be able to give its JSON Schema (https://standardschema.dev/json-schema)', vendor);
  }
  try {
    return jsonSchema.input({ target: 'draft-2020-12' });
  } catch (cause) {
    throw invalid('"output.schema" has no JSON Schema', (cause as Error).message, cause);
  }
}

function checkedRegex(regex: string): string {
  if (typeof regex !== 'string') throw invalid('"output.regex" is the source text of a regular expression', typeof regex);
  try {
    compilePattern(regex);
    return regex;
  } catch (cause) {
    throw invalid('"output.regex" is not a regular expression', (cause as Error).message, cause);
  }
}

function checkedChoice(choice: readonly string[]): readonly string[] {
  if (!Array.isArray(choice) || choice.length === 0) throw invalid('"output.choice" takes at least one text', String(choice));
  const wrong = choice.find((text) => typeof text !== 'string' || text === '');
  if (wrong !== undefined) throw invalid('"output.choice" takes texts that are not empty', JSON.stringify(wrong));
  return choice;
}

function invalid(rule: string, given: string, cause?: unknown): InpageError {
  return new InpageError('invalid-argument', `${rule}; given: ${given || 'nothing'}.`, { cause });
}
