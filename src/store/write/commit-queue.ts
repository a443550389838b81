// Commit queue: documents that are ready while a transaction runs share the next one, as a transaction costs more than a document.
import type { DocumentRecord } from '../../spec/store.ts';
import { countRows } from './draft.ts';
import type { PendingDocument } from './writer.ts';

/** A document that waits for its commit. */
export interface Waiting {
  document: PendingDocument;
  resolve(record: DocumentRecord): void;
  reject(error: unknown): void;
}

const largestBatch = 256;
const largestBatchRows = 1 << 14;
const largestBatchUnits = 8 << 20;

/** Collects documents and hands them on in batches, one at a time and in order. */
export class CommitQueue {
  readonly #commit: (batch: readonly Waiting[]) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #running = false;

  /** @param commit settles every document of the batch, and never rejects */
  constructor(commit: (batch: readonly Waiting[]) => Promise<void>) {
    this.#commit = commit;
  }

  add(document: PendingDocument): Promise<DocumentRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ document, resolve, reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // What is committed in the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, this.#batchSize()));
    this.#running = false;
  }

  #batchSize(): number {
    const ids = new Set<string>();
    let units = 0;
    let rows = 0;
    for (const [index, { document }] of this.#waiting.entries()) {
      units += document.blocks.reduce((sum, block) => sum + block.length, 0);
      rows += document.parts.reduce((sum, part) => sum + countRows(part), 0);
      const small = index < largestBatch && units <= largestBatchUnits && rows <= largestBatchRows;
      // Two versions of a document cannot share a transaction: the second replaces the first. Nor can vectors share a segment with
      // those of another model.
      const fits = !ids.has(document.head.id) && document.space.dimension === this.#waiting[0]!.document.space.dimension;
      if (!(small && fits) && index > 0) return index;
      ids.add(document.head.id);
    }
    return this.#waiting.length;
  }
}
