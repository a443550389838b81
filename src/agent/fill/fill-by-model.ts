// Asks the chat model for one argument: it chooses among phrases of the request where there are any, so that the value stands in the
// request, and writes by the argument's own schema where there are none.
import { defuse, visibleText } from '../../prompt/untrusted.ts';
import type { CallOptions } from '../../spec/call.ts';
import type { ChatMessage, Llm } from '../../spec/llm.ts';
import type { JsonSchema, OutputFormat } from '../../spec/output.ts';
import { InpageError } from '../../util/errors.ts';
import type { FillableTool, FilledArgument } from './fill-arguments.ts';

/** Phrases that the model chooses among, the likeliest. */
const most = 8;

const instructions = `You read a request and give the value of one argument of a tool. Answer with the value only.

Request: Reserve a table for four at Luigi's in Rome on Friday.
Argument: city (The city of the restaurant)
Value: Rome

Request: Translate 'good morning' for my friend from Japan.
Argument: text (What is to be translated)
Value: good morning

Request: How tall is the oldest oak of the forest?
Argument: tree (Kind of tree)
Value: oak`;

/** What the model is told. */
export function messagesFor(task: string, tool: FillableTool, { parameter }: FilledArgument, complaint?: string): ChatMessage[] {
  // Descriptions may be written by others.
  const said = (text: string) => defuse(visibleText(text));
  const about = `Argument: ${parameter.name} (${said(parameter.description)})`;
  const wrong = complaint ? `\nAn earlier value was refused: ${complaint}` : '';
  return [
    { role: 'system', content: instructions },
    { role: 'user', content: `Request: ${defuse(task)}\nTool: ${said(tool.description)}\n${about}${wrong}\nValue:` },
  ];
}

/** What the model may say: one of the likeliest phrases, or a value by the schema. */
export function outputFor({ parameter, candidates }: FilledArgument): OutputFormat {
  const texts = candidates
    .filter(({ value }) => typeof value === 'string')
    .slice(0, most)
    .map(({ value }) => value as string);
  if (parameter.type === 'text' && texts.length > 1) return { choice: [...new Set(texts)] };
  // A model that is not sure of a number would write digits to the end.
  if (parameter.type === 'number') return { regex: parameter.integer ? '-?[0-9]{1,6}' : '-?[0-9]{1,6}(\\.[0-9]{1,4})?' };
  return { schema: parameter.schema as JsonSchema };
}

/**
 * The model's value of an argument, valid by its own schema; undefined where it gives none.
 * @throws AbortError; whatever the model throws, except that its output was cut or cannot be constrained
 */
export async function fillByModel(
  task: string,
  tool: FillableTool,
  argument: FilledArgument,
  llm: Llm,
  { signal, complaint }: CallOptions & { complaint?: string } = {},
): Promise<unknown> {
  const output = outputFor(argument);
  try {
    for await (const event of llm.generate(messagesFor(task, tool, argument, complaint), {
      output,
      maxTokens: 48,
      ...(signal && { signal }),
    })) {
      if (event.type === 'done') return 'schema' in output ? event.value : 'regex' in output ? Number(event.text) : event.text;
    }
  } catch (error) {
    if (!InpageError.is(error, 'output-invalid') && !InpageError.is(error, 'output-unsupported')) throw error;
  }
  return undefined;
}
