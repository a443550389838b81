// Store: keeps documents, their passages and vectors; finds passages.
import type { CallOptions } from './call.ts';
import type { Section } from './document.ts';
import type { EmbeddingSpace } from './embedder.ts';
import type { Filter, Metadata } from './metadata.ts';

/** What is known of a document before its text is read. */
export interface DocumentHead {
  id: string;
  title: string;
  url?: string;
  mediaType: string;
  metadata: Metadata;
  /** Digest of the source and of the way it was cut; equal means nothing to do. */
  hash: string;
  sections?: readonly Section[];
}

/** A document as the store lists it, without its text. */
export interface DocumentRecord extends Omit<DocumentHead, 'sections'> {
  /** Length of the text in UTF-16 code units. */
  length: number;
  /** Number of passages. */
  chunks: number;
  /** When it was committed, epoch milliseconds. */
  addedAt: number;
}

/** Where a passage lies. */
export interface ChunkSpan {
  start: number;
  end: number;
}

/**
 * Writes one document. Nothing is visible before `commit` has resolved; a writer that never commits leaves nothing behind.
 * A document of the same id is replaced by the commit, not before.
 */
export interface DocumentWriter {
  /** Appends to the document's text. */
  text(piece: string): Promise<void>;
  /** Appends passages with their vectors (`spans.length` × dimension, row-major). */
  chunks(spans: readonly ChunkSpan[], vectors: Float32Array): Promise<void>;
  /** Resolves when the document is durable and visible. @throws InpageError `quota-exceeded` */
  commit(): Promise<DocumentRecord>;
  /** Drops what was written. */
  abort(): Promise<void>;
}

/** What {@link Store.search} looks for. */
export interface StoreQuery extends CallOptions {
  /** Unit vector of the store's dimension. */
  vector: Float32Array;
  /** Number of hits, 1–1000. @default 10 */
  k?: number;
  filter?: Filter;
}

/** A passage found. */
export interface Hit {
  /** `<document id>#<number of the passage>` */
  id: string;
  document: string;
  title: string;
  url?: string;
  mediaType: string;
  text: string;
  /** Offsets of `text` in the document's text. */
  start: number;
  end: number;
  /** Titles of the enclosing sections, outermost first. */
  headings: readonly string[];
  metadata: Metadata;
  /** What the hits are ordered by; higher is better. */
  score: number;
  /** The score of each stage. `dense` is the cosine, −1…1. */
  scores: { dense: number };
}

/** Size and state of a collection. */
export interface StoreStats {
  name: string;
  /** Documents, passages. */
  documents: number;
  chunks: number;
  /** Bytes on disk: vectors, and text with metadata (estimated from its length). */
  bytes: { vectors: number; text: number };
  /** `false`: kept in memory only, because IndexedDB is not available. */
  persistent: boolean;
  /** `undefined` while the store is empty and new. */
  space?: EmbeddingSpace;
  /** Version of the on-disk format. */
  formatVersion: number;
  segments: number;
  /** Counts commits. */
  epoch: number;
}

/** A collection of documents with one embedding space. */
export interface Store {
  /**
   * Binds the store to an embedding space, or checks that it is the one.
   * @throws InpageError `embedding-mismatch`
   */
  bind(space: EmbeddingSpace): Promise<void>;
  /** The digest of a stored document, or undefined. */
  hash(id: string): Promise<string | undefined>;
  write(head: DocumentHead): Promise<DocumentWriter>;
  search(query: StoreQuery): Promise<Hit[]>;
  /** Documents in the order of their commit. */
  list(): Promise<DocumentRecord[]>;
  /** A document's text, or a part of it. @throws InpageError `not-found` */
  text(id: string, start?: number, end?: number): Promise<string>;
  /** Removes documents; gives the number that were there. */
  remove(ids: readonly string[]): Promise<number>;
  /** Removes all documents and the embedding space. */
  clear(): Promise<void>;
  stats(): Promise<StoreStats>;
  close(): Promise<void>;
}
