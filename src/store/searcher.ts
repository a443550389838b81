// Searcher: from a query to hits, over the segments as they are at one moment. What is in the caches needs no transaction.
import type { Hit } from '../spec/store.ts';
import { nextTask } from '../util/async.ts';
import { abortError } from '../util/errors.ts';
import { headingPaths } from '../util/heading-path.ts';
import { Content, type DocumentText, type Place } from './content.ts';
import { type Database, type Reads, readManifest } from './disk/database.ts';
import { blockRows, countRowBlocks } from './disk/row-blocks.ts';
import type { Condition } from './filter/condition.ts';
import { rowMask } from './filter/row-mask.ts';
import type { Analyzer } from './lexical/analyzer.ts';
import { LexicalStore } from './lexical-store.ts';
import { Matches } from './matches.ts';
import type { Query } from './query.ts';
import { type Ranked, rank } from './rank.ts';
import { type RowBlock, RowStore, rowsOfBlock } from './row-store.ts';
import { createScope, type Scope, segmentAt } from './scope.ts';
import type { Segment } from './segment.ts';
import { Timings } from './timings.ts';
import type { View } from './view.ts';

/** Blocks of rows that are read ahead at once. */
const warmedBlocks = 16;

/** Thrown where the collection has changed under a search: bring the view up to date, then search again. */
export class Outdated extends Error {}

export interface SearcherOptions {
  database: Database;
  view: View;
  analyzer: Analyzer;
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
  readonly #lexical: LexicalStore;

  constructor({ database, view, analyzer, budget, onDamage }: SearcherOptions) {
    this.#database = database;
    this.#view = view;
    this.#onDamage = onDamage;
    this.rows = new RowStore(budget.rows);
    this.content = new Content(budget.text);
    this.#lexical = new LexicalStore(
      analyzer,
      (work) => this.#read(work),
      (segments) => this.#loseWords(segments),
    );
  }

  /** Drops what is kept of a segment that is gone. */
  forget(segment: Segment): void {
    this.rows.drop(segment);
    this.#lexical.drop(segment);
  }

  close(): void {
    this.rows.clear();
    this.content.clear();
    this.#lexical.clear();
  }

  /** @throws Outdated */
  search(query: Query): Promise<Hit[]> {
    return this.#view.hold(() => this.#search(query));
  }

  async #search(query: Query): Promise<Hit[]> {
    const { kernel } = this.#view;
    if (!kernel) return [];
    const timings = new Timings();
    const { condition } = query;
    if (condition) await this.#loadColumns();
    // From here to the scan of codes nothing waits, so that all of it sees one state.
    const segments = [...this.#view.segments.values()];
    const scope = this.#createScope(segments, condition);
    timings.end('filter');
    if (query.signal?.aborted) throw abortError(query.signal);
    const ranked = await rank(query, {
      kernel,
      scope,
      rows: {
        get: (segment, block) => this.rows.get(segment, block),
        read: (blocks) => this.#readRows(blocks),
      },
      openLexical: () => this.#lexical.open(segments),
      timings,
    });
    const best = bestRows(scope, ranked, query.k);
    const contents = await this.#readContent(best.map(({ place }) => place));
    timings.end('content');
    return best.map(({ row, place }, index) => toHit(row, place, contents[index]!, query.explain ? timings : undefined));
  }

  /** Reads rows ahead, a few at a time, while there is room, so that searches find them in memory. Ends where the view changes. */
  async warm(signal: AbortSignal): Promise<void> {
    for (const segment of [...this.#view.segments.values()]) {
      const blocks = countRowBlocks(segment.rows, segment.dimension);
      for (let block = 0; block < blocks; block += warmedBlocks) {
        const missing: RowBlock[] = [];
        for (let at = block; at < Math.min(blocks, block + warmedBlocks); at++)
          if (!this.rows.get(segment, at)) missing.push({ segment, block: at });
        if (missing.length === 0) continue;
        if (!this.rows.hasRoomFor(missing.length * blockRows(segment.dimension) * segment.dimension)) return;
        await this.#readRows(missing);
        await nextTask();
        if (signal.aborted) return;
      }
    }
  }

  async #loadColumns(): Promise<void> {
    if (this.#matches.isAt(this.#view.manifest)) return;
    await this.#read((tables) => this.#matches.load(tables, this.#view.manifest));
    if (!this.#matches.isAt(this.#view.manifest)) throw new Outdated();
  }

  #createScope(segments: readonly Segment[], condition: Condition | undefined): Scope {
    if (!condition) return createScope(segments);
    const matches = this.#matches.find(condition);
    return createScope(segments, ({ runs, visible }) =>
      rowMask({ runOrdinals: runs.ordinals, runStarts: runs.starts }, matches, visible),
    );
  }

  async #readRows(missing: readonly RowBlock[]): Promise<ReadonlyMap<number, Int8Array>> {
    const rows = new Map<number, Int8Array>();
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

  /** Passages whose words are lost are found by their vectors only. */
  async #loseWords(segments: readonly Segment[]): Promise<void> {
    const documents = await this.#read((tables) => Promise.all(segments.map((segment) => this.#view.loseWords(tables, segment))));
    this.#onDamage(documents.flat());
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

/** The best rows with their places; equal scores in the order of documents and passages. */
function bestRows(scope: Scope, ranked: readonly Ranked[], k: number): { row: Ranked; place: ChunkPlace }[] {
  const least = ranked[k - 1]?.score ?? Number.NEGATIVE_INFINITY;
  return ranked
    .filter(({ score }) => score >= least)
    .map((row) => ({ row, place: placeAt(scope, row.position) }))
    .sort((a, b) => b.row.score - a.row.score || a.place.ordinal - b.place.ordinal || a.place.chunk - b.place.chunk)
    .slice(0, k);
}

interface ChunkPlace extends Place {
  /** Number of the passage in the document. */
  chunk: number;
}

/** Where the passage at a position lies. */
function placeAt(scope: Scope, position: number): ChunkPlace {
  const { segment, first } = scope.segments[segmentAt(scope, position)]!;
  const row = position - first;
  const run = segment.runOf(row);
  const spans = segment.spans();
  return {
    ordinal: segment.runs.ordinals[run]!,
    chunk: segment.runs.chunks[run]! + row - segment.runs.starts[run]!,
    start: spans[row * 2]!,
    end: spans[row * 2 + 1]!,
  };
}

function toHit(row: Ranked, { chunk, start, end }: ChunkPlace, { document, text }: DocumentText, timings?: Timings): Hit {
  const { id, title, url, mediaType, metadata, sections } = document;
  const { score, scores, denseRank, lexicalRank, terms } = row;
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
  return timings ? { ...hit, explanation: { denseRank, lexicalRank, terms, timings: timings.all } } : hit;
}
