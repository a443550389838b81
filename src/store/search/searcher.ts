// Searcher: from a query to hits, over the segments as they are at one moment. What is in the caches needs no transaction.
import type { Hit } from '../../spec/store.ts';
import { nextTask } from '../../util/async.ts';
import { abortError } from '../../util/errors.ts';
import { headingPaths } from '../../util/heading-path.ts';
import { type Database, type Manifest, type Reads, readManifest } from '../disk/database.ts';
import { blockRows, countRowBlocks } from '../disk/row-blocks.ts';
import type { Condition } from '../filter/condition.ts';
import { rowMask } from '../filter/row-mask.ts';
import type { ScanPlan } from '../gpu/gpu-pool.ts';
import type { Analyzer } from '../lexical/analyzer.ts';
import type { Segment } from '../segment.ts';
import { checkNamed, Outdated, type Snapshot } from '../snapshot.ts';
import type { View } from '../view.ts';
import { Content, type DocumentText, type Place } from './content.ts';
import type { ScanCodes } from './dense-search.ts';
import { LexicalStore } from './lexical-store.ts';
import { Matches } from './matches.ts';
import type { Query } from './query.ts';
import { type Ranked, rank } from './rank.ts';
import { type ReadState, type ReadTables, readStateOf } from './read-state.ts';
import { type RowBlock, RowStore, rowsOfBlock } from './row-store.ts';
import { createScope, passageAt, type Scope } from './scope.ts';
import { Timings } from './timings.ts';

/** Blocks of rows that are read ahead at once. */
const warmedBlocks = 16;

export interface SearcherOptions {
  database: Database;
  view: View;
  analyzer: Analyzer;
  /** Bytes for rows and texts that are kept in memory. */
  budget: { rows: number; text: number };
  /** How queries that are asked together are scanned. */
  planScans: (queries: number) => ScanPlan;
  /** Told of documents that have lost passages. */
  onDamage: (documents: readonly string[]) => void;
}

export class Searcher {
  readonly #database: Database;
  readonly #view: View;
  readonly #planScans: SearcherOptions['planScans'];
  readonly #onDamage: (documents: readonly string[]) => void;
  readonly #matches = new Matches();
  /** What the texts in memory are of. */
  #collection: string | undefined;
  readonly rows: RowStore;
  readonly content: Content;
  readonly #lexical: LexicalStore;

  constructor({ database, view, analyzer, budget, planScans, onDamage }: SearcherOptions) {
    this.#database = database;
    this.#view = view;
    this.#planScans = planScans;
    this.#onDamage = onDamage;
    this.rows = new RowStore(budget.rows);
    this.content = new Content(budget.text);
    this.#lexical = new LexicalStore(analyzer, (tables, segments) => this.#loseWords(tables, segments));
  }

  /** Drops what is kept of a segment that is gone. */
  forget(segment: Segment): void {
    this.rows.drop(segment);
    this.#lexical.forget();
  }

  close(): void {
    this.rows.clear();
    this.content.clear();
    this.#lexical.clear();
  }

  /**
   * Hits of queries, all from one state.
   * @param check refuses queries that do not fit that state
   * @param tables of a transaction in which everything is read; without it each reading has one of its own
   * @throws Outdated where a commit came in between, or something was found to be damaged or gone
   */
  search(queries: readonly Query[], check: (manifest: Manifest) => void, tables?: Reads): Promise<Hit[][]> {
    return this.#view.hold(() => this.#search(queries, check, tables));
  }

  async #search(queries: readonly Query[], check: (manifest: Manifest) => void, tables?: Reads): Promise<Hit[][]> {
    const timings = queries.map(() => new Timings());
    const read: ReadTables = tables ? (work) => work(tables) : (work) => this.#database.read(work);
    if (queries.some(({ condition }) => condition)) await this.#loadColumns(read);
    const { snapshot } = this.#view;
    const readState: ReadState = (work) => readStateOf(snapshot, read, work);
    check(snapshot.manifest);
    if (this.#collection !== snapshot.manifest.collection) {
      // Another collection of the same name, which numbers its documents anew.
      this.content.clear();
      this.#collection = snapshot.manifest.collection;
    }
    const scopes = queries.map(({ condition }, index) => {
      if (index > 0) timings[index]!.resume();
      const scope = this.#createScope(snapshot, condition);
      timings[index]!.end('filter');
      return scope;
    });
    const results: Hit[][] = [];
    while (results.length < queries.length) {
      const first = results.length;
      const { size, scanCodes } = this.#planScans(queries.length - first);
      const searching = queries.slice(first, first + size).map(async (query, place) => {
        const index = first + place;
        if (query.signal?.aborted) throw abortError(query.signal);
        if (index > 0) timings[index]!.resume();
        return this.#searchOne(query, { snapshot, scope: scopes[index]!, scanCodes, read: readState }, timings[index]!);
      });
      // All end before the snapshot is let go.
      for (const outcome of await Promise.allSettled(searching)) {
        if (outcome.status === 'rejected') throw outcome.reason;
        results.push(outcome.value);
      }
    }
    return results;
  }

  async #searchOne(query: Query, { snapshot, scope, scanCodes, read }: SearchSources, timings: Timings): Promise<Hit[]> {
    const { kernel, segments } = snapshot;
    if (!kernel) return [];
    const ranked = await rank(query, {
      kernel,
      scope,
      segments,
      rows: {
        get: (segment, block) => this.rows.get(segment, block),
        read: (blocks) => this.#readRows(read, blocks),
      },
      scanCodes,
      openLexical: () => this.#lexical.open(snapshot, read),
      timings,
    });
    const best = ranked.slice(0, query.k).map((row) => ({ row, place: placeAt(scope, row.position) }));
    const contents = await this.#readContent(
      snapshot,
      read,
      best.map(({ place }) => place),
    );
    timings.end('content');
    return best.flatMap(({ row, place }, index) => {
      const content = contents[index];
      return content ? toHit(row, place, content, query.explain ? timings : undefined) : [];
    });
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
        const { snapshot } = this.#view;
        await this.#readRows((work) => readStateOf(snapshot, (inside) => this.#database.read(inside), work), missing);
        await nextTask();
        if (signal.aborted) return;
      }
    }
  }

  /** Brings the columns up to the view. */
  async #loadColumns(read: ReadTables): Promise<void> {
    if (this.#matches.isAt(this.#view.manifest)) return;
    await read(async (tables) => {
      const manifest = await readManifest(tables);
      if (this.#view.isAt(manifest)) await this.#matches.load(tables, manifest);
    });
    if (!this.#matches.isAt(this.#view.manifest)) throw new Outdated();
  }

  #createScope({ segments }: Snapshot, condition: Condition | undefined): Scope {
    if (!condition) return createScope(segments);
    const matches = this.#matches.find(condition);
    return createScope(segments, ({ segment: { runs }, visible }) =>
      rowMask({ runOrdinals: runs.ordinals, runStarts: runs.starts }, matches, visible),
    );
  }

  async #readRows(read: ReadState, missing: readonly RowBlock[]): Promise<ReadonlyMap<number, Int8Array>> {
    const rows = new Map<number, Int8Array>();
    const lost = await read(async (tables, manifest) => {
      const unread = await this.rows.read(tables, missing, rows);
      for (const { segment } of unread) checkNamed(await manifest, segment);
      const documents: string[] = [];
      for (const { segment, block } of unread) {
        const { from, to } = rowsOfBlock(segment, block);
        documents.push(...(await this.#view.loseRows(tables, segment, from, to)));
      }
      return documents;
    });
    this.#report(lost);
    return rows;
  }

  /** Passages whose words are lost are found by their vectors only. */
  async #loseWords(tables: Reads, segments: readonly Segment[]): Promise<void> {
    this.#report(
      await this.#view.loseParts(
        tables,
        segments.flatMap(({ runs }) => [...runs.ordinals]),
      ),
    );
  }

  /** Undefined where something is lost. */
  async #readContent(snapshot: Snapshot, read: ReadState, places: readonly Place[]): Promise<(DocumentText | undefined)[]> {
    const { collection, epoch } = snapshot.manifest;
    if (this.#collection === collection && this.content.has(places)) return this.content.read(places);
    return read(async (tables, manifest) => {
      const contents = await this.content.read(places, tables);
      const lost = places.filter((_, index) => !contents[index]).map(({ ordinal }) => ordinal);
      // A document that was removed since is missing by right.
      if (lost.length > 0 && (await manifest).epoch !== epoch) throw new Outdated();
      this.#report(await this.#view.loseParts(tables, new Set(lost)));
      return contents;
    });
  }

  #report(documents: readonly string[]): void {
    if (documents.length > 0) this.#onDamage(documents);
  }
}

/** What one query is searched in. */
interface SearchSources {
  snapshot: Snapshot;
  scope: Scope;
  scanCodes: ScanCodes;
  read: ReadState;
}

interface ChunkPlace extends Place {
  /** Number of the passage in the document. */
  chunk: number;
}

/** Where the passage at a position lies. */
function placeAt(scope: Scope, position: number): ChunkPlace {
  const { segment, row, ordinal, chunk } = passageAt(scope, position);
  const spans = segment.spans();
  return { ordinal, chunk, start: spans[row * 2]!, end: spans[row * 2 + 1]! };
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
