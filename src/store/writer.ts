// Writer: collects one document, and puts its full blocks and segments on disk as they come, so that size costs no memory.

import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { ChunkSpan, DocumentHead, DocumentRecord, DocumentWriter } from '../spec/store.ts';
import { InpageError } from '../util/errors.ts';
import { type Database, readManifest, type Staged } from './database.ts';
import { countRows, encodeSegment, joinRows, type Rows, rowsPerSegment, rowWords, setOrdinal, sliceRows } from './segment.ts';
import { deleteStaged, type Session, stagedDataGone } from './staging.ts';
import { blockUnits } from './text-blocks.ts';
import { checkSpans, checkVectors } from './validate.ts';

// Text beyond this many full blocks is staged.
const blocksInMemory = 32;

/** What a writer needs of its store. */
export interface WriterHost {
  database: Database;
  session: Session;
  now: () => number;
  /** @throws InpageError `closed` */
  checkOpen(): void;
  /** Makes the document durable and visible. */
  commit(document: PendingDocument): Promise<DocumentRecord>;
  /** Called when the writer needs no more care. */
  finished(writer: Writer): void;
}

/** A complete document whose rest is to be written by a commit. */
export interface PendingDocument {
  head: DocumentHead;
  space: EmbeddingSpace;
  /** There only if a part is staged. */
  ordinal?: number;
  length: number;
  chunks: number;
  /** Blocks that are not staged, and the number of the first of them. */
  blocks: readonly string[];
  firstBlock: number;
  /** Rows that are not staged; the ordinal is still to be filled in. */
  rows: Rows;
}

/** Writes one document; its methods may be called without waiting for the one before. */
export class Writer implements DocumentWriter {
  readonly #host: WriterHost;
  readonly #head: DocumentHead;
  readonly #space: EmbeddingSpace;
  #state: 'open' | 'committing' | 'ended' = 'open';
  #failure: unknown;
  #committed: Promise<DocumentRecord> | undefined;
  #staging: Promise<void> = Promise.resolve();

  #ordinal: number | undefined;
  #length = 0;
  #chunks = 0;
  #lastEnd = 0;
  /** The block that is not full yet. */
  #tail = '';
  #blocks: string[] = [];
  #stagedBlocks = 0;
  #rows: Rows[] = [];
  #rowCount = 0;

  constructor(host: WriterHost, head: DocumentHead, space: EmbeddingSpace) {
    this.#host = host;
    this.#head = head;
    this.#space = space;
  }

  async text(piece: string): Promise<void> {
    this.#check();
    if (typeof piece !== 'string') throw new InpageError('invalid-argument', 'A piece of text must be a string.');
    this.#length += piece.length;
    this.#tail += piece;
    while (this.#tail.length >= blockUnits) {
      this.#blocks.push(this.#tail.slice(0, blockUnits));
      this.#tail = this.#tail.slice(blockUnits);
    }
    await this.#relieve();
  }

  async chunks(spans: readonly ChunkSpan[], vectors: Float32Array): Promise<void> {
    this.#check();
    const { dimension } = this.#space;
    this.#lastEnd = Math.max(this.#lastEnd, checkSpans(spans));
    checkVectors(vectors, spans.length, dimension);
    const table = new Uint32Array(spans.length * rowWords);
    // The ordinal, the first word, is known when the rows are written.
    for (const [index, { start, end }] of spans.entries()) table.set([0, this.#chunks + index, start, end], index * rowWords);
    this.#chunks += spans.length;
    this.#rowCount += spans.length;
    this.#rows.push({ table, vectors: vectors.slice() });
    await this.#relieve();
  }

  async commit(): Promise<DocumentRecord> {
    this.#check();
    this.#committed = this.#commit();
    return this.#committed;
  }

  /** Waits for a commit that has begun; else drops what was written. */
  async abort(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'ended';
      await this.#staging;
      await this.#discard();
    } else {
      await this.#committed?.catch(() => {});
    }
  }

  async #commit(): Promise<DocumentRecord> {
    if (this.#lastEnd > this.#length) {
      throw new InpageError(
        'invalid-argument',
        `A passage of "${this.#head.id}" ends at ${this.#lastEnd}, but its text has ${this.#length} code units. Write all of the text first.`,
      );
    }
    this.#state = 'committing';
    try {
      await this.#staging;
      if (this.#failure) throw this.#failure;
      const record = await this.#host.commit({
        head: this.#head,
        space: this.#space,
        ordinal: this.#ordinal,
        length: this.#length,
        chunks: this.#chunks,
        blocks: this.#tail ? [...this.#blocks, this.#tail] : this.#blocks,
        firstBlock: this.#stagedBlocks,
        rows: joinRows(this.#rows, this.#space.dimension),
      });
      this.#end();
      return record;
    } catch (error) {
      await this.#discard();
      throw error;
    }
  }

  #check(): void {
    this.#host.checkOpen();
    if (this.#failure) throw this.#failure;
    if (this.#state !== 'open') {
      throw new InpageError('closed', `The writer of "${this.#head.id}" has ended. Call write() again for another version.`);
    }
  }

  /** Waits for the disk where there is enough to write, so that whoever produces the document waits too. */
  async #relieve(): Promise<void> {
    const full = this.#blocks.length >= blocksInMemory || this.#rowCount >= rowsPerSegment(this.#space.dimension);
    if (full) {
      this.#staging = this.#staging
        .then(() => (this.#failure ? undefined : this.#stage()))
        .catch((error) => {
          this.#failure = error;
          return this.#discard();
        });
    }
    await this.#staging;
    if (this.#failure) throw this.#failure;
  }

  async #stage(): Promise<void> {
    const { database, session, now } = this.#host;
    const { dimension } = this.#space;
    const blocks = this.#blocks;
    const rows = joinRows(this.#rows, dimension);
    const count = countRows(rows);
    const perSegment = rowsPerSegment(dimension);
    const inSegments = count - (count % perSegment);
    // What arrives while this is written comes after it.
    this.#blocks = [];
    this.#rows = [sliceRows(rows, dimension, inSegments, count)];
    this.#rowCount = count - inSegments;

    await session.begin();
    this.#ordinal = await database.write('relaxed', async (tables) => {
      const manifest = await readManifest(tables);
      let { next } = manifest;
      const ordinal = this.#ordinal ?? next++;
      const before = this.#ordinal === undefined ? undefined : await tables.get('staging', ordinal);
      if (this.#ordinal !== undefined && !before) throw stagedDataGone(this.#head.id);
      const segments = [...(before?.segments ?? [])];
      for (let from = 0; from < inSegments; from += perSegment) {
        const part = sliceRows(rows, dimension, from, from + perSegment);
        setOrdinal(part, ordinal);
        const { segment, buffer } = encodeSegment(next++, dimension, part);
        tables.put('segments', segment.entry.id, buffer);
        segments.push(segment.entry);
      }
      for (const [index, block] of blocks.entries()) tables.put('text', [ordinal, this.#stagedBlocks + index], block);
      const staged: Staged = {
        ordinal,
        session: session.id,
        at: now(),
        segments,
        blocks: this.#stagedBlocks + blocks.length,
      };
      tables.put('staging', ordinal, staged);
      tables.put('manifest', 'manifest', { ...manifest, next });
      return ordinal;
    });
    this.#stagedBlocks += blocks.length;
  }

  /** Removes what is staged; where that fails, the next open does it. */
  async #discard(): Promise<void> {
    const ordinal = this.#ordinal;
    if (ordinal !== undefined) {
      await this.#host.database
        .write('relaxed', async (tables) => {
          const staged = await tables.get('staging', ordinal);
          if (staged?.session === this.#host.session.id) deleteStaged(tables, staged);
        })
        .catch(() => {});
    }
    this.#end();
  }

  #end(): void {
    this.#state = 'ended';
    this.#tail = '';
    this.#blocks = [];
    this.#rows = [];
    this.#host.finished(this);
  }
}
