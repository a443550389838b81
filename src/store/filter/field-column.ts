// Field column: which documents have which values of one field.
import type { MetadataValue } from '../../spec/metadata.ts';
import type { DocumentRecord } from '../../spec/store.ts';
import type { Bound } from './condition.ts';
import type { Replacement } from './document-table.ts';
import { type Change, PostingTable } from './posting-table.ts';
import { fieldReader } from './predicate.ts';
import type { Scalar } from './value.ts';

/** Postings of one field. A column never changes; changes of documents give a new one. */
export class FieldColumn {
  readonly #read: (document: DocumentRecord) => MetadataValue;
  /** Documents by whether they hold a `scalar` or an `array`; those without the field are not there. */
  readonly #kinds: PostingTable;
  readonly #scalars: PostingTable;
  /** Elements of arrays. */
  readonly #elements: PostingTable;

  private constructor(read: (document: DocumentRecord) => MetadataValue, tables: Record<TableName, PostingTable>) {
    this.#read = read;
    this.#kinds = tables.kinds;
    this.#scalars = tables.scalars;
    this.#elements = tables.elements;
  }

  /** Makes the column of documents; `ordinals` ascend. */
  static from(field: string, ordinals: Uint32Array, documents: readonly DocumentRecord[]): FieldColumn {
    const read = fieldReader(field);
    const [kinds, scalars, elements] = [new Pairs(), new Pairs(), new Pairs()];
    const sinks = { kinds, scalars, elements };
    for (let index = 0; index < ordinals.length; index++) putEntries(read(documents[index]!), ordinals[index]!, sinks);
    return new FieldColumn(read, { kinds: kinds.table(), scalars: scalars.table(), elements: elements.table() });
  }

  /** The column after documents were replaced. */
  with(replacements: readonly Replacement[]): FieldColumn {
    const [kinds, scalars, elements] = [new Changes(), new Changes(), new Changes()];
    const sinks = { kinds, scalars, elements };
    for (const added of [false, true]) {
      for (const sink of [kinds, scalars, elements]) sink.added = added;
      for (const { ordinal, before, after } of replacements) {
        const document = added ? after : before;
        if (document) putEntries(this.#read(document), ordinal, sinks);
      }
    }
    return new FieldColumn(this.#read, {
      kinds: this.#kinds.with(kinds.list),
      scalars: this.#scalars.with(scalars.list),
      elements: this.#elements.with(elements.list),
    });
  }

  /** Documents with a value other than null, in disjoint parts. */
  present(): Uint32Array[] {
    return [this.#kinds.posting('scalar'), this.#kinds.posting('array')].filter(isNotEmpty);
  }

  /** Documents with an array. */
  arrays(): Uint32Array {
    return this.#kinds.posting('array');
  }

  /** Documents that hold the value or an array with it, in disjoint parts. */
  equal(value: Scalar): Uint32Array[] {
    return [this.#scalars.posting(value), this.#elements.posting(value)].filter(isNotEmpty);
  }

  /** Documents with an array with the value in it. */
  containing(value: Scalar): Uint32Array {
    return this.#elements.posting(value);
  }

  /** Documents within all bounds, ordered by value; `ascending` if their ordinals ascend. */
  within(bounds: readonly Bound[]): { ordinals: Uint32Array; ascending: boolean } {
    const intervals = bounds.map(({ operator, limit }) => this.#scalars.interval(operator, limit));
    const low = Math.max(...intervals.map((interval) => interval.low));
    const high = Math.min(...intervals.map((interval) => interval.high));
    return { ordinals: this.#scalars.between(low, high), ascending: high - low <= 1 };
  }
}

type TableName = 'kinds' | 'scalars' | 'elements';

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

/** Gives the entries of a document. NaN is equal to nothing and in no range, so it has none but its kind. */
function putEntries(value: MetadataValue, ordinal: number, { kinds, scalars, elements }: Record<TableName, Sink>): void {
  if (value === null) return;
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
