// What a page hands in, and what a loader makes of it.
import type { Metadata, MetadataInput } from './metadata.ts';

/** Text handed in directly. */
export interface TextSource {
  text: string;
  /** Identity in the collection. @default the title, else a hash of the text */
  id?: string;
  title?: string;
  /** @default 'text/plain' */
  mediaType?: string;
  url?: string;
  metadata?: MetadataInput;
}

/** JSON records; each becomes one document. */
export interface RecordsSource {
  records: readonly Readonly<Record<string, unknown>>[];
  /** Names the set; part of each document's id. */
  name?: string;
  /** Field with the record's id. @default 'id', else the position */
  idField?: string;
  /** Field with the title. @default 'title', else 'name' */
  titleField?: string;
  /** Fields whose text is indexed, in order. @default all string fields but the id */
  textFields?: readonly string[];
  metadata?: MetadataInput;
}

/** A source with settings of its own. */
export interface DescribedSource {
  source: string | URL | Blob;
  id?: string;
  title?: string;
  /** Overrides what the name or the server says, e.g. 'text/markdown'. */
  mediaType?: string;
  metadata?: MetadataInput;
}

/**
 * Anything that `add` takes.
 * - `File`, `Blob`; `URL` (http, https, same origin unless the server allows it);
 * - `string`: a URL if it has no white space and starts with `http://`, `https://`, `/`, `./`, `../` or ends like a file name
 *   (`guide.md`); plain text otherwise;
 * - `Element`, `Document`: the live page, read once.
 */
export type Source = string | URL | Blob | Element | Document | TextSource | RecordsSource | DescribedSource;

/** Records whose metadata is as documents hold it. */
export interface CapturedRecords extends Omit<RecordsSource, 'metadata'> {
  metadata?: Metadata;
}

/** A source in a form that crosses to a worker: what `captureSource` makes of a `Source`. */
export type CapturedSource =
  | { kind: 'text'; text: string; id?: string; title?: string; mediaType: string; url?: string; metadata?: Metadata }
  | { kind: 'blob'; blob: Blob; id?: string; title?: string; name: string; mediaType?: string; metadata?: Metadata }
  | { kind: 'url'; url: string; id?: string; title?: string; mediaType?: string; metadata?: Metadata }
  | { kind: 'records'; source: CapturedRecords };

/** A heading and where its section lies in the text. Offsets are UTF-16 code units, as in `String.prototype.slice`. */
export interface Section {
  /** 1–6 */
  level: number;
  title: string;
  /** Offset of the heading itself. */
  start: number;
  /** End of the section, its subsections not included: the next heading, or the end of the text. */
  end: number;
}

/** A document as a loader gives it. */
export interface LoadedDocument {
  /** Identity in the collection: the same id replaces. */
  id: string;
  title: string;
  url?: string;
  mediaType: string;
  metadata: Metadata;
  /**
   * The document's text in pieces, in order; read once. For plain text and Markdown it is the source as decoded, so
   * offsets point into the file; for HTML and PDF it is the extracted text.
   */
  text: AsyncIterable<string>;
  /** Headings, in order; absent where the format has none or the text is streamed. */
  sections?: readonly Section[];
}
