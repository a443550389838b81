// JSON records: each becomes a document of its text fields, with its other fields to filter by.
import type { CapturedRecords, LoadedDocument } from '../spec/document.ts';
import type { Loader } from '../spec/loader.ts';
import type { Metadata, MetadataValue } from '../spec/metadata.ts';
import { InpageError } from '../util/errors.ts';
import { inPieces } from './identify.ts';
import { capturedName } from './source-name.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

/** Reads records. Those without text are left out. */
export const recordsLoader: Loader = {
  name: 'records',
  async *load(captured, { signal } = {}) {
    if (captured.kind !== 'records') {
      throw new InpageError('unsupported-source', `${capturedName(captured)} is not a list of records. Use loadSource.`);
    }
    const { source } = captured;
    let found = 0;
    for (const [position, record] of source.records.entries()) {
      signal?.throwIfAborted();
      const document = recordDocument(record, position, source);
      if (document) yield document;
      if (document) found++;
    }
    if (found === 0) throw emptyRecords(capturedName(captured));
  },
};

/** The error of records none of which has text. */
export function emptyRecords(name: string): InpageError {
  return new InpageError('document-empty', `No record of ${name} has text. Name the fields with text in textFields.`);
}

/** A record as a document; undefined where it has no text. */
export function recordDocument(
  record: JsonRecord,
  position: number,
  source: Omit<CapturedRecords, 'records'>,
): LoadedDocument | undefined {
  const { name = 'records', idField = 'id', textFields, metadata } = source;
  const id = scalarText(record[idField]) ?? String(position);
  const title = scalarText(record[source.titleField ?? 'title']) ?? (source.titleField ? undefined : scalarText(record.name));
  const fields = textFields ?? Object.keys(record).filter((field) => field !== idField && typeof record[field] === 'string');
  const lines = fields.map((field) => [field, fieldText(record[field])] as const).filter(([, text]) => text.trim());
  if (lines.length === 0) return undefined;
  const text = lines.length === 1 ? lines[0]![1] : lines.map(([field, value]) => `${label(field)}: ${value}`).join('\n');
  const url = scalarText(record.url);
  return {
    id: `${name}/${id}`,
    title: title ?? `${name} ${id}`,
    ...(url && URL.canParse(url) && { url }),
    mediaType: 'application/json',
    metadata: { ...scalarFields(record), ...metadata },
    text: inPieces(text),
  };
}

/** `errorCode` and `error_code` are read as "Error code". */
function label(field: string): string {
  const spoken = field
    .replace(/([\p{Ll}\p{N}])(\p{Lu}\p{Ll})/gu, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .replace(/[_-]+/g, ' ')
    .trim();
  return spoken.charAt(0).toUpperCase() + spoken.slice(1);
}

function scalarText(value: unknown): string | undefined {
  return (typeof value === 'string' && value.trim()) || typeof value === 'number' ? String(value) : undefined;
}

function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.filter(isScalar).join(', ');
  return isScalar(value) ? String(value) : '';
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function scalarFields(record: JsonRecord): Metadata {
  const kept = Object.entries(record).filter(
    ([, value]) => value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar)),
  );
  return Object.fromEntries(kept) as Record<string, MetadataValue>;
}
