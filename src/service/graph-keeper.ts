// The graph of a collection in its worker: kept beside the collection, a record a document, and brought up to it before each answer.

import { type Community, findCommunities } from '../graph/communities.ts';
import { follow } from '../graph/follow.ts';
import { keysOf, passagesWith } from '../graph/keys.ts';
import { type DocumentNames, PassageGraph } from '../graph/passage-graph.ts';
import { type Scored, walk } from '../graph/walk.ts';
import type { CallOptions, ProgressOptions } from '../spec/call.ts';
import type {
  CommunityOptions,
  GraphCommunity,
  GraphKeys,
  GraphProgress,
  GraphSearchOptions,
  GraphStats,
} from '../spec/graph.ts';
import type { Filter } from '../spec/metadata.ts';
import type { DocumentRecord, Hit, Store } from '../spec/store.ts';
import { compileFilter } from '../store/filter/predicate.ts';
import type { Records } from '../store/records.ts';
import { Turnstile } from '../util/async.ts';

/** Searches the collection for a question, by meaning and words. */
export type Find = (question: string, options: CallOptions & { k: number; filter?: Filter | undefined }) => Promise<Hit[]>;

/** Records of documents; the number counts the ways in which names have been told. */
const prefix = 'graph-1/';
/** Passages that a walk starts at, and that tell which names and communities a question is about. */
const starts = 50;
/** Hits of one search, at most. */
const mostHits = 1000;
/** Passages that tell of a community. */
const central = 3;

export class GraphKeeper {
  readonly #store: () => Store;
  readonly #records: () => Promise<Records>;
  readonly #find: Find;
  readonly #turns = new Turnstile();
  #graph: PassageGraph | undefined;
  #communities: Community[] | undefined;

  constructor(store: () => Store, records: () => Promise<Records>, find: Find) {
    this.#store = store;
    this.#records = records;
    this.#find = find;
  }

  async sync(options: ProgressOptions<GraphProgress>): Promise<GraphStats> {
    return (await this.#current(options)).graph.size;
  }

  async search(question: string, options: GraphSearchOptions): Promise<Hit[]> {
    const { k = 10, filter, signal, from, entityShare = 0.3, damping = 0.5 } = options;
    const { graph, documents } = await this.#current({ signal });
    const found = from ?? (await this.#find(question, { k: starts, filter, signal }));
    const scored = walk(graph, found, graph.find(question), { entityShare, damping });
    return this.#hits(question, scored, { graph, documents, k, filter, signal });
  }

  async keys(
    question: string,
    { count = 10, filter, signal }: CallOptions & { count?: number; filter?: Filter },
  ): Promise<GraphKeys> {
    const { graph } = await this.#current({ signal });
    return keysOf(graph, question, await this.#find(question, { k: starts, filter, signal }), count);
  }

  async passages(
    names: readonly string[],
    { k = 10, filter, signal }: CallOptions & { k?: number; filter?: Filter },
  ): Promise<Hit[]> {
    const { graph, documents } = await this.#current({ signal });
    const scored = passagesWith(graph, names);
    return this.#hits(names.join(', '), scored, { graph, documents, k, filter, signal });
  }

  async communities(question: string | undefined, { count = 3, filter, signal }: CommunityOptions): Promise<GraphCommunity[]> {
    const { graph, documents } = await this.#current({ signal });
    this.#communities ??= findCommunities(graph);
    const found = question === undefined ? [] : await this.#find(question, { k: starts, filter, signal });
    const sum = found.reduce((total, { score }) => total + score, 0) || 1;
    const scores = new Map(found.map(({ id, score }) => [id, score / sum]));
    const share = ({ passages }: Community) =>
      question === undefined
        ? passages.length / graph.size.passages
        : passages.reduce((total, id) => total + (scores.get(id) ?? 0), 0);
    const best = this.#communities
      .map((community) => ({ community, score: share(community) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
    return Promise.all(
      best.map(async ({ community: { passages, names }, score }): Promise<GraphCommunity> => {
        const scored = passages.map((id, rank) => ({ id, score: 1 / (1 + rank) }));
        const text = question ?? names.join(', ');
        const hits = await this.#hits(text, scored, { graph, documents, k: central, filter, signal });
        return { passages: passages.length, names, score, central: hits };
      }),
    );
  }

  /** The records were cleared. */
  reset(): void {
    this.#graph = undefined;
    this.#communities = undefined;
  }

  /** The graph of the collection as it is now, and its documents. */
  #current({ signal, onProgress }: ProgressOptions<GraphProgress>) {
    return this.#turns.run(
      async () => {
        const records = await this.#records();
        const documents = new Map((await this.#store().list()).map((record) => [record.id, record]));
        this.#graph ??= await load(records);
        const graph = this.#graph;
        const keep: Parameters<typeof follow>[3] = ({ put, removed }) => {
          this.#communities = undefined;
          const entries = [...put].map(([id, names]) => [prefix + id, names] as const);
          return records.change({ put: new Map(entries), delete: removed.map((id) => prefix + id) });
        };
        await follow(graph, documents, this.#store(), keep, { signal, onProgress });
        return { graph, documents };
      },
      { signal },
    );
  }

  /** The best passages as hits of a search among their documents, which tells how near each is to the question. */
  async #hits(
    question: string,
    scored: readonly Scored[],
    {
      graph,
      documents,
      k,
      filter,
      signal,
    }: CallOptions & {
      graph: PassageGraph;
      documents: ReadonlyMap<string, DocumentRecord>;
      k: number;
      filter?: Filter | undefined;
    },
  ): Promise<Hit[]> {
    const meets = filter ? compileFilter(filter) : () => true;
    const isWanted = ({ id }: Scored) => {
      const record = documents.get(graph.documentOf(id)!);
      return record !== undefined && meets(record);
    };
    const best = scored.filter(isWanted).slice(0, k);
    if (best.length === 0) return [];
    const ids = [...new Set(best.map(({ id }) => graph.documentOf(id)!))];
    const found = await this.#find(question, { k: mostHits, filter: { id: { $in: ids } }, signal });
    const hits = new Map(found.map((hit) => [hit.id, hit]));
    return best.flatMap(({ id, score }) => {
      const hit = hits.get(id);
      return hit ? [{ ...hit, score }] : [];
    });
  }
}

async function load(records: Records): Promise<PassageGraph> {
  const graph = new PassageGraph();
  for (const [key, names] of await records.entries<DocumentNames>(prefix)) graph.add(key.slice(prefix.length), names);
  return graph;
}
