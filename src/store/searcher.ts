// Searcher: from a query to hits, over the segments as they are at one moment. What is in the caches needs no transaction.
import type { Hit } from '../spec/store.ts';
import { abortError } from '../util/errors.ts';
import { headingPaths } from '../util/heading-path.ts';
import { Content, type Place } from './content.ts';
import { DenseSearch } from './dense-search.ts';
import { type Database, type Reads, readManifest } from './disk/database.ts';
import { rowMask } from './filter/row-mask.ts';
import { Matches } from './matches.ts';
import type { Query } from './query.ts';
import { type RowBlock, RowStore, rowsOfBlock } from './row-store.ts';
import { createScope, type Scope, segmentAt } from './scope.ts';
import type { Segment } from './segment.ts';
import { Timings } from './timings.ts';
import type { View } from './view.ts';

/** Thrown where the collection has changed under a search: bring the view up to date, then search again. */
export class Outdated extends Error {}

export interface SearcherOptions {
  database: Database;
  view: View;
  /** Bytes for rows and texts that are kept in memory. */
  budget: { rows: number; text: number };
  /** Told of documents that have lost passages. */
  onDamage: (documents: readonly string[]) => void;
}

export class Searcher {
  readonly #database: Database;
  readonly #view: View;
  readonly #onDamage: (documents: readonly string[]) => void;
  readonly #matches = new Matches();
  readonly rows: RowStore;
  readonly content: Content;

  constructor({ database, view, budget, onDamage }: SearcherOptions) {
    this.#database = database;
    this.#view = view;
    this.#onDamage = onDamage;
    this.rows = new RowStore(budget.rows);
    this.content = new Content(budget.text);
  }

  /** Drops what is kept of a segment that is gone. */
  forget(segment: Segment): void {
    this.rows.drop(segment);
  }

  close(): void {
    this.rows.clear();
    this.content.clear();
  }

  /** @throws Outdated */
  search(query: Query): Promise<Hit[]> {
    return this.#view.hold(() => this.#search(query));
  }

  async #search(query: Query): Promise<Hit[]> {
    const { kernel } = this.#view;
    if (!kernel) return [];
    const timings = new Timings();
    const scope = await this.#scope(query);
    timings.end('filter');
    if (query.signal?.aborted) throw abortError(query.signal);
    const dense = new DenseSearch(kernel, scope, query.vector!, (blocks) => this.#readRows(blocks));
    const candidates = query.k * query.oversample;
    const { positions, scores } = await dense.rank({ depth: query.k, candidates, exact: query.exact });
    timings.end('dense');
    const found = [...positions.subarray(0, query.k)].map((position, index) => ({
      ...placeAt(scope, position),
      scores: { dense: scores[index]! },
      score: scores[index]!,
    }));
    const contents = await this.#readContent(found);
    timings.end('content');
    return found.map(({ chunk, start, end, score, scores }, index) => {
      const { document, text } = contents[index]!;
      const { id, title, url, mediaType, metadata, sections } = document;
      const headings = headingPaths(sections)(start, end);
      const hit: Hit = {
        id: `${id}#${chunk}`,
        document: id,
        title,
        url,
        mediaType,
        text,
        start,
        end,
        headings,
        metadata,
        score,
        scores,
      };
      return query.explain ? { ...hit, explanation: { timings: timings.all } } : hit;
    });
  }

  async #scope({ condition }: Query): Promise<Scope> {
    if (!condition) return createScope(this.#view.segments.values());
    if (!this.#matches.isAt(this.#view.manifest)) {
      await this.#read(async (tables) => this.#matches.load(tables, this.#view.manifest));
    }
    const matches = this.#matches.find(condition);
    return createScope(this.#view.segments.values(), ({ runs, visible }) =>
      rowMask({ runOrdinals: runs.ordinals, runStarts: runs.starts }, matches, visible),
    );
  }

  async #readRows(blocks: readonly RowBlock[]): Promise<ReadonlyMap<number, Int8Array>> {
    const { rows, missing } = this.rows.peek(blocks);
    if (missing.length === 0) return rows;
    const lost = await this.#read(async (tables) => {
      const unread = await this.rows.read(tables, missing, rows);
      const documents: string[] = [];
      for (const { segment, block } of unread) {
        const { from, to } = rowsOfBlock(segment, block);
        documents.push(...(await this.#view.loseRows(tables, segment, from, to)));
      }
      return documents;
    });
    if (lost.length > 0) this.#onDamage(lost);
    return rows;
  }

  async #readContent(places: readonly Place[]) {
    if (this.content.has(places)) return this.content.read(places);
    return this.#read((tables) => this.content.read(places, tables));
  }

  /** Reads in a transaction that sees the state of the view. @throws Outdated */
  #read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    return this.#database.read(async (tables) => {
      if (!this.#view.isAt(await readManifest(tables))) throw new Outdated();
      return work(tables);
    });
  }
}

/** Where the passage at a position lies. */
function placeAt(scope: Scope, position: number): Place & { chunk: number; segment: Segment } {
  const { segment, first } = scope.segments[segmentAt(scope, position)]!;
  const row = position - first;
  const run = segment.runOf(row);
  const spans = segment.spans();
  return {
    segment,
    ordinal: segment.runs.ordinals[run]!,
    chunk: segment.runs.chunks[run]! + row - segment.runs.starts[run]!,
    start: spans[row * 2]!,
    end: spans[row * 2 + 1]!,
  };
}
