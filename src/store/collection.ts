// Collection: the store of one page's documents. Every transaction first brings the view up to the manifest on disk, so that
// stores of one name, in one tab or several, see each other's commits and never write on top of an old state.
import type { AssistantEvent } from '../spec/assistant.ts';
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { DocumentHead, DocumentRecord, DocumentWriter, Hit, Store, StoreQuery, StoreStats } from '../spec/store.ts';
import { abortable } from '../util/async.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { acceptAdditions, type Change, writeCommit } from './commit.ts';
import { CommitQueue, type Waiting } from './commit-queue.ts';
import { type Database, formatVersion, type Manifest, type Reads, type StoredDocument, type Writes } from './database.ts';
import { prepareSearch } from './search.ts';
import { checkSameSpace } from './space.ts';
import { createSession, type Session } from './staging.ts';
import { readSlice } from './text-blocks.ts';
import { checkHead, checkRange, checkSpace, invalid } from './validate.ts';
import { type Changes, View } from './view.ts';
import { Writer, type WriterHost } from './writer.ts';

/** What a collection tells of itself. */
export type CollectionEvent = Extract<AssistantEvent, { type: 'storage-in-memory' | 'data-corrupt' }>;

export interface CollectionOptions {
  name: string;
  /** Called when another store has changed the collection. */
  onChange?: () => void;
  onEvent?: (event: CollectionEvent) => void;
  /** Clock, epoch milliseconds. */
  now: () => number;
}

/** A store over a database. */
export class Collection implements Store, WriterHost {
  readonly database: Database;
  readonly session: Session;
  readonly now: () => number;
  readonly #options: CollectionOptions;
  readonly #view = new View();
  readonly #queue = new CommitQueue((batch) => this.#commitBatch(batch));
  readonly #writers = new Set<Writer>();
  readonly #channel: BroadcastChannel | undefined;
  /** The space that this store was bound to, whatever others do with the collection. */
  #space: EmbeddingSpace | undefined;
  /** Whether the view may be older than the disk. */
  #behind = true;
  #closing: Promise<void> | undefined;

  constructor(database: Database, options: CollectionOptions) {
    this.database = database;
    this.now = options.now;
    this.#options = options;
    this.session = createSession(database.persistent);
    this.#channel = openChannel(options.name);
    if (this.#channel) {
      this.#channel.onmessage = () => {
        this.#behind = true;
        this.#options.onChange?.();
      };
    }
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
    this.checkOpen();
    // Asked before each document of an ingest, so it does not wait for running transactions where it need not.
    if (this.#behind || !this.#channel) await this.refresh();
    const ordinal = this.#view.ordinal(id);
    if (ordinal === undefined || this.#view.incomplete.has(ordinal)) return undefined;
    return this.#view.documents.get(ordinal)?.hash;
  }

  async write(head: DocumentHead): Promise<DocumentWriter> {
    this.checkOpen();
    if (!this.#space) throw invalid('The collection is not bound to an embedding space. Call bind() before write().');
    const writer = new Writer(this, checkHead(head), this.#space);
    this.#writers.add(writer);
    return writer;
  }

  async search(query: StoreQuery): Promise<Hit[]> {
    this.checkOpen();
    const { signal } = query;
    if (signal?.aborted) throw abortError(signal);
    const search = prepareSearch(query);
    const hits = this.#read(async (tables) => {
      if (signal?.aborted) throw abortError(signal);
      const { space } = this.#view.manifest;
      if (space && this.#space) checkSameSpace(space, this.#space);
      return search(tables, this.#view);
    });
    return abortable(hits, signal);
  }

  async list(): Promise<DocumentRecord[]> {
    return this.#read(async () => [...this.#view.documents.values()].sort((a, b) => a.order - b.order).map(toRecord));
  }

  async text(id: string, start = 0, end?: number): Promise<string> {
    return this.#read(async (tables) => {
      const ordinal = this.#view.ordinal(id);
      if (ordinal === undefined) {
        throw new InpageError('not-found', `There is no document "${id}". Use list() to see those that are there.`, {
          detail: { document: id },
        });
      }
      const { length } = this.#view.documents.get(ordinal)!;
      const range = checkRange(start, end ?? Math.max(start, length), length);
      return readSlice(tables, ordinal, range.start, range.end);
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    this.checkOpen();
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
      throw invalid('remove() needs an array of document ids.');
    const changes = await this.#change(async () => {
      const removed = new Set(ids.flatMap((id) => this.#view.ordinal(id) ?? []));
      return removed.size > 0 ? { removed } : undefined;
    });
    return changes?.removed.size ?? 0;
  }

  async clear(): Promise<void> {
    this.checkOpen();
    await this.#change(async (_tables, manifest) => {
      const removed = new Set(this.#view.documents.keys());
      return manifest.space ? { removed, space: null } : undefined;
    });
    this.#space = undefined;
  }

  async stats(): Promise<StoreStats> {
    return this.#read(async () => {
      const { space, segments, epoch } = this.#view.manifest;
      const documents = [...this.#view.documents.values()];
      return {
        name: this.#options.name,
        documents: documents.length,
        chunks: documents.reduce((sum, document) => sum + document.chunks, 0),
        bytes: {
          vectors: segments.reduce((sum, segment) => sum + segment.bytes, 0),
          text: documents.reduce((sum, document) => sum + document.length + JSON.stringify(document.metadata).length, 0),
        },
        persistent: this.database.persistent,
        space,
        formatVersion,
        segments: segments.length,
        epoch,
      };
    });
  }

  /** Waits for commits that have begun, drops documents without one, and lets go of the database. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#channel) this.#channel.onmessage = null;
    await Promise.all([...this.#writers].map((writer) => writer.abort()));
    this.#channel?.close();
    this.session.end();
    this.database.close();
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

  async #commitBatch(batch: readonly Waiting[]): Promise<void> {
    const refused = new Map<string, unknown>();
    try {
      const changes = await this.#change(async (tables, manifest) => {
        refused.clear();
        const documents = batch.map((waiting) => waiting.document);
        return { additions: await acceptAdditions(tables, manifest, documents, refused) };
      });
      const committed = new Map(Array.from(changes?.documents.values() ?? [], (document) => [document.id, document]));
      for (const { document, resolve, reject } of batch) {
        const stored = committed.get(document.head.id);
        if (stored) resolve(toRecord(stored));
        else reject(refused.get(document.head.id));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    this.checkOpen();
    return this.database.read(async (tables) => {
      await this.#load(tables);
      return work(tables);
    });
  }

  /** Commits what `plan` gives, if anything. Memory changes only when the disk has. */
  async #change(plan: (tables: Writes, manifest: Manifest) => Promise<Change | undefined>): Promise<Changes | undefined> {
    let staged = false;
    const changes = await this.database.write('strict', async (tables) => {
      const manifest = await this.#load(tables);
      const change = await plan(tables, manifest);
      if (!change || change.additions?.length === 0) return undefined;
      staged = change.additions?.some((addition) => addition.staged) ?? false;
      return writeCommit(tables, this.#view, manifest, change, this.now());
    });
    if (!changes) return undefined;
    // What was staged is on disk only, and is read from there when it is first needed.
    if (staged) this.#behind = true;
    else this.#view.apply(changes);
    this.#channel?.postMessage(changes.manifest.epoch);
    return changes;
  }

  async #load(tables: Reads): Promise<Manifest> {
    this.#behind = false;
    try {
      const { manifest, damaged } = await this.#view.load(tables);
      if (damaged) this.#reportDamage();
      return manifest;
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  #reportDamage(): void {
    const documents = Array.from(this.#view.incomplete, (ordinal) => this.#view.documents.get(ordinal)!.id);
    this.#options.onEvent?.({
      type: 'data-corrupt',
      message:
        `A part of the collection "${this.#options.name}" fails its checksum: passages of ${documents.length} documents are lost. ` +
        'Everything else works; add these documents again.',
      documents,
    });
  }
}

/** Tells the stores of a name in other tabs and workers that the collection has changed; undefined where there is no channel. */
export function openChannel(name: string): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`inpage:${name}`);
}

function toRecord({ order: _order, sections: _sections, ...record }: StoredDocument): DocumentRecord {
  return record;
}
