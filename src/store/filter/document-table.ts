// Document table: the records that the columns are made of, and what has changed since.
import type { DocumentRecord } from '../../spec/store.ts';
import { firstAtLeast } from './ordinal-set.ts';

/** A document that came, went, or took the place of one with the same ordinal. */
export interface Replacement {
  readonly ordinal: number;
  readonly before: DocumentRecord | undefined;
  readonly after: DocumentRecord | undefined;
}

/** Records by ordinal: a base in order of the ordinals, and changes, which are folded into it from time to time. */
export class DocumentTable {
  /** With room at the end. */
  #ordinals = new Uint32Array(16);
  #records: DocumentRecord[] = [];
  /** Undefined: no longer there. */
  #changes = new Map<number, DocumentRecord | undefined>();
  #size = 0;

  /** Number of documents. */
  get size(): number {
    return this.#size;
  }

  /** Ordinals of the base, ascending; the arrays stay as they are until the base grows or changes are folded in. */
  get ordinals(): Uint32Array {
    return this.#ordinals.subarray(0, this.#records.length);
  }

  /** Records of the base. */
  get records(): readonly DocumentRecord[] {
    return this.#records;
  }

  /** Ordinals with the documents that are there now, where that is not what the base has. */
  get changes(): ReadonlyMap<number, DocumentRecord | undefined> {
    return this.#changes;
  }

  /** The record that the base has. */
  inBase(ordinal: number): DocumentRecord | undefined {
    const index = firstAtLeast(this.#ordinals, ordinal, 0, this.#records.length);
    return this.#ordinals[index] === ordinal ? this.#records[index] : undefined;
  }

  has(ordinal: number): boolean {
    return (this.#changes.has(ordinal) ? this.#changes.get(ordinal) : this.inBase(ordinal)) !== undefined;
  }

  /** Adds a document to the base, if it comes after all others and nothing has changed; tells whether it did. */
  append(ordinal: number, record: DocumentRecord): boolean {
    const length = this.#records.length;
    if (this.#changes.size > 0 || (length > 0 && ordinal <= this.#ordinals[length - 1]!)) return false;
    if (length === this.#ordinals.length) {
      const longer = new Uint32Array(length * 2);
      longer.set(this.#ordinals);
      this.#ordinals = longer;
    }
    this.#ordinals[length] = ordinal;
    this.#records.push(record);
    this.#size++;
    return true;
  }

  /** Sets the document of an ordinal, or takes it out. */
  change(ordinal: number, record: DocumentRecord | undefined): void {
    this.#size += Number(record !== undefined) - Number(this.has(ordinal));
    if (record || this.inBase(ordinal)) this.#changes.set(ordinal, record);
    else this.#changes.delete(ordinal);
  }

  /** Makes the changes in the base; gives them in order of the ordinals. */
  fold(): Replacement[] {
    const replacements = [...this.#changes]
      .sort(([a], [b]) => a - b)
      .map(([ordinal, after]): Replacement => ({ ordinal, before: this.inBase(ordinal), after }));
    const ordinals = new Uint32Array(Math.max(16, this.#size));
    const records: DocumentRecord[] = [];
    let next = 0;
    const keepUpTo = (end: number) => {
      ordinals.set(this.#ordinals.subarray(next, end), records.length);
      for (; next < end; next++) records.push(this.#records[next]!);
    };
    for (const { ordinal, before, after } of replacements) {
      keepUpTo(firstAtLeast(this.#ordinals, ordinal, next, this.#records.length));
      if (before) next++;
      if (!after) continue;
      ordinals[records.length] = ordinal;
      records.push(after);
    }
    keepUpTo(this.#records.length);
    this.#ordinals = ordinals;
    this.#records = records;
    this.#changes = new Map();
    return replacements;
  }
}
