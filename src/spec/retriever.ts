// Retriever: question in, passages out.
import type { CallOptions } from './call.ts';
import type { Hit, StoreQuery } from './store.ts';

/** Options of {@link Retriever.search}. */
export interface SearchOptions
  extends CallOptions,
    Pick<StoreQuery, 'k' | 'filter' | 'mode' | 'fusion' | 'exact' | 'oversample' | 'explain'> {}

/** A part of a document's text, in UTF-16 code units. */
export interface TextOptions extends CallOptions {
  /** @default 0 */
  start?: number;
  /** @default the end */
  end?: number;
}

/** Finds passages for a text. */
export interface Retriever {
  /** Hits, best first; by meaning and words unless `mode` says otherwise. @throws InpageError `invalid-argument` for an empty query */
  search(query: string, options?: SearchOptions): Promise<Hit[]>;
  /** Hits of several queries, in their order, from one state of the collection. */
  search(queries: readonly string[], options?: SearchOptions): Promise<Hit[][]>;
  /** Text of a document, which the offsets of hits point into. @throws InpageError `not-found` */
  text(document: string, options?: TextOptions): Promise<string>;
}
