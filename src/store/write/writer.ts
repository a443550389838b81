// Writer: collects one document, and puts its full blocks and segments on disk as they come, so that size costs no memory.
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import type { ChunkSpan, DocumentHead, DocumentRecord, DocumentWriter } from '../../spec/store.ts';
import { InpageError } from '../../util/errors.ts';
import { type Database, readManifest, type SegmentEntry, type Staged } from '../disk/database.ts';
import { segmentRows } from '../disk/row-blocks.ts';
import { blockUnits } from '../disk/text-blocks.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { checkSpans, checkVectors } from '../validate.ts';
import { countRows, packSpans } from './draft.ts';
import { type AnalyzedPart, createSegment, groupParts, provisional, putSegment } from './new-segment.ts';
import type { PassageReader } from './passage-reader.ts';
import { deleteStaged, type Session, stagedDataGone } from './staging.ts';

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
  /** Passages that are not staged. */
  parts: readonly AnalyzedPart[];
}

/** Writes one document; its methods may be called without waiting for the one before. */
export class Writer implements DocumentWriter {
  readonly #host: WriterHost;
  readonly #head: DocumentHead;
  readonly #space: EmbeddingSpace;
  readonly #kernel: Kernel;
  readonly #passages: PassageReader;
  #state: 'open' | 'committing' | 'ended' = 'open';
  #failure: unknown;
  #committed: Promise<DocumentRecord> | undefined;
  /** What was asked for is done one after the other. */
  #work: Promise<void> = Promise.resolve();

  #ordinal: number | undefined;
  #length = 0;
  #chunks = 0;
  /** The block that is not full yet. */
  #tail = '';
  #blocks: string[] = [];
  #stagedBlocks = 0;
  #parts: AnalyzedPart[] = [];
  #rowCount = 0;

  constructor(host: WriterHost, head: DocumentHead, space: EmbeddingSpace, kernel: Kernel, passages: PassageReader) {
    this.#host = host;
    this.#head = head;
    this.#space = space;
    this.#kernel = kernel;
    this.#passages = passages;
  }

  async text(piece: string): Promise<void> {
    this.#check();
    if (typeof piece !== 'string') throw new InpageError('invalid-argument', 'A piece of text must be a string.');
    this.#length += piece.length;
    this.#passages.text(piece);
    this.#tail += piece;
    while (this.#tail.length >= blockUnits) {
      this.#blocks.push(this.#tail.slice(0, blockUnits));
      this.#tail = this.#tail.slice(blockUnits);
    }
    // Whoever produces the document waits for the disk too.
    if (this.#full) await this.#then(async () => (this.#full ? this.#stage() : undefined));
  }

  async chunks(spans: readonly ChunkSpan[], vectors: Float32Array): Promise<void> {
    this.#check();
    const end = checkSpans(spans);
    checkVectors(vectors, spans.length, this.#space.dimension);
    if (end > this.#length) {
      throw new InpageError(
        'invalid-argument',
        `A passage of "${this.#head.id}" ends at ${end}, but its text has ${this.#length} code units. Write the text first.`,
      );
    }
    const texts = this.#passages.cut(spans);
    const part = {
      ordinal: provisional,
      chunk: this.#chunks,
      spans: packSpans(spans),
    };
    const encoded = this.#kernel.encodeRows(vectors);
    this.#chunks += spans.length;
    await this.#then(async () => {
      this.#parts.push({ ...part, ...encoded, analyzed: await this.#passages.analyze(texts) });
      this.#rowCount += spans.length;
      if (this.#full) await this.#stage();
    });
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
      await this.#work;
      await this.#discard();
    } else {
      await this.#committed?.catch(() => {});
    }
  }

  async #commit(): Promise<DocumentRecord> {
    this.#state = 'committing';
    try {
      await this.#work;
      if (this.#failure) throw this.#failure;
      const record = await this.#host.commit({
        head: this.#head,
        space: this.#space,
        ordinal: this.#ordinal,
        length: this.#length,
        chunks: this.#chunks,
        blocks: this.#tail ? [...this.#blocks, this.#tail] : this.#blocks,
        firstBlock: this.#stagedBlocks,
        parts: this.#parts,
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

  /** Does something after what was begun before; a failure ends the writer. */
  async #then(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work
      .then(() => (this.#failure || this.#state === 'ended' ? undefined : step()))
      .catch((error) => {
        this.#failure = error;
        return this.#discard();
      });
    await this.#work;
    if (this.#failure) throw this.#failure;
  }

  /** Whether there is enough to be staged. */
  get #full(): boolean {
    return this.#blocks.length >= blocksInMemory || this.#rowCount >= segmentRows(this.#space.dimension);
  }

  async #stage(): Promise<void> {
    const { database, session, now } = this.#host;
    const { dimension } = this.#space;
    const blocks = this.#blocks;
    this.#blocks = [];
    const groups = groupParts(this.#parts, dimension, segmentRows(dimension));
    const complete = this.#rowCount % segmentRows(dimension) === 0 ? groups : groups.slice(0, -1);
    this.#parts = groups.length > complete.length ? groups.at(-1)! : [];
    this.#rowCount = this.#parts.reduce((sum, part) => sum + countRows(part), 0);
    const segments = complete.map((group) => createSegment(group, this.#kernel));

    await session.begin();
    this.#ordinal = await database.write('relaxed', async (tables) => {
      const manifest = await readManifest(tables);
      let { next } = manifest;
      const ordinal = this.#ordinal ?? next++;
      const before = this.#ordinal === undefined ? undefined : await tables.get('staging', ordinal);
      if (this.#ordinal !== undefined && !before) throw stagedDataGone(this.#head.id);
      const entries: SegmentEntry[] = [...(before?.segments ?? [])];
      for (const segment of segments) entries.push(putSegment(tables, next++, segment, ordinal).entry);
      for (const [index, block] of blocks.entries()) tables.put('text', [ordinal, this.#stagedBlocks + index], block);
      const staged: Staged = {
        ordinal,
        session: session.id,
        at: now(),
        segments: entries,
        dimension,
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
    this.#parts = [];
    this.#host.finished(this);
  }
}
