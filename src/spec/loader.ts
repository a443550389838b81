// Loader: reads a source and gives documents.
import type { CallOptions } from './call.ts';
import type { CapturedSource, LoadedDocument } from './document.ts';

/** Reads one kind of source. */
export interface Loader {
  /** Name of the format, e.g. `markdown`. */
  readonly name: string;
  /**
   * Gives the documents of a source (one, but for records).
   * @throws InpageError `invalid-document`, `document-encrypted`, `document-empty`, `fetch-failed`, `missing-dependency`
   */
  load(source: CapturedSource, options?: CallOptions): AsyncIterable<LoadedDocument>;
}
