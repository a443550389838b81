// View: what a store keeps in memory of its collection: the manifest, the document records and all vectors.
import { InpageError } from '../util/errors.ts';
import { type Manifest, type Reads, readManifest, type StoredDocument } from './database.ts';
import { decodeSegment, type Rows, rowWords, type Segment } from './segment.ts';

/** What a commit changes in a view. */
export interface Changes {
  manifest: Manifest;
  documents: ReadonlyMap<number, StoredDocument>;
  /** Ordinals. */
  removed: ReadonlySet<number>;
  segments: readonly Segment[];
}

/** The state of a collection after one of its commits. */
export class View {
  #manifest: Manifest | undefined;
  readonly #documents = new Map<number, StoredDocument>();
  readonly #ordinals = new Map<string, number>();
  readonly #segments = new Map<number, Segment>();
  #damaged: readonly number[] = [];
  #incomplete: ReadonlySet<number> = new Set();

  /** There only after the first `load`. */
  get manifest(): Manifest {
    return this.#manifest!;
  }

  /** By ordinal. */
  get documents(): ReadonlyMap<number, StoredDocument> {
    return this.#documents;
  }

  /** By id; those that are damaged are missing. */
  get segments(): ReadonlyMap<number, Segment> {
    return this.#segments;
  }

  ordinal(id: string): number | undefined {
    return this.#ordinals.get(id);
  }

  /** Whether no other commit has taken place since. */
  isAt(manifest: Manifest): boolean {
    return manifest.collection === this.#manifest?.collection && manifest.epoch === this.#manifest.epoch;
  }

  /**
   * Brings the view up to the state on disk, reading only what it does not have; gives the manifest as it is on disk and whether
   * segments were found damaged.
   * @throws InpageError `format-unsupported`
   */
  async load(tables: Reads): Promise<{ manifest: Manifest; damaged: boolean }> {
    const manifest = await readManifest(tables);
    if (this.isAt(manifest)) return { manifest, damaged: false };
    // Numbers are never used again within a collection, so what has a known number is known.
    const sameCollection = manifest.collection === this.#manifest?.collection;
    const entries = manifest.segments.filter((entry) => !sameCollection || !this.#segments.has(entry.id));
    const [ordinals, buffers] = await Promise.all([
      tables.keys('documents'),
      Promise.all(entries.map((entry) => tables.get('segments', entry.id))),
    ]);
    const unknown = ordinals.filter((ordinal) => !sameCollection || !this.#documents.has(ordinal));
    const records =
      unknown.length === ordinals.length
        ? await tables.values('documents')
        : await Promise.all(unknown.map((ordinal) => tables.get('documents', ordinal)));

    // From here on nothing waits, so that no reader sees half of it.
    if (!sameCollection) this.#forgetAll();
    const present = new Set(ordinals);
    const removed = new Set([...this.#documents.keys()].filter((ordinal) => !present.has(ordinal)));
    const documents = new Map(unknown.map((ordinal, index) => [ordinal, records[index]!]));
    const segments: Segment[] = [];
    for (const [index, entry] of entries.entries()) {
      try {
        segments.push(decodeSegment(entry, manifest.space!.dimension, buffers[index]));
      } catch (error) {
        if (!InpageError.is(error, 'data-corrupt')) throw error;
      }
    }
    const before = new Set(this.#damaged);
    this.#set({ manifest, documents, removed, segments });
    return { manifest, damaged: this.#damaged.some((id) => !before.has(id)) };
  }

  /** Takes over a commit of one's own, unless the view has moved on. */
  apply(changes: Changes): void {
    const { collection, epoch } = changes.manifest;
    if (this.#manifest && this.isAt({ ...this.#manifest, collection, epoch: epoch - 1 })) this.#set(changes);
  }

  /** Ordinals of documents of which passages are lost with damaged segments. */
  get incomplete(): ReadonlySet<number> {
    return this.#incomplete;
  }

  #findIncomplete(): Set<number> {
    const found = new Set<number>();
    if (this.#damaged.length === 0) return found;
    const rows = new Map<number, number>();
    for (const { table } of this.#segments.values()) {
      for (let word = 0; word < table.length; word += rowWords) rows.set(table[word]!, (rows.get(table[word]!) ?? 0) + 1);
    }
    for (const [ordinal, { chunks }] of this.#documents) {
      if ((rows.get(ordinal) ?? 0) < chunks) found.add(ordinal);
    }
    return found;
  }

  #set({ manifest, documents, removed, segments }: Changes): void {
    for (const ordinal of removed) {
      const id = this.#documents.get(ordinal)?.id;
      this.#documents.delete(ordinal);
      if (id !== undefined && this.#ordinals.get(id) === ordinal) this.#ordinals.delete(id);
    }
    for (const [ordinal, document] of documents) {
      this.#documents.set(ordinal, document);
      this.#ordinals.set(document.id, ordinal);
    }
    for (const segment of segments) this.#segments.set(segment.entry.id, segment);
    const named = new Set(manifest.segments.map((entry) => entry.id));
    for (const id of this.#segments.keys()) if (!named.has(id)) this.#segments.delete(id);
    this.#damaged = [...named].filter((id) => !this.#segments.has(id));
    this.#incomplete = this.#findIncomplete();
    this.#manifest = manifest;
  }

  #forgetAll(): void {
    this.#documents.clear();
    this.#ordinals.clear();
    this.#segments.clear();
    this.#damaged = [];
  }
}

/** Whether rows of any of the documents are among these. */
export function hasRowsOf(rows: Rows, ordinals: ReadonlySet<number>): boolean {
  for (let word = 0; word < rows.table.length; word += rowWords) if (ordinals.has(rows.table[word]!)) return true;
  return false;
}
