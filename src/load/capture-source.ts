// Turns what a page hands in into plain data that crosses to a worker. The only loader code that runs on the page.
import type { CapturedSource, RecordsSource, Source, TextSource } from '../spec/document.ts';
import type { Metadata, MetadataInput } from '../spec/metadata.ts';
import { InpageError } from '../util/errors.ts';
import { escapeHtml, serializePage } from './serialize-page.ts';
import { fileName, sourceName } from './source-name.ts';

export { sourceName };

const fileExtension =
  /\.(?:md|markdown|mdx|txt|text|html?|xhtml|pdf|json|jsonl|ndjson|csv|tsv|xml|rst|adoc|org|log|ya?ml|toml|ini|docx?|pptx?|xlsx?|odt|epub|rtf)(?:[?#]\S*)?$/i;

/**
 * Captures a source. Live pages are read at once and left as they are.
 * @throws InpageError `invalid-argument` for a value that is missing, empty or malformed, `unsupported-source` for a kind of
 * value that no loader takes
 */
export function captureSource(source: Source): CapturedSource {
  const value: unknown = source;
  if (value === null || value === undefined) {
    throw new InpageError('invalid-argument', `A source is ${value}. Pass a file, a URL, a text, an element or records.`);
  }
  if (typeof value === 'string') return captureString(value);
  if (typeof value === 'object') {
    if (value instanceof URL) return captureUrl(value.href);
    if (value instanceof Blob) return captureBlob(value);
    if (isNode(value)) return capturePage(value);
    if ('records' in value) return captureRecords(value as RecordsSource);
    if ('text' in value) return captureText(value as TextSource);
    if ('source' in value) return captureDescribed(value as { source: unknown } & Described);
  }
  const kind = Array.isArray(value)
    ? 'an array'
    : typeof value === 'object'
      ? 'an object without text, records or source'
      : `a ${typeof value}`;
  throw new InpageError(
    'unsupported-source',
    `A source is ${kind}. Pass a file, a URL, a text, an element, { text }, { records } or { source }.`,
  );
}

interface Described<M = MetadataInput> {
  id?: string;
  title?: string;
  mediaType?: string;
  metadata?: M;
}

function captureString(text: string): CapturedSource {
  const trimmed = text.trim();
  if (!trimmed) throw new InpageError('invalid-argument', 'A source is an empty text. Pass a text with words in it, or a URL.');
  const isUrl = !/\s/.test(trimmed) && (/^(?:https?:\/\/|\/|\.\.?\/)/i.test(trimmed) || fileExtension.test(trimmed));
  return isUrl ? captureUrl(trimmed) : { kind: 'text', text, mediaType: 'text/plain' };
}

function captureUrl(address: string): CapturedSource {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (!url) {
    throw new InpageError(
      'invalid-argument',
      `"${address}" is not a URL${base ? '' : ' (there is no page for it to be relative to)'}. Pass an absolute one.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InpageError(
      'unsupported-source',
      `${url.href.slice(0, 100)} is not an http or https URL. Fetch it yourself and pass the Blob.`,
    );
  }
  return { kind: 'url', url: url.href };
}

function captureBlob(blob: Blob): CapturedSource {
  return { kind: 'blob', blob, name: fileName(blob) ?? '' };
}

function captureText({ text, id, title, mediaType, url, metadata }: TextSource): CapturedSource {
  const name = sourceName({ text, id, title });
  if (typeof text !== 'string' || !text.trim()) {
    throw new InpageError(
      'invalid-argument',
      `The text of the source ${name} is ${typeof text === 'string' ? 'empty' : `a ${typeof text}`}. Pass a text with words in it.`,
    );
  }
  return {
    kind: 'text',
    text,
    mediaType: 'text/plain',
    ...describe(name, { id, title, mediaType, metadata }),
    ...(url && { url }),
  };
}

function captureDescribed({ source, id, title, mediaType, metadata }: { source: unknown } & Described): CapturedSource {
  if (typeof source !== 'string' && !(source instanceof URL) && !(source instanceof Blob)) {
    throw new InpageError(
      'unsupported-source',
      'The source inside a { source } object must be a text, a URL or a file. Pass anything else by itself.',
    );
  }
  const captured = captureSource(source);
  return { ...captured, ...describe(sourceName(source), { id, title, mediaType, metadata }) } as CapturedSource;
}

/** The settings that are there, checked. */
function describe(name: string, { id, title, mediaType, metadata }: Described): Described<Metadata> {
  for (const [field, value] of Object.entries({ id, title, mediaType })) {
    if (value !== undefined && (typeof value !== 'string' || !value.trim())) {
      throw new InpageError(
        'invalid-argument',
        `The ${field} of the source ${name} is empty or not a string. Leave it out or pass a string.`,
      );
    }
  }
  return {
    ...(id !== undefined && { id }),
    ...(title !== undefined && { title }),
    ...(mediaType !== undefined && { mediaType: mediaType.toLowerCase() }),
    ...(metadata !== undefined && { metadata: checkMetadata(name, metadata) }),
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The metadata with dates as ISO strings. */
function checkMetadata(name: string, metadata: MetadataInput): Metadata {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new InpageError('invalid-argument', `The metadata of the source ${name} is not an object. Pass { field: value }.`);
  }
  const given = Object.entries(metadata).filter(([, value]) => value !== undefined);
  const kept = given.map(([field, input]) => {
    const value = Array.isArray(input) ? input.map(isoDate) : isoDate(input);
    if (value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return [field, value] as const;
    throw new InpageError(
      'invalid-argument',
      `The metadata field "${field}" of the source ${name} cannot be filtered. Pass strings, numbers, booleans, valid dates or arrays of them.`,
    );
  });
  return Object.fromEntries(kept);
}

/** A valid date as its ISO 8601 string; anything else as it is. */
function isoDate(value: unknown): unknown {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
}

function captureRecords(source: RecordsSource): CapturedSource {
  const name = sourceName(source);
  const { records, metadata, ...settings } = source;
  if (!Array.isArray(records) || records.length === 0) {
    throw new InpageError(
      'invalid-argument',
      `The records of the source "${name}" are missing or empty. Pass an array of objects.`,
    );
  }
  const wrong = records.findIndex((record) => typeof record !== 'object' || record === null || Array.isArray(record));
  if (wrong >= 0) {
    throw new InpageError(
      'invalid-argument',
      `Record ${wrong} of the source "${name}" is not an object. Pass objects with fields.`,
    );
  }
  return {
    kind: 'records',
    source: {
      ...settings,
      records: (records as RecordsSource['records']).map(plainRecord),
      ...(metadata !== undefined && { metadata: checkMetadata(name, metadata) }),
    },
  };
}

/** The fields that a loader uses; what cannot cross to a worker is left behind. */
function plainRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(record)) {
    if (value instanceof Date) plain[field] = Number.isNaN(value.getTime()) ? null : isoDate(value);
    else if (value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))) plain[field] = value;
  }
  return plain;
}

function isNode(value: object): value is Node {
  return 'nodeType' in value && typeof value.nodeType === 'number' && 'ownerDocument' in value;
}

function capturePage(node: Node): CapturedSource {
  const isDocument = node.nodeType === 9;
  if (!isDocument && node.nodeType !== 1) {
    throw new InpageError('unsupported-source', `A source is a ${node.nodeName} node. Pass an element or a document.`);
  }
  const page = isDocument ? (node as Document) : node.ownerDocument!;
  const element = isDocument ? page.body : (node as Element);
  if (!element) throw new InpageError('invalid-argument', `The document ${page.URL} has no body. Pass it when it has loaded.`);
  const url = page.URL.replace(/#.*$/s, '');
  const whole = element === page.body || element === page.documentElement || element.localName === 'main';
  const shown = element === page.documentElement ? page.body : element;
  const content = serializePage(shown);
  // A fragment is taken whole; a page is searched for its article.
  const text = whole
    ? `<html lang="${escapeHtml(page.documentElement.lang)}"><head><title>${escapeHtml(page.title)}</title></head>${shown === page.body ? content : `<body>${content}</body>`}</html>`
    : content;
  return {
    kind: 'text',
    text,
    mediaType: 'text/html',
    // Two parts of one page are two documents.
    id: whole || !element.id ? url : `${url}#${element.id}`,
    title: page.title || url,
    url,
  };
}
