// Matches: the documents that meet a filter, from columns that are made when a filter is first used.
import type { Manifest, Reads } from '../disk/database.ts';
import type { Condition } from '../filter/condition.ts';
import { DocumentColumns } from '../filter/document-columns.ts';
import type { OrdinalSet } from '../filter/ordinal-set.ts';

export class Matches {
  #columns = new DocumentColumns();
  #ordinals = new Set<number>();
  #collection: string | undefined;
  #epoch = -1;

  /** Whether the columns are those of a state. */
  isAt({ collection, epoch }: Manifest): boolean {
    return this.#collection === collection && this.#epoch === epoch;
  }

  /** The documents that meet a condition, in the state that was last loaded. */
  find(condition: Condition): OrdinalSet {
    return this.#columns.match(condition);
  }

  /** Brings the columns up to a state, which is that of the transaction. */
  async load(tables: Reads, manifest: Manifest): Promise<void> {
    const same = manifest.collection === this.#collection;
    const ordinals = await tables.keys('documents');
    const unknown = ordinals.filter((ordinal) => !same || !this.#ordinals.has(ordinal));
    const all = unknown.length * 2 > ordinals.length;
    const documents = all
      ? await tables.values('documents')
      : await Promise.all(unknown.map((ordinal) => tables.get('documents', ordinal)));
    if (!same) {
      this.#columns = new DocumentColumns();
      this.#ordinals = new Set();
    }
    const present = new Set(ordinals);
    for (const ordinal of this.#ordinals) if (!present.has(ordinal)) this.#columns.delete(ordinal);
    for (const [index, ordinal] of (all ? ordinals : unknown).entries())
      if (!this.#ordinals.has(ordinal)) this.#columns.add(ordinal, documents[index]!);
    this.#ordinals = present;
    this.#collection = manifest.collection;
    this.#epoch = manifest.epoch;
  }
}
