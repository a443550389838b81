// References of a plan: `#E1` in an input stands for what the first call gave.
import type { ToolOutcome } from '../spec/agent.ts';
import type { JsonSchema } from '../spec/output.ts';
import { isObject } from '../util/json-schema/subschemas.ts';
import { textOf } from './plain-data.ts';

const reference = /#E(\d{1,2})\b/g;

/** Numbers of the calls that an input refers to, from 0. */
export function referencesOf(input: unknown): number[] {
  const text = JSON.stringify(input) ?? '';
  return [...new Set([...text.matchAll(reference)].map(([, number]) => Number(number) - 1))];
}

/** The input with what the calls gave: a reference alone is the value, one inside a text its text. */
export function resolve(input: unknown, outcomes: readonly (ToolOutcome | undefined)[]): unknown {
  const given = (number: string) => {
    const outcome = outcomes[Number(number) - 1];
    return outcome?.status === 'done' ? outcome.output : undefined;
  };
  if (typeof input === 'string') {
    const alone = /^\s*#E(\d{1,2})\s*$/.exec(input);
    if (alone) return given(alone[1]!);
    return input.replace(reference, (_whole, number) => textOf(given(number)));
  }
  if (Array.isArray(input)) return input.map((each) => resolve(each, outcomes));
  if (!isObject(input)) return input;
  return Object.fromEntries(Object.entries(input).map(([name, each]) => [name, resolve(each, outcomes)]));
}

/** An object's schema, but each property may be a reference instead. @param calls how many there may be */
export function withReferences(schema: JsonSchema, calls: number): JsonSchema {
  if (!isObject(schema) || !isObject(schema.properties)) return schema;
  const references = { enum: Array.from({ length: calls }, (_, i) => `#E${i + 1}`) };
  const properties = Object.entries(schema.properties).map(([name, each]) => {
    const free = isObject(each) && each.type === 'string' && !each.pattern && !each.enum && !each.format;
    return [name, free ? each : { anyOf: [each, references] }];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
