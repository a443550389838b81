// Outline: groups of a collection's passages, from the particular to the general.
import type { CallOptions } from './call.ts';
import type { Hit } from './store.ts';

/** Options of {@link Outline.groups}. */
export interface OutlineOptions extends CallOptions {
  /** Groups, the nearest ones. @default 3 */
  count?: number;
}

/** A group of passages that are alike. */
export interface OutlineGroup {
  /** 1 is over passages, 2 over the groups of layer 1, and so on. */
  layer: number;
  /** Cosine of the question and the middle of the group. */
  score: number;
  /** Its most central passages, nearest to the middle first. */
  central: readonly Hit[];
}

/** Finds groups of passages for a text. */
export interface Outline {
  /**
   * The nearest groups of all layers, best first. The first call builds the outline, and so does one after more than a tenth of the
   * collection has changed.
   */
  groups(query: string, options?: OutlineOptions): Promise<OutlineGroup[]>;
}
