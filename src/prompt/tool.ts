// A tool out of its parts, checked once: its words are what models and users go by.
import type { JsonSchema, StandardSchema } from '../spec/output.ts';
import type { Tool, ToolContext } from '../spec/tool.ts';
import { InpageError } from '../util/errors.ts';
import { plainOutput } from './plain-output.ts';

/** A tool whose schema tells the type of its input. */
type TypedTool<Input, Output> = Omit<Tool<Input, Output>, 'inputSchema' | 'execute'> & {
  inputSchema: StandardSchema<Input>;
  execute(input: NoInfer<Input>, context: ToolContext): Output | Promise<Output>;
};

/**
 * Makes a tool; with a schema of Zod, Valibot, ArkType or another by Standard Schema, the type of the input follows from it.
 * @throws InpageError `invalid-argument` for an empty description, a schema that is not one of an object, or no `execute`
 */
export function tool<Input, Output>(parts: TypedTool<Input, Output>): Tool<Input, Output>;
export function tool<Input, Output>(parts: Tool<Input, Output> & { inputSchema: JsonSchema }): Tool<Input, Output>;
export function tool<Input, Output>(parts: Tool<Input, Output>): Tool<Input, Output> {
  checkTool(parts, 'The tool');
  return parts;
}

/** @param what how messages name it @throws as {@link tool} */
export function checkTool({ description, inputSchema, execute }: Tool<never>, what: string): void {
  if (typeof description !== 'string' || description.trim() === '') {
    throw new InpageError('invalid-argument', `${what} has no description. Say what it does and when to use it.`);
  }
  if (typeof execute !== 'function') throw new InpageError('invalid-argument', `${what} has no execute().`);
  const type = (inputJsonSchema(inputSchema) as { type?: unknown }).type;
  if (type !== 'object') {
    const message = `${what} has an inputSchema of type ${JSON.stringify(type) ?? 'none'}; it must be "object".`;
    throw new InpageError('invalid-argument', message, { detail: { type } });
  }
}

/** A tool's schema as plain JSON Schema. @throws InpageError `invalid-argument` where it has none */
export function inputJsonSchema(schema: JsonSchema | StandardSchema): JsonSchema {
  return (plainOutput({ schema }) as { schema: JsonSchema }).schema;
}
