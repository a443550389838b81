// Query: a search request, checked and with its defaults.
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import type { Fusion, StoreQuery } from '../../spec/store.ts';
import { type Condition, parseFilter } from '../filter/condition.ts';
import { checkSameSpace } from '../space.ts';
import { checkK, checkVectors, invalid } from '../validate.ts';

/** A query whose parts agree. */
export interface Query {
  mode: 'dense' | 'lexical' | 'hybrid';
  /** There in dense and hybrid mode. */
  vector?: Float32Array;
  /** There in lexical and hybrid mode. */
  text?: string;
  k: number;
  condition?: Condition;
  exact: boolean;
  /** Candidates a hit whose vectors are compared; undefined: as many as the size of the collection asks for. */
  oversample?: number;
  fusion: Required<Extract<Fusion, { method: 'convex' }>> | Required<Extract<Fusion, { method: 'rrf' }>>;
  explain: boolean;
  signal?: AbortSignal;
}

/** @throws InpageError `invalid-argument` */
export function checkQuery(query: StoreQuery): Query {
  if (typeof query !== 'object' || query === null)
    throw invalid('search() needs a query: { vector, text … }, or an array of them.');
  const { vector, text, k = 10, filter, oversample, exact = false, explain = false, signal } = query;
  checkK(k);
  if (vector !== undefined) checkVectors(vector, 1, vector?.length);
  if (text !== undefined && typeof text !== 'string') throw invalid('The text of a query must be a string.');
  if (oversample !== undefined && !(Number.isInteger(oversample) && oversample >= 1 && oversample <= 1000)) {
    throw invalid(`oversample is ${oversample}; it must be a whole number from 1 to 1000.`);
  }
  return {
    ...checkMode(query),
    k,
    oversample,
    exact,
    explain,
    signal,
    fusion: checkFusion(query.fusion),
    condition: filter === undefined ? undefined : parseFilter(filter),
  };
}

/**
 * Whether queries fit a collection.
 * @param stored its space, if it has one @param bound the space that the store was bound to
 * @throws InpageError `embedding-mismatch`, `invalid-argument`
 */
export function checkFit(queries: readonly Query[], stored: EmbeddingSpace | undefined, bound: EmbeddingSpace | undefined): void {
  if (!stored) return;
  if (bound) checkSameSpace(stored, bound);
  for (const { vector } of queries) {
    if (!vector || vector.length === stored.dimension) continue;
    throw invalid(`The query vector has ${vector.length} dimensions, the collection ${stored.dimension}.`);
  }
}

function checkMode({ vector, text, mode }: StoreQuery): Pick<Query, 'mode' | 'vector' | 'text'> {
  const chosen = mode ?? (vector && text !== undefined ? 'hybrid' : text === undefined ? 'dense' : 'lexical');
  if (chosen !== 'dense' && chosen !== 'lexical' && chosen !== 'hybrid') {
    throw invalid(`The mode "${chosen}" is not known; use 'dense', 'lexical' or 'hybrid'.`);
  }
  if (chosen !== 'lexical' && !vector) throw invalid(`A ${chosen} search needs a vector.`);
  if (chosen !== 'dense' && text === undefined) throw invalid(`A ${chosen} search needs a text.`);
  return {
    mode: chosen,
    // The caller may use its array for something else meanwhile.
    vector: chosen === 'lexical' ? undefined : vector!.slice(),
    text: chosen === 'dense' ? undefined : text,
  };
}

function checkFusion(given: Fusion | undefined): Query['fusion'] {
  const fusion = given ?? { method: 'convex' };
  if (fusion.method === 'convex') {
    const { weight = 0.6 } = fusion;
    if (!(weight >= 0 && weight <= 1)) throw invalid(`The weight of a convex combination is ${weight}; it must be 0 to 1.`);
    return { method: 'convex', weight };
  }
  if (fusion.method === 'rrf') {
    const { constant = 60 } = fusion;
    if (!(constant > 0 && Number.isFinite(constant))) throw invalid(`The constant of RRF is ${constant}; it must be above 0.`);
    return { method: 'rrf', constant };
  }
  throw invalid(`The fusion "${(fusion as Fusion).method}" is not known; use 'convex' or 'rrf'.`);
}
