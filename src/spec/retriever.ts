// Retriever: question in, passages out.
import type { CallOptions } from './call.ts';
import type { Filter } from './metadata.ts';
import type { Hit } from './store.ts';

/** Options of {@link Retriever.search}. */
export interface SearchOptions extends CallOptions {
  /** Number of hits, 1–1000. @default 10 */
  k?: number;
  filter?: Filter;
}

/** Finds passages for a text. */
export interface Retriever {
  /** Hits, best first. @throws InpageError `invalid-argument` for an empty query */
  search(query: string, options?: SearchOptions): Promise<Hit[]>;
}
