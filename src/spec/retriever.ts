// Retriever: question in, passages out.
import type { CallOptions } from './call.ts';
import type { Hit, StoreQuery } from './store.ts';

/** Options of {@link Retriever.search}. */
export interface SearchOptions
  extends CallOptions,
    Pick<StoreQuery, 'k' | 'filter' | 'mode' | 'fusion' | 'exact' | 'oversample' | 'explain'> {}

/** Finds passages for a text. */
export interface Retriever {
  /** Hits, best first; by meaning and words unless `mode` says otherwise. @throws InpageError `invalid-argument` for an empty query */
  search(query: string, options?: SearchOptions): Promise<Hit[]>;
}
