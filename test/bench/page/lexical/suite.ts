// The lexical suite: BM25 over passages.
import type { Suite, System } from '../system.ts';
import { openPassages, type PassageSettings } from './passages.ts';

/** A system that stores passages and ranks them for words. */
export type TextSystem = System<readonly string[], string>;

/** What `npm run bench -- lexical` compares by. */
export const lexical: Suite<PassageSettings, readonly string[], readonly string[], string> = {
  openData: openPassages,
  openQueries: async (queries) => queries,
};
