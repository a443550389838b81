// Brings a value into the type that a schema asks for, where nothing is lost by it.
import type { JsonSchema } from '../../spec/output.ts';

/** `2.0` stays 2, `2.5` for a whole number becomes 2 or 3 only by rounding, which is left to nobody; a text for a number is read. */
export function fitInput(value: unknown, schema: JsonSchema): unknown {
  if (typeof schema === 'boolean') return value;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'array' && Array.isArray(value)) return value.map((item) => fitInput(item, (schema.items as JsonSchema) ?? true));
  if (type === 'string' && typeof value === 'number') return String(value);
  if ((type === 'number' || type === 'integer') && typeof value === 'string' && Number.isFinite(Number(value)) && value.trim())
    return Number(value);
  return value;
}
