// Content: records and texts of documents, from caches with budgets, else from disk. Ordinals are never used again, so nothing
// in the caches grows old.
import { LruCache } from '../../util/lru.ts';
import type { Reads, StoredDocument } from '../disk/database.ts';
import { blockUnits } from '../disk/text-blocks.ts';

const largestRecords = 10_000;

/** A passage to be shown. */
export interface Place {
  ordinal: number;
  start: number;
  end: number;
}

/** A document and the text of a place in it. */
export interface DocumentText {
  document: StoredDocument;
  text: string;
}

export class Content {
  readonly #documents = new LruCache<number, StoredDocument>(largestRecords, () => 1);
  readonly #blocks: LruCache<string, string>;

  /** @param budget bytes of text */
  constructor(budget: number) {
    this.#blocks = new LruCache(budget / 2, (block) => block.length);
  }

  /** Bytes of text in the cache. */
  get bytes(): number {
    return this.#blocks.size * 2;
  }

  /** Whether everything for these places is in the caches. */
  has(places: readonly Place[]): boolean {
    return places.every((place) => this.#documents.has(place.ordinal) && blocksOf(place).every((key) => this.#blocks.has(key)));
  }

  /**
   * Documents and texts of places; undefined where a part of it is not there. Without `tables` everything must be in the caches.
   */
  async read(places: readonly Place[], tables?: Reads): Promise<(DocumentText | undefined)[]> {
    return Promise.all(
      places.map(async (place) => {
        const [document, ...blocks] = await Promise.all([
          this.#document(place.ordinal, tables),
          ...blocksOf(place).map((key, index) => this.#block(key, place.ordinal, firstBlock(place) + index, tables)),
        ]);
        if (!document || blocks.includes(undefined)) return undefined;
        const offset = firstBlock(place) * blockUnits;
        return { document, text: blocks.join('').slice(place.start - offset, place.end - offset) };
      }),
    );
  }

  clear(): void {
    this.#documents.clear();
    this.#blocks.clear();
  }

  async #document(ordinal: number, tables: Reads | undefined): Promise<StoredDocument | undefined> {
    const cached = this.#documents.get(ordinal);
    if (cached) return cached;
    const document = await tables?.get('documents', ordinal);
    if (document) this.#documents.set(ordinal, document);
    return document;
  }

  async #block(key: string, ordinal: number, block: number, tables: Reads | undefined): Promise<string | undefined> {
    const cached = this.#blocks.get(key);
    if (cached !== undefined) return cached;
    const text = await tables?.get('text', [ordinal, block]);
    if (text !== undefined) this.#blocks.set(key, text);
    return text;
  }
}

function firstBlock({ start }: Place): number {
  return Math.floor(start / blockUnits);
}

/** Keys of the blocks that a place touches. */
function blocksOf({ ordinal, start, end }: Place): string[] {
  if (start >= end) return [];
  const keys: string[] = [];
  for (let block = Math.floor(start / blockUnits); block * blockUnits < end; block++) keys.push(`${ordinal}/${block}`);
  return keys;
}
