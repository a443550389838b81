// Field column: which documents have which values of one field.
import type { MetadataValue } from '../../spec/metadata.ts';
import type { DocumentRecord } from '../../spec/store.ts';
import type { Bound } from './condition.ts';
import { type Change, PostingTable } from './posting-table.ts';
import { fieldReader } from './predicate.ts';
import type { Scalar } from './value.ts';

/** Postings of one field. Changes are collected and made when the column is next asked. */
export class FieldColumn {
  readonly #read: (document: DocumentRecord) => MetadataValue;
  /** Documents by whether they hold a `scalar` or an `array`; those without the field are not there. */
  #kinds: PostingTable;
  #scalars: PostingTable;
  /** Elements of arrays. */
  #elements: PostingTable;
  #changes: { ordinal: number; value: NonNullable<MetadataValue>; added: boolean }[] = [];

  /** Makes the column of documents; `ordinals` ascend. */
  constructor(field: string, ordinals: Uint32Array, documents: readonly DocumentRecord[]) {
    this.#read = fieldReader(field);
    const kinds = new Pairs();
    const scalars = new Pairs();
    const elements = new Pairs();
    for (let index = 0; index < ordinals.length; index++) {
      const value = this.#read(documents[index]!);
      if (value !== null) eachEntry(value, ordinals[index]!, kinds, scalars, elements);
    }
    this.#kinds = kinds.table();
    this.#scalars = scalars.table();
    this.#elements = elements.table();
  }

  /** Notes that a document came or went. */
  note(ordinal: number, document: DocumentRecord, added: boolean): void {
    const value = this.#read(document);
    if (value !== null) this.#changes.push({ ordinal, value, added });
  }

  /** Whether so much has changed that making the column again takes less time. */
  get outdated(): boolean {
    return this.#changes.length > 1000 + this.#kinds.size / 4;
  }

  /** Documents with a value other than null, in disjoint parts. */
  present(): Uint32Array[] {
    this.#settle();
    return [this.#kinds.posting('scalar'), this.#kinds.posting('array')].filter(isNotEmpty);
  }

  /** Documents with an array. */
  arrays(): Uint32Array {
    this.#settle();
    return this.#kinds.posting('array');
  }

  /** Documents that hold the value or an array with it, in disjoint parts. */
  equal(value: Scalar): Uint32Array[] {
    this.#settle();
    return [this.#scalars.posting(value), this.#elements.posting(value)].filter(isNotEmpty);
  }

  /** Documents with an array with the value in it. */
  containing(value: Scalar): Uint32Array {
    this.#settle();
    return this.#elements.posting(value);
  }

  /** Documents within all bounds, ordered by value; `ascending` if their ordinals ascend. */
  within(bounds: readonly Bound[]): { ordinals: Uint32Array; ascending: boolean } {
    this.#settle();
    const intervals = bounds.map(({ operator, limit }) => this.#scalars.interval(operator, limit));
    const low = Math.max(...intervals.map((interval) => interval.low));
    const high = Math.min(...intervals.map((interval) => interval.high));
    return { ordinals: this.#scalars.between(low, high), ascending: high - low <= 1 };
  }

  #settle(): void {
    if (this.#changes.length === 0) return;
    const [kinds, scalars, elements] = [new Changes(), new Changes(), new Changes()];
    for (const { ordinal, value, added } of this.#changes) {
      for (const table of [kinds, scalars, elements]) table.added = added;
      eachEntry(value, ordinal, kinds, scalars, elements);
    }
    this.#changes = [];
    this.#kinds = this.#kinds.with(kinds.list);
    this.#scalars = this.#scalars.with(scalars.list);
    this.#elements = this.#elements.with(elements.list);
  }
}

/** Takes the entries of one of the tables. */
interface Sink {
  put(value: Scalar, ordinal: number): void;
}

class Pairs implements Sink {
  readonly #values: Scalar[] = [];
  readonly #ordinals: number[] = [];

  put(value: Scalar, ordinal: number): void {
    this.#values.push(value);
    this.#ordinals.push(ordinal);
  }

  table(): PostingTable {
    return PostingTable.from(this.#values, this.#ordinals);
  }
}

class Changes implements Sink {
  readonly list: Change[] = [];
  added = true;

  put(value: Scalar, ordinal: number): void {
    this.list.push({ value, ordinal, added: this.added });
  }
}

/** The entries of a document. NaN is equal to nothing and in no range, so it has none but its kind. */
function eachEntry(value: NonNullable<MetadataValue>, ordinal: number, kinds: Sink, scalars: Sink, elements: Sink): void {
  if (Array.isArray(value)) {
    kinds.put('array', ordinal);
    for (const element of new Set(value as Scalar[])) if (!Number.isNaN(element)) elements.put(element, ordinal);
  } else {
    kinds.put('scalar', ordinal);
    if (!Number.isNaN(value)) scalars.put(value as Scalar, ordinal);
  }
}

function isNotEmpty(posting: Uint32Array): boolean {
  return posting.length > 0;
}
