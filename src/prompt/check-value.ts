// Checks values by a JSON Schema or by a validation library's own schema.
import type { JsonSchema, StandardSchema } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { isStandardSchema } from './plain-output.ts';

/** What is wrong with a value; `at` is a JSON Pointer to the part. */
export interface ValueIssue {
  at: string;
  message: string;
}

/** Gives the value, as the library has changed it, and what is wrong with it. */
export type ValueCheck = (value: unknown) => Promise<{ value: unknown; issues: readonly ValueIssue[] }>;

/** @throws InpageError `invalid-argument` for what is no JSON Schema */
export async function valueCheck(schema: JsonSchema | StandardSchema): Promise<ValueCheck> {
  return isStandardSchema(schema) ? standard(schema) : jsonSchema(schema);
}

/** Issues in one line: `/city must be a string; /day is missing`. */
export function tellIssues(issues: readonly ValueIssue[]): string {
  return issues.map(({ at, message }) => (at ? `${at} ${message}` : message)).join('; ');
}

async function jsonSchema(schema: JsonSchema): Promise<ValueCheck> {
  const { compileSchema } = await import('../util/json-schema/validate.ts');
  try {
    const validate = compileSchema(schema);
    return async (value) => ({ value, issues: validate(value) });
  } catch (cause) {
    throw new InpageError('invalid-argument', `The schema is not a JSON Schema. ${(cause as Error).message}.`, { cause });
  }
}

function standard(schema: StandardSchema): ValueCheck {
  return async (value) => {
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return { value: result.value, issues: [] };
    return { value, issues: result.issues.map(({ message, path }) => ({ at: pointer(path), message })) };
  };
}

function pointer(path: readonly (PropertyKey | { readonly key: PropertyKey })[] = []): string {
  return path.map((part) => `/${String(typeof part === 'object' ? part.key : part)}`).join('');
}
