// Reads any captured source: fetches it where needed, finds its format, and hands it to the loader of that format.
import type { CallOptions } from '../spec/call.ts';
import type { CapturedSource, LoadedDocument } from '../spec/document.ts';
import type { Loader } from '../spec/loader.ts';
import { detectFormat, type Format } from './detect-format.ts';
import { fetchSource } from './fetch-source.ts';
import { htmlLoader } from './html.ts';
import { jsonLinesLoader, jsonLoader } from './json.ts';
import { markdownLoader } from './markdown.ts';
import { pdfLoader } from './pdf.ts';
import { plainTextLoader } from './plain-text.ts';
import { recordsLoader } from './records.ts';

const loaders: Readonly<Record<Format, Loader>> = {
  'plain-text': plainTextLoader,
  markdown: markdownLoader,
  html: htmlLoader,
  pdf: pdfLoader,
  json: jsonLoader,
  'json-lines': jsonLinesLoader,
};

/**
 * Documents of a source: one, but for records.
 * @throws InpageError `unsupported-source`, `invalid-document`, `document-encrypted`, `document-empty`, `fetch-failed`,
 * `missing-dependency`; AbortError. A stream that turns out not to be text fails while its text is read.
 */
export async function* loadSource(source: CapturedSource, options: CallOptions = {}): AsyncGenerator<LoadedDocument> {
  options.signal?.throwIfAborted();
  if (source.kind === 'records') {
    yield* recordsLoader.load(source, options);
    return;
  }
  const content = source.kind === 'url' ? await fetchSource(source, options) : source;
  const { format, mediaType } = await detectFormat(content);
  options.signal?.throwIfAborted();
  for await (const document of loaders[format].load({ ...content, mediaType }, options)) {
    yield source.kind === 'url' ? { ...document, url: document.url ?? source.url } : document;
  }
}
