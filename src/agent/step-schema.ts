// The schema of one step: a thought, then a call of one of the tools, or the end.
import { inputJsonSchema } from '../prompt/tool.ts';
import type { JsonSchema } from '../spec/output.ts';
import type { ToolSet } from '../spec/tool.ts';
import { isObject, type SchemaObject, subschemas } from '../util/json-schema/subschemas.ts';

/** A step, as the model writes it. */
export interface WrittenStep {
  thought: string;
  tool: string;
  input: unknown;
}

/** Name under which the model ends its work. */
export const finish = 'finish';

/** Name under which it says that the way it is on leads nowhere. */
export const giveUp = 'give_up';

/** One sentence. An upper length in characters would make the constraint of each token another one. */
const sentence: JsonSchema = { type: 'string', pattern: '^[^.!?]+[.!?]$' };

/** Options of {@link stepSchema}. */
export interface StepSchemaOptions {
  /** Keeps of the tools' schemas only what every backend enforces; the executor checks the rest. */
  loose?: boolean;
  mayGiveUp?: boolean;
}

/** The schema of a {@link WrittenStep} with one of these tools; one that has the name of an end gives way to it. */
export function stepSchema(tools: ToolSet, { loose, mayGiveUp }: StepSchemaOptions = {}): JsonSchema {
  const inputs = Object.entries(tools)
    .filter(([name]) => name !== finish && name !== giveUp)
    .map(([name, { inputSchema }]) => [name, embedded(name, inputJsonSchema(inputSchema), loose)]);
  const end = {
    type: 'object',
    properties: { answer: { type: 'string', minLength: 1 } },
    required: ['answer'],
    additionalProperties: false,
  };
  const nothing = { type: 'object', properties: {}, additionalProperties: false };
  const steps = [...inputs, [finish, end], ...(mayGiveUp ? [[giveUp, nothing]] : [])].map(([name, input]) => ({
    type: 'object',
    properties: { thought: sentence, tool: { const: name }, input },
    required: ['thought', 'tool', 'input'],
    additionalProperties: false,
  }));
  return steps.length === 1 ? steps[0]! : { anyOf: steps };
}

/** A tool's schema inside another: its own references stay its own. */
export function embedded(name: string, schema: JsonSchema, loose = false): JsonSchema {
  const kept = loose ? loosened(schema) : schema;
  return isObject(kept) && /"\$(?:ref|anchor)"/.test(JSON.stringify(kept)) ? { $id: `tool:${name}`, ...kept } : kept;
}

const everywhere = new Set([
  ...['type', 'const', 'enum', 'anyOf', 'properties', 'required', 'additionalProperties', 'items'],
  ...['title', 'description', '$ref', '$defs', 'definitions'],
]);

/** A schema that takes all that this one takes, and uses only common keywords. */
function loosened(schema: JsonSchema): JsonSchema {
  if (!isObject(schema)) return schema;
  const kept = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  for (const keyword of Object.keys(kept)) if (!everywhere.has(keyword)) delete kept[keyword];
  // Pointers have one part for a keyword, or two for a place in what it holds.
  for (const [pointer, each] of subschemas(kept as SchemaObject)) {
    const [keyword, place] = pointer.slice(1).split('/') as [string, string?];
    if (place === undefined) kept[keyword] = loosened(each);
    else (kept[keyword] as Record<string, unknown>)[place.replaceAll('~1', '/').replaceAll('~0', '~')] = loosened(each);
  }
  return kept;
}
