// Document columns: finds the documents that meet a filter without looking at each of them.
import type { DocumentRecord } from '../../spec/store.ts';
import type { Condition } from './condition.ts';
import { DocumentTable } from './document-table.ts';
import { FieldColumn } from './field-column.ts';
import { denseAsBits, type OrdinalSet, sortedSet } from './ordinal-set.ts';
import { type PlanSource, planCondition } from './plan.ts';

// Conditions whose documents are remembered until the next change.
const remembered = 8;

/**
 * Documents by ordinal (0 to 2^32 − 2; any gaps), with a column for each field that was ever asked for.
 * A column is made when it is first needed; changes are made in it when it is next needed.
 */
export class DocumentColumns {
  readonly #table = new DocumentTable();
  readonly #columns = new Map<string, FieldColumn>();
  readonly #matches = new Map<string, OrdinalSet>();
  #all: OrdinalSet | undefined;

  /** Number of documents. */
  get size(): number {
    return this.#table.size;
  }

  /** Adds a document, in place of the one with the same ordinal if there is one. The document must not change any more. */
  add(ordinal: number, document: DocumentRecord): void {
    this.delete(ordinal);
    this.#table.add(ordinal, document);
    this.#changed(ordinal, document, true);
  }

  /** Takes a document out; nothing happens if it is not there. */
  delete(ordinal: number): void {
    const document = this.#table.delete(ordinal);
    if (document) this.#changed(ordinal, document, false);
  }

  /**
   * The documents that meet a condition (see `parseFilter`), exactly; many are given as bits, few as a list.
   * Until the next change an equal condition gives the same object.
   */
  match(condition: Condition): OrdinalSet {
    const key = JSON.stringify(condition, exactNumber);
    const known = this.#matches.get(key);
    this.#matches.delete(key);
    const source = this.#source();
    const found = known ?? denseAsBits(planCondition(condition, source).run(), source.span);
    this.#matches.set(key, found);
    if (this.#matches.size > remembered) this.#matches.delete(this.#matches.keys().next().value!);
    return found;
  }

  #changed(ordinal: number, document: DocumentRecord, added: boolean): void {
    this.#all = undefined;
    this.#matches.clear();
    for (const [field, column] of this.#columns) {
      column.note(ordinal, document, added);
      if (column.outdated) this.#columns.delete(field);
    }
  }

  #source(): PlanSource {
    const { ordinals, records } = this.#table.list();
    const span = ordinals.length === 0 ? 0 : ordinals[ordinals.length - 1]! + 1;
    return {
      size: ordinals.length,
      span,
      all: () => {
        this.#all ??= denseAsBits(sortedSet(ordinals), span);
        return this.#all;
      },
      column: (field) => {
        let column = this.#columns.get(field);
        if (!column) {
          column = new FieldColumn(field, ordinals, records);
          this.#columns.set(field, column);
        }
        return column;
      },
      record: (ordinal) => this.#table.get(ordinal)!,
    };
  }
}

/** JSON has no infinity and no NaN; an object is no value of a condition, so it is taken for no other. */
function exactNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}
