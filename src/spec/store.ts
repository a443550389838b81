// Store: keeps documents, their passages and vectors; finds passages.
import type { CallOptions, ProgressOptions } from './call.ts';
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

/** A passage as it is stored. */
export interface StoredPassage extends ChunkSpan {
  /** As in {@link Hit.id}. */
  id: string;
  /** Titles of the enclosing sections, outermost first. */
  headings: readonly string[];
  /** Where asked for: its vector, to within the rounding of the stored one (cosine 0.999 and more). */
  vector?: Float32Array;
}

/**
 * Writes one document. Nothing is visible before `commit` has resolved; a writer that never commits leaves nothing behind.
 * A document of the same id is replaced by the commit, not before.
 */
export interface DocumentWriter {
  /** Appends to the document's text. */
  text(piece: string): Promise<void>;
  /**
   * Appends passages with their vectors (`spans.length` × dimension, row-major). Their text must have been written before.
   */
  chunks(spans: readonly ChunkSpan[], vectors: Float32Array): Promise<void>;
  /** Resolves when the document is durable and visible. @throws InpageError `quota-exceeded` */
  commit(): Promise<DocumentRecord>;
  /** Drops what was written. */
  abort(): Promise<void>;
}

/** A document with its vectors, as {@link Store.add} takes it. What is left out is empty; `mediaType` is `text/plain`. */
export interface VectorDocument extends Partial<Omit<DocumentHead, 'id'>> {
  id: string;
  /** @default '' */
  text?: string;
  /** Passages of the text. @default the whole text as one */
  passages?: readonly ChunkSpan[];
  /** A vector for each passage: passages × dimension, row-major. */
  vectors: Float32Array;
}

/** What was added so far. */
export interface VectorProgress {
  documents: number;
  chunks: number;
}

/** How the two rankings of a hybrid search become one. */
export type Fusion =
  /** weight × dense + (1 − weight) × lexical, each scaled to 0…1 over the candidates (Bruch et al., 2023). @default weight 0.6 */
  | { method: 'convex'; weight?: number }
  /** Σ 1 / (constant + rank) (Cormack et al., 2009). @default constant 60 */
  | { method: 'rrf'; constant?: number };

/** What {@link Store.search} looks for: a vector, words, or both. */
export interface StoreQuery extends CallOptions {
  /** Unit vector of the store's dimension; dense and hybrid search need it. */
  vector?: Float32Array;
  /** Words; lexical and hybrid search need them. Words in "double quotes" must follow each other. */
  text?: string;
  /** @default 'hybrid' where there are a vector and a text, else what the one given allows */
  mode?: 'dense' | 'lexical' | 'hybrid';
  /** @default convex */
  fusion?: Fusion;
  /** Number of hits, 1–1000. @default 10 */
  k?: number;
  filter?: Filter;
  /** Scores all vectors instead of the candidates that their 1-bit codes suggest. Slower; tells the recall of the default. @default false */
  exact?: boolean;
  /**
   * Candidates a hit that dense search scores, 1–1000; more is slower and finds more of the true best.
   * @default grows with the collection: 11 at 25,000 passages, 16 at 50,000, 38 at a million
   */
  oversample?: number;
  /** Adds to each hit where it stood in each stage, and the time that the stages took. @default false */
  explain?: boolean;
}

/** What a word of the query added to a lexical score. */
export interface TermExplanation {
  word: string;
  /** Stems that were looked for. */
  variants: readonly string[];
  /** Passages that have one of them. */
  documents: number;
  /** Occurrences in the text, and in the title with the headings. */
  text: number;
  title: number;
  score: number;
}

/** How a hit came about; asked for with `explain`. */
export interface HitExplanation {
  /** Place in the dense ranking, from 1; undefined where it is not among its candidates. */
  denseRank?: number;
  lexicalRank?: number;
  /** What each word of the query added to the lexical score. */
  terms?: readonly TermExplanation[];
  /** Milliseconds of the whole query by stage, the same in all its hits. */
  timings: Readonly<Record<string, number>>;
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
  /**
   * The score of each stage: `dense` is the cosine to within the rounding of the stored vector (±0.01, −1…1), `lexical` BM25 (0 and
   * more), `fused` the mix of both. Those that the query did not ask for are missing.
   */
  scores: { dense?: number; lexical?: number; fused?: number };
  explanation?: HitExplanation;
}

/** Size and state of a collection. */
export interface StoreStats {
  name: string;
  /** Documents, passages. */
  documents: number;
  chunks: number;
  /** Bytes on disk: vectors with codes and positions of passages, lexical index, and text (estimated from its length). */
  bytes: { vectors: number; lexical: number; text: number };
  /** Bytes in memory: codes, and vectors and texts that are cached. */
  memory: { codes: number; vectors: number; text: number };
  /** `false`: kept in memory only, because IndexedDB is not available. */
  persistent: boolean;
  /** `undefined` while the store is empty and new. */
  space?: EmbeddingSpace;
  /** Version of the on-disk format. */
  formatVersion: number;
  segments: number;
  /** Passages that are deleted and not yet compacted. */
  deleted: number;
  /** Counts commits. */
  epoch: number;
  /** Where imported files are from, as {@link ImportOptions.origin} named it. */
  origins: readonly string[];
  /**
   * What computes, with the nanoseconds a passage of a scan by one thread, as measured when the collection was opened; the number
   * of threads that help, and why none does where some might. `gpu` is there while a GPU scans for as many queries at once as
   * `queries` says, or more: with the nanoseconds a passage and query of large batches, and the bytes that it holds.
   */
  kernel?: {
    name: string;
    nanoseconds: number;
    shards: number;
    unsharded?: string;
    gpu?: { nanoseconds: number; queries: number; memory: number };
  };
}

/** How far a long task of the store is. */
export interface StoreProgress {
  /** What is counted: segments for compaction, bytes for export and import. */
  done: number;
  total: number;
}

/** What a page can import: the address of a file, the file, or its bytes. */
export type ImportSource = string | URL | Blob | ReadableStream<Uint8Array>;

/** Options of {@link Store.import}. */
export interface ImportOptions extends ProgressOptions<StoreProgress> {
  /**
   * Names where the file is from. A file that is the same as the last one of its origin changes nothing; another one replaces
   * whatever came from there, even the embedding space if the collection holds nothing else.
   */
  origin?: string;
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
  /**
   * Adds documents with vectors of one's own, in the order they come; of the same id the last one stays. Takes no more from the
   * source than it can write.
   * @param onProgress what is durable; what it counts survives whatever comes after
   * @throws what the source throws, InpageError `invalid-argument`, `quota-exceeded`; what was reported stays
   */
  add(
    documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
    options?: ProgressOptions<VectorProgress>,
  ): Promise<VectorProgress>;
  /** Hits, best first. */
  search(query: StoreQuery): Promise<Hit[]>;
  /** Hits of several queries, in their order, from one state of the collection. */
  search(queries: readonly StoreQuery[]): Promise<Hit[][]>;
  /** Documents in the order of their commit. */
  list(): Promise<DocumentRecord[]>;
  /** A document's text, or a part of it. @throws InpageError `not-found` */
  text(id: string, start?: number, end?: number): Promise<string>;
  /**
   * Passages of a document, in order.
   * @throws InpageError `not-found`; `invalid-argument` for a collection on a server
   */
  passages(id: string, options?: { vectors?: boolean }): Promise<StoredPassage[]>;
  /** Removes documents; gives the number that were there. */
  remove(ids: readonly string[]): Promise<number>;
  /** Removes all documents and the embedding space. */
  clear(): Promise<void>;
  /**
   * Frees the place of deleted passages and merges small segments. It happens by itself in the background; calling it waits for
   * the end. Searching and writing go on; an abort keeps what is done.
   */
  compact(options?: ProgressOptions<StoreProgress>): Promise<void>;
  /**
   * The collection as one file, in pieces of at most 1 MiB: the state of the moment in which reading begins. Searching and writing
   * go on; an export that is left early must be ended (`return`, which a `for await` loop calls), as nothing is compacted while it runs.
   * @throws InpageError `not-found` where a document is removed before it was read, `data-corrupt` naming documents that have lost
   *   something, `invalid-argument` for a collection without documents and space
   */
  export(options?: ProgressOptions<StoreProgress>): AsyncIterable<Uint8Array>;
  /**
   * Adds the documents of a file that `export` made, all or none; those of the same id are replaced. A collection without a space
   * takes over the file's. Needs little memory, whatever the size.
   * @throws InpageError `invalid-document` for a file of another kind, `data-corrupt` for a damaged or incomplete one,
   *   `format-unsupported`, `embedding-mismatch`, `quota-exceeded`, `fetch-failed` where the file cannot be read to its end
   */
  import(
    file: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
    options?: ImportOptions,
  ): Promise<{ documents: number; chunks: number }>;
  stats(): Promise<StoreStats>;
  close(): Promise<void>;
}
