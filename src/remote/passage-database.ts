// Passage database: what a server must be able to do to hold a collection. One record a document, one a passage.
import type { CallOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { DocumentHead } from '../spec/store.ts';

/**
 * The record of a document. It decides what is visible: passages of another version than a document's are not there for readers,
 * so that none ever sees half a document.
 */
export interface StoredDocument {
  head: DocumentHead;
  /** Of its passages; another one each time the document is written. */
  version: string;
  /** Grows from commit to commit. */
  order: number;
  /** Length of the text in UTF-16 code units. */
  length: number;
  /** Number of passages. */
  chunks: number;
  /** Epoch milliseconds. */
  addedAt: number;
}

/** The record of a passage. */
export interface StoredPassage {
  document: string;
  version: string;
  /** Number in the document. */
  chunk: number;
  start: number;
  end: number;
  text: string;
}

/** A passage with its cosine to the query. */
export interface FoundPassage extends StoredPassage {
  score: number;
}

/** A collection on a server. Every method throws `remote-failed` as it comes; where the collection is missing all is empty. */
export interface PassageDatabase {
  /** The space that it was made for; undefined where there is none. */
  space(call?: CallOptions): Promise<EmbeddingSpace | undefined>;
  /** Makes the collection; one that is there already stays as it is. */
  create(space: EmbeddingSpace, call?: CallOptions): Promise<void>;
  /** Deletes it. */
  drop(call?: CallOptions): Promise<void>;
  /** Records of documents, of all or of those that are among the ids, in any order. */
  documents(ids: readonly string[] | undefined, call?: CallOptions): Promise<StoredDocument[]>;
  /** Text of a document that is there. */
  text(id: string, call?: CallOptions): Promise<string>;
  /** Puts the record of a document in the place of the one before. */
  putDocument(document: StoredDocument, text: string, call?: CallOptions): Promise<void>;
  putPassages(passages: readonly StoredPassage[], vectors: Float32Array, call?: CallOptions): Promise<void>;
  removeDocuments(ids: readonly string[], call?: CallOptions): Promise<void>;
  /** Removes the passages of versions. */
  removePassages(versions: readonly string[], call?: CallOptions): Promise<void>;
  /** Versions that have passages. */
  versions(call?: CallOptions): Promise<ReadonlySet<string>>;
  /** The nearest passages, of all or of these versions, best first; fewer than `limit` only where there are no more. */
  search(
    vector: Float32Array,
    limit: number,
    versions: readonly string[] | undefined,
    call?: CallOptions,
  ): Promise<FoundPassage[]>;
}
