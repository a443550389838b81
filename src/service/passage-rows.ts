// Vectors of the passages of some documents, numbered, as training takes them.
import type { Store, StoredPassage } from '../spec/store.ts';

/** A stretch of a document. */
export interface Place {
  document: string;
  start: number;
  end: number;
}

export class PassageRows {
  readonly #store: Pick<Store, 'passages'>;
  readonly #documents = new Map<string, readonly { row: number; passage: StoredPassage }[]>();
  readonly #vectors: Float32Array[] = [];
  /** Of the passages, by row, as hits have them. */
  readonly ids: string[] = [];

  constructor(store: Pick<Store, 'passages'>) {
    this.#store = store;
  }

  /** Length of a vector; 0 before the first passage. */
  get dimension(): number {
    return this.#vectors[0]?.length ?? 0;
  }

  /** Takes in a document, once. @throws InpageError `not-found` */
  async load(document: string): Promise<void> {
    if (this.#documents.has(document)) return;
    const passages = await this.#store.passages(document, { vectors: true });
    const entries = passages.map((passage) => {
      this.ids.push(passage.id);
      return { row: this.#vectors.push(passage.vector!) - 1, passage };
    });
    this.#documents.set(document, entries);
  }

  /** Rows of the passages that overlap a place, of documents that were taken in. */
  find({ document, start, end }: Place): number[] {
    const entries = this.#documents.get(document) ?? [];
    return entries.filter(({ passage }) => passage.start < end && passage.end > start).map(({ row }) => row);
  }

  vector(row: number): Float32Array {
    return this.#vectors[row]!;
  }

  /** All vectors, row-major. */
  vectors(): Float32Array {
    const all = new Float32Array(this.#vectors.length * this.dimension);
    for (const [row, vector] of this.#vectors.entries()) all.set(vector, row * this.dimension);
    return all;
  }
}
