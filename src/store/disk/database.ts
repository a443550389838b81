// Database: the little that a collection needs of a transactional key–value store, and what it keeps there.
import type { Section } from '../../spec/document.ts';
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import type { DocumentRecord } from '../../spec/store.ts';
import { InpageError } from '../../util/errors.ts';

/** Version of the format on disk. A collection with a newer one is refused, one with an older one is converted. */
export const formatVersion = 2;

/** What the manifest says of a segment. */
export interface SegmentEntry {
  id: number;
  /** Including deleted ones. */
  rows: number;
  deleted: number;
  /** The epoch in which rows were last deleted; 0 if none is. */
  deletedAt: number;
  /** Of the head and the rows; of the lexical index. */
  bytes: { vectors: number; lexical: number };
}

/** The state of a collection: whatever it does not name does not exist. Written last in each commit. */
export interface Manifest {
  /** Random; tells a collection from one of the same name made after a deletion. */
  collection: string;
  format: number;
  /** Counts commits. */
  epoch: number;
  /** The next number for a document or a segment; none is ever used again. */
  next: number;
  space?: EmbeddingSpace;
  /** In the order of their numbers. */
  segments: readonly SegmentEntry[];
  /** Number of documents, and the length of their texts in UTF-16 code units. */
  documents: number;
  units: number;
  /** Digests of the files that were imported last, by where they are from. */
  origins?: Readonly<Record<string, string>>;
}

/** A document with what only the store needs. */
export interface StoredDocument extends DocumentRecord {
  /** Numbers documents in the order of their commits. */
  order: number;
  sections?: readonly Section[];
  /** Where the file is from that it was imported with, if that was named. */
  origin?: string;
}

/** A document as the store lists it. */
export function toRecord({ order: _order, sections: _sections, ...record }: StoredDocument): DocumentRecord {
  return record;
}

/** What a large document, or a part of an import, has on disk before its commit. */
export interface Staged {
  /** Of the document; of an import's part a number of its own, under which its text has the JSON of documents. */
  ordinal: number;
  /** Names the Web Lock that is held as long as the writer lives. */
  session: string;
  /** When it was last written to, epoch milliseconds. */
  at: number;
  segments: readonly SegmentEntry[];
  /** Of its vectors. */
  dimension: number;
  /** Number of text blocks. */
  blocks: number;
  /** Blocks of text of other documents. */
  texts?: readonly (readonly [ordinal: number, block: number])[];
}

/** Tables with their keys and values. */
export interface Tables {
  manifest: { key: 'manifest'; value: Manifest };
  /** Heads of segments, by number: see `segment-head.ts`. */
  segments: { key: number; value: ArrayBuffer };
  /** Rows of segments in blocks, sealed: see `row-blocks.ts`. */
  rows: { key: [segment: number, block: number]; value: ArrayBuffer };
  /** Masks of the rows that are not deleted, sealed, of the segments that have deleted ones. */
  live: { key: number; value: ArrayBuffer };
  /** Lexical indexes of segments, sealed. */
  postings: { key: number; value: ArrayBuffer };
  /** What phrases need of them, sealed. */
  positions: { key: number; value: ArrayBuffer };
  /** By ordinal. */
  documents: { key: number; value: StoredDocument };
  /** Ordinals by document id. */
  ids: { key: string; value: number };
  /** Blocks of a document's text, by ordinal and number. */
  text: { key: [ordinal: number, block: number]; value: string };
  /** By ordinal. */
  staging: { key: number; value: Staged };
}

export type Table = keyof Tables;

/** Names of all tables. */
export const tableNames = [
  'manifest',
  'segments',
  'rows',
  'live',
  'postings',
  'positions',
  'documents',
  'ids',
  'text',
  'staging',
] as const satisfies readonly Table[];

/** Reading inside a transaction. Nothing but these calls may be awaited, or the transaction ends. */
export interface Reads {
  get<T extends Table>(table: T, key: Tables[T]['key']): Promise<Tables[T]['value'] | undefined>;
  values<T extends Table>(table: T): Promise<Tables[T]['value'][]>;
  keys<T extends Table>(table: T): Promise<Tables[T]['key'][]>;
}

/** Writing inside a transaction. A failure fails the transaction. */
export interface Writes extends Reads {
  put<T extends Table>(table: T, key: Tables[T]['key'], value: Tables[T]['value']): void;
  delete<T extends Table>(table: T, key: Tables[T]['key']): void;
}

/** Transactions over all tables; a write excludes every other transaction, in other tabs too. `work` may run twice. */
export interface Database {
  /** `false`: in memory only. */
  readonly persistent: boolean;
  read<T>(work: (tables: Reads) => Promise<T>): Promise<T>;
  /**
   * All or nothing. `strict` waits for the disk.
   * @throws InpageError `quota-exceeded`, `storage-failed`
   */
  write<T>(durability: 'strict' | 'relaxed', work: (tables: Writes) => Promise<T>): Promise<T>;
  close(): void;
}

/** The manifest of a new, empty collection. */
export function emptyManifest(): Manifest {
  const collection = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
  return { collection, format: formatVersion, epoch: 0, next: 1, segments: [], documents: 0, units: 0 };
}

/**
 * Reads the manifest.
 * @throws InpageError `format-unsupported` if a newer inpage has written it
 */
export async function readManifest(tables: Reads): Promise<Manifest> {
  const manifest = await tables.get('manifest', 'manifest');
  if (!manifest) throw new InpageError('data-corrupt', 'The collection has no manifest. Delete it and add its documents again.');
  if (manifest.format > formatVersion) throw newerFormat(manifest.format);
  return manifest;
}

/** A document by its id. @throws InpageError `not-found` */
export async function findDocument(tables: Reads, id: string): Promise<{ ordinal: number; document: StoredDocument }> {
  const ordinal = await tables.get('ids', id);
  const document = ordinal === undefined ? undefined : await tables.get('documents', ordinal);
  if (ordinal !== undefined && document) return { ordinal, document };
  throw new InpageError('not-found', `There is no document "${id}". Use list() to see those that are there.`, {
    detail: { document: id },
  });
}

/** The error for a collection of a newer format. */
export function newerFormat(found: unknown): InpageError {
  return new InpageError(
    'format-unsupported',
    `The collection has format ${found}, and this version of inpage reads up to ${formatVersion}. Update inpage, or use another name.`,
    { detail: { found, supported: formatVersion } },
  );
}
