// Document table: records in order of their ordinals.
import type { DocumentRecord } from '../../spec/store.ts';
import { firstAtLeast } from './ordinal-set.ts';

/** Records by ordinal. Adding in ascending order and deleting are cheap; the rest waits until the list is next needed. */
export class DocumentTable {
  /** Ascending; with room at the end. */
  #ordinals = new Uint32Array(16);
  /** As many as there are ordinals; undefined where a document was deleted. */
  #records: (DocumentRecord | undefined)[] = [];
  #deleted = 0;
  /** Those that came after a greater ordinal. */
  readonly #late = new Map<number, DocumentRecord>();

  get size(): number {
    return this.#records.length - this.#deleted + this.#late.size;
  }

  /** Adds a document whose ordinal is not there. */
  add(ordinal: number, record: DocumentRecord): void {
    const length = this.#records.length;
    if (length > 0 && ordinal <= this.#ordinals[length - 1]!) {
      this.#late.set(ordinal, record);
      return;
    }
    if (length === this.#ordinals.length) this.#ordinals = withRoom(this.#ordinals, length * 2);
    this.#ordinals[length] = ordinal;
    this.#records.push(record);
  }

  /** @returns what was deleted, if it was there */
  delete(ordinal: number): DocumentRecord | undefined {
    const late = this.#late.get(ordinal);
    if (late) {
      this.#late.delete(ordinal);
      return late;
    }
    const index = this.#find(ordinal);
    const record = this.#records[index];
    if (!record) return undefined;
    this.#records[index] = undefined;
    this.#deleted++;
    return record;
  }

  get(ordinal: number): DocumentRecord | undefined {
    return this.#late.get(ordinal) ?? this.#records[this.#find(ordinal)];
  }

  /** All documents by ascending ordinal. The ordinals stay as they are; the records are for use at once. */
  list(): { ordinals: Uint32Array; records: readonly DocumentRecord[] } {
    if (this.#deleted > 0 || this.#late.size > 0) this.#settle();
    return { ordinals: this.#ordinals.subarray(0, this.#records.length), records: this.#records as DocumentRecord[] };
  }

  #find(ordinal: number): number {
    const length = this.#records.length;
    const index = firstAtLeast(this.#ordinals, ordinal, 0, length);
    return index < length && this.#ordinals[index] === ordinal ? index : -1;
  }

  /** Merges what came late and drops what was deleted. */
  #settle(): void {
    const late = [...this.#late].sort(([a], [b]) => a - b);
    const ordinals = new Uint32Array(this.#records.length + late.length);
    const records: DocumentRecord[] = [];
    const push = (ordinal: number, record: DocumentRecord) => {
      ordinals[records.length] = ordinal;
      records.push(record);
    };
    let next = 0;
    for (let index = 0; index < this.#records.length; index++) {
      const ordinal = this.#ordinals[index]!;
      const record = this.#records[index];
      while (next < late.length && late[next]![0] <= ordinal) push(...late[next++]!);
      if (record) push(ordinal, record);
    }
    while (next < late.length) push(...late[next++]!);
    this.#ordinals = withRoom(ordinals, Math.max(16, ordinals.length));
    this.#records = records;
    this.#deleted = 0;
    this.#late.clear();
  }
}

function withRoom(ordinals: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(ordinals);
  return longer;
}
