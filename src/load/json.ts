// JSON files: an array of objects, or one object a line (NDJSON), is a list of records; anything else is one document made of
// its strings.
import type { CapturedSource, LoadedDocument } from '../spec/document.ts';
import type { Loader } from '../spec/loader.ts';
import { InpageError } from '../util/errors.ts';
import { type ReadableSource, readable, textPieces, wholeText } from './decode-text.ts';
import { emptyDocument, identify, inPieces } from './identify.ts';
import { emptyRecords, recordDocument, recordsLoader } from './records.ts';
import { capturedName } from './source-name.ts';

/** Reads a JSON file. */
export const jsonLoader: Loader = {
  name: 'json',
  async *load(captured, { signal } = {}) {
    const source = readable(captured);
    const text = await wholeText(source, signal);
    if (!text.trim()) throw emptyDocument(source);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new InpageError(
        'invalid-document',
        `${capturedName(source)} is not valid JSON: ${(cause as Error).message}. Correct it and add it again.`,
        { cause },
      );
    }
    if (Array.isArray(value) && value.length > 0 && value.every(isObject)) {
      const records: CapturedSource = { kind: 'records', source: { records: value, ...(await recordSet(source)) } };
      yield* recordsLoader.load(records, { signal });
      return;
    }
    const strings = [...stringLeaves(value)].join('\n');
    if (!strings.trim()) throw emptyDocument(source);
    const title = isObject(value) && typeof value.title === 'string' ? value.title : undefined;
    yield { ...(await identify(source, { title, mediaType: 'application/json' }, signal)), text: inPieces(strings) };
  },
};

/** Reads a file of one JSON record a line, of any size. */
export const jsonLinesLoader: Loader = {
  name: 'json-lines',
  async *load(captured, { signal } = {}): AsyncGenerator<LoadedDocument> {
    const source = readable(captured);
    const set = await recordSet(source);
    let line = 0;
    let position = 0;
    let found = 0;
    for await (const text of textLines(source, signal)) {
      line++;
      if (!text.trim()) continue;
      const document = recordDocument(parseLine(text, line, source), position++, set);
      if (!document) continue;
      found++;
      yield document;
    }
    if (position === 0) throw emptyDocument(source);
    if (found === 0) throw emptyRecords(capturedName(source));
  },
};

function parseLine(text: string, line: number, source: ReadableSource): Record<string, unknown> {
  let value: unknown;
  let cause: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    cause = error;
  }
  if (isObject(value)) return value;
  throw new InpageError(
    'invalid-document',
    `Line ${line} of ${capturedName(source)} is not a JSON object. Correct it and add it again.`,
    {
      cause,
      detail: { line },
    },
  );
}

async function recordSet(source: ReadableSource) {
  const { id } = await identify(source, { mediaType: 'application/json' });
  return { name: id, metadata: source.metadata };
}

async function* textLines(source: ReadableSource, signal?: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of textPieces(source, signal)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* stringLeaves(value: unknown): Generator<string> {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') yield next;
    else if (typeof next === 'object' && next !== null) open.push(...Object.values(next).reverse());
  }
}
