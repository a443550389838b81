// Metadata values: what a document can hold and a filter can compare.
import type { MetadataValue } from '../../spec/metadata.ts';

/** A value that is not an array and not null. */
export type Scalar = string | number | boolean;

/**
 * The value as metadata holds it: a `Date` becomes its ISO 8601 string in UTC, alone or in an array; all else stays as it is.
 * @returns undefined if metadata cannot hold it
 */
export function toMetadataValue(value: unknown): MetadataValue | undefined {
  if (value === null) return null;
  if (!Array.isArray(value)) return toScalar(value);
  const elements = value.map(toScalar);
  return elements.every((element) => element !== undefined) ? elements : undefined;
}

function toScalar(value: unknown): Scalar | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
