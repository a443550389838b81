// Document columns: finds the documents that meet a filter without looking at each of them.
import type { DocumentRecord } from '../../spec/store.ts';
import type { Condition } from './condition.ts';
import { DocumentTable } from './document-table.ts';
import { FieldColumn } from './field-column.ts';
import { denseAsBits, type OrdinalSet, patch, sortedSet } from './ordinal-set.ts';
import { planCondition } from './plan.ts';
import { compileCondition } from './predicate.ts';

// Conditions whose documents are remembered until the next change.
const remembered = 8;

/**
 * Documents by ordinal (0 to 2^32 − 1, with any gaps), with a column for each field that was ever asked for.
 * A column is made when it is first needed. Changes since are tested one by one, and made in all columns when they have become many.
 */
export class DocumentColumns {
  readonly #table = new DocumentTable();
  readonly #columns = new Map<string, FieldColumn>();
  readonly #matches = new Map<string, OrdinalSet>();
  /** All documents of the table's base. */
  #all: OrdinalSet | undefined;

  /** Number of documents. */
  get size(): number {
    return this.#table.size;
  }

  /** Adds a document, in place of the one with the same ordinal if there is one. The document must not change any more. */
  add(ordinal: number, document: DocumentRecord): void {
    this.#matches.clear();
    if (this.#columns.size > 0 || !this.#table.append(ordinal, document)) this.#change(ordinal, document);
    else this.#all = undefined;
  }

  /** Takes a document out; nothing happens if it is not there. */
  delete(ordinal: number): void {
    if (!this.#table.has(ordinal)) return;
    this.#matches.clear();
    this.#change(ordinal, undefined);
  }

  /**
   * The documents that meet a condition (see `parseFilter`), exactly; many are given as bits, few as a list.
   * Until the next change an equal condition gives the same object.
   */
  match(condition: Condition): OrdinalSet {
    const key = JSON.stringify(condition, exactNumber);
    const found = this.#matches.get(key) ?? this.#find(condition);
    // Put last; the first one is the one not used for longest.
    this.#matches.delete(key);
    this.#matches.set(key, found);
    if (this.#matches.size > remembered) this.#matches.delete(this.#matches.keys().next().value!);
    return found;
  }

  #change(ordinal: number, document: DocumentRecord | undefined): void {
    this.#table.change(ordinal, document);
    // So many that making the columns again takes less time.
    if (this.#table.changes.size > 1000 + this.#table.ordinals.length / 4) {
      this.#columns.clear();
      this.#fold();
    }
  }

  #fold(): void {
    const replacements = this.#table.fold();
    for (const [field, column] of this.#columns) this.#columns.set(field, column.with(replacements));
    this.#all = undefined;
  }

  #find(condition: Condition): OrdinalSet {
    if (this.#table.changes.size > 64 + this.#table.ordinals.length / 256) this.#fold();
    const { ordinals, records, changes } = this.#table;
    const span = (ordinals.at(-1) ?? -1) + 1;
    const plan = planCondition(condition, {
      size: ordinals.length,
      span,
      all: () => {
        this.#all ??= denseAsBits(sortedSet(ordinals), span);
        return this.#all;
      },
      column: (field) => {
        let column = this.#columns.get(field);
        if (!column) {
          column = FieldColumn.from(field, ordinals, records);
          this.#columns.set(field, column);
        }
        return column;
      },
      record: (ordinal) => this.#table.inBase(ordinal)!,
    });
    const found = denseAsBits(plan.run(), span);
    if (changes.size === 0) return found;
    const test = compileCondition(condition);
    const tested = new Map<number, boolean>();
    let reach = span;
    for (const [ordinal, document] of changes) {
      tested.set(ordinal, document !== undefined && test(document));
      reach = Math.max(reach, ordinal + 1);
    }
    return denseAsBits(patch(found, tested, reach), reach);
  }
}

/** JSON has no infinity and no NaN; an object is no value of a condition, so it is taken for no other. */
function exactNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}
