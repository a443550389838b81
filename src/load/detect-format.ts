// Which loader reads a source: by what is said of it, else by its name, else by its first bytes.
import { InpageError } from '../util/errors.ts';
import { type ReadableSource, unreadable } from './decode-text.ts';
import { baseType } from './identify.ts';
import { capturedName } from './source-name.ts';

/** Formats that can be read; anything textual is plain text. */
export type Format = 'plain-text' | 'markdown' | 'html' | 'pdf' | 'json' | 'json-lines';

const formatOfType: Readonly<Record<string, Format>> = {
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'application/x-pdf': 'pdf',
  'application/json': 'json',
  'text/json': 'json',
  'application/jsonl': 'json-lines',
  'application/x-ndjson': 'json-lines',
  'application/ndjson': 'json-lines',
};

const typeOfExtension: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  markdown: 'text/markdown',
  mdx: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  pdf: 'application/pdf',
  json: 'application/json',
  jsonl: 'application/jsonl',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
};

/** Types that say nothing: servers and file pickers give them to what they do not know. */
const vague = new Set(['', 'text/plain', 'application/octet-stream', 'binary/octet-stream', 'application/unknown']);

const textual =
  /^text\/|^application\/(?:.*\+)?(?:xml|yaml|x-yaml|toml|javascript|x-javascript|typescript|sql|x-sh|rtf|x-tex|x-httpd-php)$/;

/**
 * Format and media type (with its parameters) of a source.
 * @throws InpageError `unsupported-source` for a media type that no loader reads
 */
export async function detectFormat(source: ReadableSource): Promise<{ format: Format; mediaType: string }> {
  const said = source.mediaType ?? '';
  const declared = said || (source.kind === 'blob' ? source.blob.type : '');
  const name = source.kind === 'blob' ? source.name : '';
  const start = await firstText(source);
  // The signature of a PDF is not found by accident.
  if (start.startsWith('%PDF-')) return { format: 'pdf', mediaType: 'application/pdf' };
  const type = baseType(declared);
  if (!vague.has(type) || (said && type === 'text/plain')) return fromType(declared, source);
  const byName = typeOfExtension[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
  const charset = /;\s*charset=[^;]+/i.exec(declared)?.[0] ?? '';
  if (byName) return fromType(byName + charset, source);
  if (/^\s*(?:<!doctype html|<html[\s>]|<head[\s>]|<body[\s>])/i.test(start))
    return { format: 'html', mediaType: `text/html${charset}` };
  return { format: 'plain-text', mediaType: `text/plain${charset}` };
}

function fromType(mediaType: string, source: ReadableSource): { format: Format; mediaType: string } {
  const type = baseType(mediaType);
  const format = Object.hasOwn(formatOfType, type) ? formatOfType[type] : textual.test(type) ? 'plain-text' : undefined;
  if (format) return { format, mediaType };
  throw new InpageError(
    'unsupported-source',
    `${capturedName(source)} is of type ${type}, which cannot be read. Convert it to PDF, HTML, Markdown, JSON or text.`,
    { detail: { mediaType: type } },
  );
}

async function firstText(source: ReadableSource): Promise<string> {
  if (source.kind === 'text') return source.text.slice(0, 1_024);
  try {
    return new TextDecoder('latin1').decode(await source.blob.slice(0, 1_024).arrayBuffer()).replace(/^ï»¿/, '');
  } catch (cause) {
    throw unreadable(source, cause);
  }
}
