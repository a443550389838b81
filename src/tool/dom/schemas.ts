// Schemas of the DOM tools' inputs, from few parts.
import type { JsonSchema } from '../../spec/output.ts';

/** An object of the given properties; the names before the last argument are needed. */
export function object(properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The number of an element. */
export const element: JsonSchema = { type: 'integer', minimum: 1, description: 'Number of the element, as read_page tells it' };

/** A text. */
export const text = (description: string): JsonSchema => ({ type: 'string', description });

/** A position in an element, along one axis. */
export const offset = (axis: 'right' | 'down'): JsonSchema => ({
  type: 'number',
  description: `Pixels to the ${axis === 'right' ? 'right of the left' : 'bottom from the upper'} edge of the element; the middle without it`,
});

/** One of some texts. */
export const oneOf = (values: readonly string[], description: string): JsonSchema => ({
  type: 'string',
  enum: values,
  description,
});

/** A whole number in a range. */
export const whole = (minimum: number, maximum: number, description: string): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
