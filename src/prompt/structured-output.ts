// Structured output, whatever backend makes the text: validated at its end, and before that given as far as it is there.
import type { GenerateDone, GenerateEvent } from '../spec/llm.ts';
import type { JsonSchema, OutputFormat, StandardSchema } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { compilePattern } from '../util/json-schema/pattern.ts';
import { isStandardSchema, plainOutput } from './plain-output.ts';

/** What is wrong with a text; `at` is a JSON Pointer into its value. */
interface Issue {
  at: string;
  message: string;
}

/** Reads and checks a finished text. */
type Check = (text: string) => Promise<{ value: unknown; issues: readonly Issue[] }>;

/**
 * Passes on the events of a generation; with `{ schema }` a `partial` follows each token that shows more of the value, and
 * the `done` has the value in all cases.
 * @param events are not asked for before `output` has been checked
 * @throws InpageError `invalid-argument` for a wrong `output`; `output-invalid` with `text` and `issues` in its `detail`
 */
export async function* structured(events: AsyncIterable<GenerateEvent>, output: OutputFormat): AsyncGenerator<GenerateEvent> {
  const check = await prepare(output);
  const parse = 'schema' in output ? await partialParser() : undefined;
  let text = '';
  for await (const event of events) {
    if (event.type === 'done') yield await finish(event, check);
    else yield event;
    if (event.type !== 'token' || !parse) continue;
    text += event.text;
    const value = event.text.trim() ? parse(text) : undefined;
    if (value !== undefined) yield { type: 'partial', value };
  }
}

async function finish(done: GenerateDone, check: Check): Promise<GenerateDone> {
  const { text, reason } = done;
  const { value, issues } = await check(text);
  if (issues.length === 0) return { ...done, value };
  const list = issues.map(({ at, message }) => (at ? `${at} ${message}` : message)).join('; ');
  const cut = reason === 'length' ? ' The text was cut at its upper length: raise "maxTokens".' : '';
  throw new InpageError('output-invalid', `The text is not valid by the output that was asked for: it ${list}.${cut}`, {
    detail: { text, reason, issues },
  });
}

async function prepare(output: OutputFormat): Promise<Check> {
  const plain = plainOutput(output);
  if ('choice' in plain) {
    const rule = `must be one of ${plain.choice.map((text) => JSON.stringify(text)).join(', ')}`;
    return async (text) => ({ value: text, issues: plain.choice.includes(text) ? [] : [{ at: '', message: rule }] });
  }
  if ('regex' in plain) {
    const regex = compilePattern(`^(?:${plain.regex})$`);
    return async (text) => ({ value: text, issues: regex.test(text) ? [] : [{ at: '', message: `must match ${plain.regex}` }] });
  }
  const { schema } = output as Extract<OutputFormat, { schema: unknown }>;
  return json(isStandardSchema(schema) ? standard(schema) : await jsonSchema(plain.schema));
}

/** The check of a text by the check of its value. */
function json(validate: (value: unknown) => Promise<{ value: unknown; issues: readonly Issue[] }>): Check {
  return async (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { value: undefined, issues: [{ at: '', message: `must be JSON (${(error as Error).message})` }] };
    }
    return validate(value);
  };
}

async function jsonSchema(schema: JsonSchema) {
  const { compileSchema } = await import('../util/json-schema/validate.ts');
  try {
    const validate = compileSchema(schema);
    return async (value: unknown) => ({ value, issues: validate(value) });
  } catch (cause) {
    throw new InpageError('invalid-argument', `"output.schema" is not a JSON Schema. ${(cause as Error).message}.`, { cause });
  }
}

function standard(schema: StandardSchema) {
  return async (value: unknown) => {
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return { value: result.value, issues: [] };
    return { value, issues: result.issues.map(({ message, path }) => ({ at: pointer(path), message })) };
  };
}

function pointer(path: readonly (PropertyKey | { readonly key: PropertyKey })[] = []): string {
  return path.map((part) => `/${String(typeof part === 'object' ? part.key : part)}`).join('');
}

/** Reads JSON as far as it is there; undefined while there is nothing. */
async function partialParser(): Promise<(text: string) => unknown> {
  const { parse } = await import('partial-json');
  return (text) => {
    try {
      return parse(text);
    } catch {
      return undefined;
    }
  };
}
