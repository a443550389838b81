// Collection: the store of one page's documents. Every write first brings the view up to the manifest on disk, so that stores of
// one name, in one tab or several, never write on top of an old state; searches do so when they have heard of a change.
import type { ProgressOptions } from '../spec/call.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type {
  DocumentHead,
  DocumentRecord,
  DocumentWriter,
  Hit,
  ImportOptions,
  Store,
  StoredPassage,
  StoreProgress,
  StoreQuery,
  StoreStats,
  VectorDocument,
  VectorProgress,
} from '../spec/store.ts';
import { abortable, nextTask } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';
import { ChangeFeed } from './change-feed.ts';
import type { CollectionOptions } from './collection-options.ts';
import {
  type Database,
  findDocument,
  formatVersion,
  type Manifest,
  type Reads,
  readManifest,
  toRecord,
  type Writes,
} from './disk/database.ts';
import { longRead } from './disk/long-read.ts';
import { readSlice } from './disk/text-blocks.ts';
import { KernelPool } from './kernel-pool.ts';
import { Analyzer } from './lexical/analyzer.ts';
import { Scans } from './scans.ts';
import { checkFit, checkQuery, type Query } from './search/query.ts';
import { Searcher } from './search/searcher.ts';
import { Outdated } from './snapshot.ts';
import { checkSameSpace } from './space.ts';
import { collectionStats } from './stats.ts';
import type { FileSource } from './transfer/byte-source.ts';
import { Transfers } from './transfer/transfers.ts';
import { checkHead, checkRange, checkSpace, invalid } from './validate.ts';
import { View } from './view.ts';
import { addDocuments } from './write/add-documents.ts';
import { type Change, type Committed, writeCommit } from './write/commit.ts';
import { CommitQueue, type Waiting } from './write/commit-queue.ts';
import { Committer } from './write/committer.ts';
import { Compactor } from './write/compactor.ts';
import { PassageReader } from './write/passage-reader.ts';
import { createSession, removeLeftovers, type Session } from './write/staging.ts';
import { Writer, type WriterHost } from './write/writer.ts';

/** Share of the memory that texts get. */
const textShare = 1 / 8;

/** A store over a database. */
export class Collection implements Store, WriterHost {
  readonly database: Database;
  readonly session: Session;
  readonly now: () => number;
  readonly #options: CollectionOptions;
  readonly #kernels = new KernelPool();
  readonly #view: View;
  readonly #scans: Scans;
  readonly #searcher: Searcher;
  readonly #compactor: Compactor;
  readonly #analyzer = new Analyzer();
  readonly #queue: CommitQueue;
  readonly #writers = new Set<Writer>();
  readonly #transfers: Transfers;
  readonly #feed: ChangeFeed;
  /** The space that this store was bound to, whatever others do with the collection. */
  #space: EmbeddingSpace | undefined;
  /** Changes heard of, and how many of them the view has seen. */
  #changes = 1;
  #loaded = 0;
  /** The state whose rows were read ahead. */
  #warmed: Manifest | undefined;
  readonly #warming = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(database: Database, options: CollectionOptions) {
    this.database = database;
    this.now = options.now;
    this.#options = options;
    this.session = createSession(database.persistent);
    this.#view = new View(
      (dimension) => this.#kernels.get(dimension),
      (segment) => {
        this.#searcher.forget(segment);
        this.#scans.forget(segment);
      },
    );
    this.#scans = new Scans(this.#view, this.#kernels, options);
    this.#searcher = new Searcher({
      database,
      view: this.#view,
      analyzer: this.#analyzer,
      budget: { rows: options.memory * (1 - textShare), text: options.memory * textShare },
      planScans: (queries) => this.#scans.plan(queries),
      onDamage: (documents) => this.#reportDamage(documents),
    });
    const committer = new Committer({
      kernel: (dimension) => this.#kernels.get(dimension),
      change: (plan) => this.#change(plan),
    });
    this.#queue = new CommitQueue((batch) => committer.commit(batch));
    this.#compactor = new Compactor({
      name: options.name,
      database,
      view: this.#view,
      refresh: () => this.refresh(),
      apply: (changes) => this.#apply(changes),
    });
    this.#transfers = new Transfers(options.name, this, {
      view: this.#view,
      read: (work) => this.#read(work),
      bound: () => this.#space,
      change: (plan) => this.#change(plan),
      pause: (work) => this.#compactor.pause(work),
    });
    this.#feed = new ChangeFeed(options.name, {
      onBehind: () => {
        this.#changes++;
      },
      onChange: () => options.onChange?.(),
    });
  }

  /** Reads the state for the first time, converts what an older version has written, and removes what crashed writers have left. */
  async open(): Promise<void> {
    await this.#kernels.prepare();
    const { format, staged } = await this.database.read(async (tables) => {
      const [{ format }, staging] = await Promise.all([readManifest(tables), tables.keys('staging')]);
      if (format === formatVersion) await this.#load(tables);
      return { format, staged: staging.length > 0 };
    });
    if (format !== formatVersion) {
      const { upgradeCollection } = await import('./write/upgrade.ts');
      await upgradeCollection(this.database, this.#analyzer);
      await this.refresh();
    }
    // A full disk must not keep anyone from reading; the next open tries again.
    if (staged) await removeLeftovers(this.database, this.now).catch(() => {});
  }

  /** Reads the state from disk. */
  async refresh(): Promise<void> {
    await this.#read(async () => {});
  }

  async bind(space: EmbeddingSpace): Promise<void> {
    const given = checkSpace(space);
    const stored = await this.#read(async () => this.#view.manifest.space);
    if (stored) checkSameSpace(stored, given);
    else {
      await this.#change(async (_tables, manifest) => {
        if (!manifest.space) return { space: given };
        checkSameSpace(manifest.space, given);
        return undefined;
      });
    }
    this.#space = given;
  }

  async hash(id: string): Promise<string | undefined> {
    return this.#read(async (tables) => {
      const ordinal = await tables.get('ids', id);
      if (ordinal === undefined || this.#view.incomplete.has(ordinal)) return undefined;
      return (await tables.get('documents', ordinal))?.hash;
    });
  }

  async write(head: DocumentHead): Promise<DocumentWriter> {
    this.checkOpen();
    if (!this.#space) throw invalid('The collection is not bound to an embedding space. Call bind() before write().');
    const checked = checkHead(head);
    const kernel = this.#kernels.get(this.#space.dimension);
    const writer = new Writer(this, checked, this.#space, kernel, new PassageReader(checked, this.#analyzer));
    this.#writers.add(writer);
    return writer;
  }

  add(
    documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
    options?: ProgressOptions<VectorProgress>,
  ): Promise<VectorProgress> {
    return addDocuments(this, documents, options);
  }

  search(query: StoreQuery): Promise<Hit[]>;
  search(queries: readonly StoreQuery[]): Promise<Hit[][]>;
  async search(query: StoreQuery | readonly StoreQuery[]): Promise<Hit[] | Hit[][]> {
    this.checkOpen();
    const queries = (Array.isArray(query) ? query : [query]).map(checkQuery);
    const signals = queries.flatMap(({ signal }) => signal ?? []);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    const results = await abortable(this.#search(queries), signal);
    return Array.isArray(query) ? results : results[0]!;
  }

  async list(): Promise<DocumentRecord[]> {
    return this.#read(async (tables) => (await tables.values('documents')).sort((a, b) => a.order - b.order).map(toRecord));
  }

  async text(id: string, start = 0, end?: number): Promise<string> {
    return this.#read(async (tables) => {
      const { ordinal, document } = await findDocument(tables, id);
      const range = checkRange(start, end ?? Math.max(start, document.length), document.length);
      return readSlice(tables, ordinal, range.start, range.end);
    });
  }

  async passages(id: string, { vectors = false }: { vectors?: boolean } = {}): Promise<StoredPassage[]> {
    const { storedPassages } = await import('./stored-passages.ts');
    return this.#read(async (tables) => {
      const { ordinal, document } = await findDocument(tables, id);
      return storedPassages(tables, this.#view.segments.values(), ordinal, document, vectors);
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    this.checkOpen();
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
      throw invalid('remove() needs an array of document ids.');
    const committed = await this.#change(async (tables) => {
      const known = await Promise.all(ids.map((id) => tables.get('ids', id)));
      return known.some((ordinal) => ordinal !== undefined) ? { removed: ids } : undefined;
    });
    return committed?.removed ?? 0;
  }

  async clear(): Promise<void> {
    this.checkOpen();
    await this.#change(async (_tables, manifest) => (manifest.space ? { clear: true } : undefined));
    this.#space = undefined;
  }

  async compact(options?: ProgressOptions<StoreProgress>): Promise<void> {
    this.checkOpen();
    await this.#compactor.compact(options);
  }

  export(options?: ProgressOptions<StoreProgress>): AsyncIterable<Uint8Array> {
    this.checkOpen();
    return this.#transfers.export(options);
  }

  async import(file: FileSource, options?: ImportOptions): Promise<{ documents: number; chunks: number }> {
    this.checkOpen();
    return this.#transfers.import(file, options);
  }

  async stats(): Promise<StoreStats> {
    return this.#read(async () =>
      collectionStats({
        name: this.#options.name,
        persistent: this.database.persistent,
        view: this.#view,
        searcher: this.#searcher,
        kernels: this.#kernels,
        scans: this.#scans,
      }),
    );
  }

  /** Waits for commits that have begun, drops documents without one, and lets go of the database. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#feed.mute();
    this.#warming.abort();
    await Promise.all([
      ...Array.from(this.#writers, (writer) => writer.abort()),
      this.#transfers.close(),
      this.#compactor.close(),
    ]);
    this.#feed.close();
    this.session.end();
    this.database.close();
    this.#searcher.close();
    this.#scans.close();
    this.#view.clear();
  }

  checkOpen(): void {
    if (!this.#closing) return;
    throw new InpageError('closed', `The collection "${this.#options.name}" was closed. Open it again.`);
  }

  commit(document: Waiting['document']): Promise<DocumentRecord> {
    return this.#queue.add(document);
  }

  finished(writer: Writer): void {
    this.#writers.delete(writer);
  }

  /** Whether the view may be older than the disk. */
  get #isBehind(): boolean {
    return this.#loaded < this.#changes;
  }

  async #search(queries: readonly Query[]): Promise<Hit[][]> {
    const check = ({ space }: Manifest) => checkFit(queries, space, this.#space);
    for (let overtaken = false; ; overtaken = true) {
      if (!overtaken && (this.#isBehind || !this.#feed.hears)) await this.refresh();
      try {
        // Who was overtaken by a commit once might be again, without end: writers wait for the second try.
        const results = overtaken
          ? await this.#read((tables) => longRead(this.database, tables, (reads) => this.#searcher.search(queries, check, reads)))
          : await this.#searcher.search(queries, check);
        this.#prepareNext(queries);
        return results;
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        this.#changes++;
      }
    }
  }

  /** What was searched once is likely searched again. The answer goes first. */
  #prepareNext(queries: readonly Query[]): void {
    const { signal } = this.#warming;
    // A failure is met, and told, by the search that needs what could not be read.
    nextTask()
      .then(() => {
        if (signal.aborted) return undefined;
        this.#scans.arrange(queries);
        return this.#warm(signal);
      })
      .catch(() => {});
  }

  async #warm(signal: AbortSignal): Promise<void> {
    const { manifest } = this.#view;
    if (this.#warmed === manifest) return;
    this.#warmed = manifest;
    await this.#searcher.warm(signal);
  }

  async #read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    this.checkOpen();
    await this.#kernels.prepare();
    return this.database.read(async (tables) => {
      await this.#load(tables);
      return work(tables);
    });
  }

  /** Commits what `plan` gives, if anything. Memory changes only when the disk has. */
  async #change(plan: (tables: Writes, manifest: Manifest) => Promise<Change | undefined>): Promise<Committed | undefined> {
    await this.#kernels.prepare();
    const committed = await this.database.write('strict', async (tables) => {
      const manifest = await this.#load(tables);
      const change = await plan(tables, manifest);
      return change && writeCommit(tables, this.#view, manifest, change, this.now());
    });
    if (!committed) return undefined;
    this.#apply(committed.changes);
    this.#compactor.schedule();
    return committed;
  }

  #apply(changes: Committed['changes']): void {
    // What was staged is on disk only, and is read from there when it is first needed.
    const known = changes.manifest.segments.every(
      ({ id }) => changes.heads.has(id) || this.#view.segments.has(id) || this.#view.damaged.has(id),
    );
    if (known) this.#view.apply(changes);
    else this.#changes++;
    this.#feed.announce(changes.manifest.epoch);
  }

  async #load(tables: Reads): Promise<Manifest> {
    const changes = this.#changes;
    const { manifest, damaged } = await this.#view.load(tables);
    // What was heard of meanwhile may have come too late for this transaction.
    this.#loaded = Math.max(this.#loaded, changes);
    if (damaged) this.#reportDamage([...this.#view.incomplete.values()]);
    return manifest;
  }

  #reportDamage(documents: readonly string[]): void {
    this.#options.onEvent?.({
      type: 'data-corrupt',
      message:
        `A part of the collection "${this.#options.name}" fails its checksum: passages of ${documents.length} documents are lost. ` +
        'Everything else works; add these documents again.',
      documents: [...documents],
    });
  }
}
