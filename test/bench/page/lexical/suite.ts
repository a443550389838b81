// The lexical suite: BM25 over passages.
import type { Suite, System } from '../system.ts';
import { openPassages, type PassageSettings } from './passages.ts';

/** A system that stores passages and ranks them for words. */
export type TextSystem = System<readonly string[], string>;

/** Everything that `npm run bench -- lexical` compares. */
export const lexical: Suite<PassageSettings, readonly string[], readonly string[], string> = {
  systems: {
    inpage: () => import('./inpage.ts'),
    minisearch: () => import('./minisearch.ts'),
    orama: () => import('./orama.ts'),
  },
  openData: openPassages,
  openQueries: async (queries) => queries,
};
