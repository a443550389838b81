// Graph: passages of a collection and the names that they share.
import type { CallOptions, ProgressOptions } from './call.ts';
import type { Filter } from './metadata.ts';
import type { Hit } from './store.ts';

/** Size of a graph. */
export interface GraphStats {
  documents: number;
  passages: number;
  /** Names, each of which is in at least one passage. */
  entities: number;
  /** Occurrences: pairs of a passage and a name in it. */
  edges: number;
}

/** How far a graph is with the documents that have come, changed or gone. */
export interface GraphProgress {
  done: number;
  total: number;
}

/** Options of {@link KnowledgeGraph.search}. */
export interface GraphSearchOptions extends CallOptions {
  /** Number of hits, 1–1000. @default 10 */
  k?: number;
  filter?: Filter;
  /** Passages that the walk starts at, best first. @default those that a search by meaning and words finds */
  from?: readonly Pick<Hit, 'id' | 'score'>[];
  /** Share of the walk that starts at the question's names, the others starting at the passages found, 0–1. @default 0.3 */
  entityShare?: number;
  /** Probability that a step of the walk goes on, 0–1. @default 0.5 */
  damping?: number;
}

/** A name in the collection. */
export interface GraphEntity {
  /** As it is compared: lower case, without accents. */
  name: string;
  /** Passages that have it. */
  passages: number;
  /** How much it is about the question; the highest of its kind is 1. */
  score: number;
}

/** Names for a question, on two levels. */
export interface GraphKeys {
  /** Names in the question. */
  named: readonly GraphEntity[];
  /** Names that the passages found for it share, best first. */
  related: readonly GraphEntity[];
}

/** Options of {@link KnowledgeGraph.communities}. */
export interface CommunityOptions extends CallOptions {
  /** Communities. @default 3 */
  count?: number;
  filter?: Filter;
}

/** A group of passages that share names. */
export interface GraphCommunity {
  /** Passages in it. */
  passages: number;
  /** The names that most of its passages have. */
  names: readonly string[];
  /** Share of what was found for the question that is in it, 0–1; without a question its share of the collection. */
  score: number;
  /** Its most central passages, best first. */
  central: readonly Hit[];
}

/** A graph of passages and names. It follows the collection: each call first takes in what has changed. */
export interface KnowledgeGraph {
  /** Takes in what has changed. */
  sync(options?: ProgressOptions<GraphProgress>): Promise<GraphStats>;
  /** Passages by a random walk from the question's names and the passages found for it, best first; the best score is 1. */
  search(question: string, options?: GraphSearchOptions): Promise<Hit[]>;
  /** Names for a question. @param options.count of related ones; 10 by default */
  keys(question: string, options?: CallOptions & { count?: number; filter?: Filter }): Promise<GraphKeys>;
  /** Passages that have some of these names, those with many and rare ones first; the best score is 1. */
  passages(names: readonly string[], options?: CallOptions & { k?: number; filter?: Filter }): Promise<Hit[]>;
  /** Communities that a question is about, best first; the largest ones where there is no question. */
  communities(question: string | undefined, options?: CommunityOptions): Promise<GraphCommunity[]>;
}
