// Documents in a file, as JSON.
import type { MetadataValue } from '../../spec/metadata.ts';
import { InpageError } from '../../util/errors.ts';
import type { StoredDocument } from '../disk/database.ts';
import { checkHead } from '../validate.ts';
import { damagedFile } from './format.ts';

/** Numbers that JSON lacks. */
const unwritable = new Map(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => [String(value), value]),
);

/** A document as it is written; numbers that JSON lacks as `{ "number": "Infinity" }`. */
export function packDocument({ metadata: values, ...document }: StoredDocument): object {
  const { id, title, url, mediaType, hash, sections, length, chunks, addedAt, order } = document;
  const metadata = mapValues(values, (value) => (isUnwritable(value) ? { number: String(value) } : value));
  return { id, title, url, mediaType, metadata, hash, sections, length, chunks, addedAt, order };
}

/** @throws InpageError `data-corrupt` for what is not a document */
export function unpackDocument(value: unknown): StoredDocument {
  const packed = (value ?? {}) as StoredDocument;
  const { length, chunks, addedAt, order } = packed;
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 0;
  if (![length, chunks, order].every(isCount) || length > 0xffffffff || !Number.isFinite(addedAt))
    throw damagedFile('a document has no length');
  try {
    const metadata = mapValues(packed.metadata, (entry) => {
      const name = (entry as { number?: unknown } | null)?.number;
      return typeof name === 'string' && unwritable.has(name) ? unwritable.get(name)! : entry;
    });
    const { url, sections, ...head } = checkHead({ ...packed, metadata: metadata as StoredDocument['metadata'] });
    return { ...head, ...(url !== undefined && { url }), ...(sections && { sections }), length, chunks, addedAt, order };
  } catch (error) {
    throw InpageError.is(error) ? damagedFile(error.message, error) : error;
  }
}

function isUnwritable(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

function mapValues(metadata: Record<string, MetadataValue>, map: (value: unknown) => unknown): Record<string, unknown> {
  const each = (value: unknown) => (Array.isArray(value) ? value.map(map) : map(value));
  return Object.fromEntries(Object.entries(metadata ?? {}).map(([field, value]) => [field, each(value)]));
}
