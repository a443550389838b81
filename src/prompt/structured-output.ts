// Structured output, whatever backend makes the text: validated at its end, and before that given as far as it is there.
import type { GenerateDone, GenerateEvent } from '../spec/llm.ts';
import type { OutputFormat } from '../spec/output.ts';
import { InpageError } from '../util/errors.ts';
import { compilePattern } from '../util/json-schema/pattern.ts';
import { tellIssues, type ValueCheck, type ValueIssue, valueCheck } from './check-value.ts';
import { isStandardSchema, plainOutput } from './plain-output.ts';

/** Reads and checks a finished text. */
type Check = (text: string) => Promise<{ value: unknown; issues: readonly ValueIssue[] }>;

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
  const cut = reason === 'length' ? ' The text was cut at its upper length: raise "maxTokens".' : '';
  throw new InpageError(
    'output-invalid',
    `The text is not valid by the output that was asked for: it ${tellIssues(issues)}.${cut}`,
    {
      detail: { text, reason, issues },
    },
  );
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
  return json(await valueCheck(isStandardSchema(schema) ? schema : plain.schema));
}

/** The check of a text by the check of its value. */
function json(validate: ValueCheck): Check {
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
