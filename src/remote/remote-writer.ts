// Remote writer: sends passages as they come, under a version that no reader knows before the commit.
import type { EmbeddingSpace } from '../spec/embedder.ts';
import type { ChunkSpan, DocumentHead, DocumentRecord, DocumentWriter } from '../spec/store.ts';
import { checkSpans, checkVectors, invalid } from '../store/validate.ts';
import { InpageError } from '../util/errors.ts';
import type { PassageDatabase, StoredDocument, StoredPassage } from './passage-database.ts';

/** What a writer needs of its store. */
export interface RemoteWriterHost {
  readonly database: PassageDatabase;
  /** @throws InpageError `closed` */
  checkOpen(): void;
  /** Makes the document visible. */
  commit(document: Omit<StoredDocument, 'order' | 'addedAt'>, text: string): Promise<DocumentRecord>;
}

/** Passages of one request. */
const batchRows = 256;

export class RemoteWriter implements DocumentWriter {
  readonly #host: RemoteWriterHost;
  readonly #head: DocumentHead;
  readonly #space: EmbeddingSpace;
  readonly #version = crypto.randomUUID();
  readonly #pieces: string[] = [];
  #length = 0;
  #chunks = 0;
  #state: 'open' | 'committing' | 'ended' = 'open';
  /** What was asked for is sent one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(host: RemoteWriterHost, head: DocumentHead, space: EmbeddingSpace) {
    this.#host = host;
    this.#head = head;
    this.#space = space;
  }

  async text(piece: string): Promise<void> {
    this.#check();
    if (typeof piece !== 'string') throw invalid('A piece of text must be a string.');
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  async chunks(spans: readonly ChunkSpan[], vectors: Float32Array): Promise<void> {
    this.#check();
    const { dimension } = this.#space;
    const end = checkSpans(spans);
    checkVectors(vectors, spans.length, dimension);
    if (end > this.#length) {
      throw invalid(
        `A passage of "${this.#head.id}" ends at ${end}, but its text has ${this.#length} code units. Write the text first.`,
      );
    }
    const text = this.#text();
    const passages = spans.map(
      ({ start, end: last }, index): StoredPassage => ({
        document: this.#head.id,
        version: this.#version,
        chunk: this.#chunks + index,
        start,
        end: last,
        text: text.slice(start, last),
      }),
    );
    this.#chunks += spans.length;
    // The caller may use its array for something else meanwhile.
    const copy = vectors.slice();
    await this.#then(async () => {
      for (let from = 0; from < passages.length; from += batchRows) {
        const to = Math.min(from + batchRows, passages.length);
        await this.#host.database.putPassages(passages.slice(from, to), copy.subarray(from * dimension, to * dimension));
      }
    });
  }

  async commit(): Promise<DocumentRecord> {
    this.#check();
    this.#state = 'committing';
    try {
      await this.#work;
      const document = { head: this.#head, version: this.#version, length: this.#length, chunks: this.#chunks };
      return await this.#host.commit(document, this.#text());
    } finally {
      this.#state = 'ended';
    }
  }

  async abort(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    await this.#work.catch(() => {});
    if (this.#chunks > 0) await this.#host.database.removePassages([this.#version]);
  }

  #text(): string {
    if (this.#pieces.length > 1) this.#pieces.splice(0, this.#pieces.length, this.#pieces.join(''));
    return this.#pieces[0] ?? '';
  }

  /** After a failure nothing more is sent, and the commit fails with it. */
  #then(work: () => Promise<void>): Promise<void> {
    const next = this.#work.then(work);
    this.#work = next;
    next.catch(() => {});
    return next;
  }

  #check(): void {
    this.#host.checkOpen();
    if (this.#state === 'open') return;
    throw new InpageError('closed', `The writer of "${this.#head.id}" was committed or aborted. Start another with write().`);
  }
}
