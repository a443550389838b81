// Search: from a query to hits with their text.
import type { Hit, StoreQuery } from '../spec/store.ts';
import { headingPaths } from '../util/heading-path.ts';
import type { Reads, StoredDocument } from './database.ts';
import { compileFilter } from './filter/predicate.ts';
import { type Found, scan } from './scan.ts';
import { readSlice } from './text-blocks.ts';
import { checkK, checkVectors } from './validate.ts';
import type { View } from './view.ts';

/**
 * Checks a query; what it gives runs it inside a transaction, on a view that agrees with the transaction.
 * @throws InpageError `invalid-argument`
 */
export function prepareSearch({ vector, k = 10, filter }: StoreQuery): (tables: Reads, view: View) => Promise<Hit[]> {
  checkK(k);
  checkVectors(vector, 1, vector?.length);
  const meets = filter === undefined ? undefined : compileFilter(filter);
  // The caller may use its array for something else meanwhile.
  const query = vector.slice();
  return async (tables, { manifest, documents, segments }) => {
    if (!manifest.space) return [];
    checkVectors(query, 1, manifest.space.dimension);
    const found = scan(segments.values(), query, k, (ordinal) => {
      const document = documents.get(ordinal);
      return document !== undefined && (!meets || meets(document));
    });
    return Promise.all(found.map((row) => toHit(tables, documents.get(row.ordinal)!, row)));
  };
}

async function toHit(tables: Reads, document: StoredDocument, { score, chunk, start, end, ordinal }: Found): Promise<Hit> {
  const { id, title, url, mediaType, metadata, sections } = document;
  return {
    id: `${id}#${chunk}`,
    document: id,
    title,
    url,
    mediaType,
    text: await readSlice(tables, ordinal, start, end),
    start,
    end,
    headings: headingPaths(sections)(start, end),
    metadata,
    score,
    scores: { dense: score },
  };
}
