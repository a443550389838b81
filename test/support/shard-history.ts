// A random history of one collection, seen by two stores: one scans with several threads, the other alone. They must answer alike.
import type { Filter } from '../../src/spec/metadata.ts';
import type { Hit, Store, StoreQuery, VectorDocument } from '../../src/spec/store.ts';
import { createRandom } from '../../src/util/random.ts';

const dimension = 48;
const space = { model: 'test/model', revision: 'main', dimension, pooling: 'mean', normalized: true } as const;

/** The two stores. */
export interface ShardedPair {
  sharded: Store;
  single: Store;
}

export class ShardHistory {
  readonly #random: () => number;
  readonly #pair: ShardedPair;
  readonly #ids = new Set<string>();
  #next = 0;

  constructor(seed: number, pair: ShardedPair) {
    this.#random = createRandom(seed);
    this.#pair = pair;
  }

  async begin(): Promise<void> {
    for (const store of [this.#pair.sharded, this.#pair.single])
      await store.bind({ ...space, prefix: { query: '', passage: '' } });
  }

  /** Adds documents with so many passages in all, some of them instead of older ones. */
  async add(passages: number): Promise<void> {
    const documents: VectorDocument[] = [];
    for (let left = passages; left > 0; ) {
      const count = Math.min(left, 1 + this.#pick(400));
      const id = this.#ids.size > 0 && this.#random() < 0.2 ? this.#someId() : `d${this.#next++}`;
      this.#ids.add(id);
      documents.push(this.#document(id, count));
      left -= count;
    }
    await this.#pair.sharded.add(documents);
  }

  /** Removes about this share of the documents. */
  async remove(share: number): Promise<void> {
    const gone = [...this.#ids].filter(() => this.#random() < share);
    for (const id of gone) this.#ids.delete(id);
    await this.#pair.sharded.remove(gone);
  }

  async compact(): Promise<void> {
    await this.#pair.sharded.compact();
  }

  query(filter?: Filter): StoreQuery {
    return { vector: this.vector(), k: 10, oversample: 10 + this.#pick(20), mode: 'dense', filter };
  }

  /** Searches in both. @throws Error where they differ */
  async check(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const filter = [undefined, { even: true }, { part: { $lte: 6 } }][index % 3];
      const query = this.query(filter);
      const [sharded, single] = await this.#both(query);
      if (sharded.length === 0) throw new Error('Nothing was found.');
      const differs = sharded.findIndex((hit, place) => hit.id !== single[place]?.id || hit.score !== single[place]?.score);
      if (differs >= 0 || sharded.length !== single.length)
        throw new Error(`Hit ${differs} of query ${index} differs: ${JSON.stringify([sharded[differs], single[differs]])}`);
    }
  }

  vector(): Float32Array {
    const vector = Float32Array.from({ length: dimension }, () => this.#random() - 0.5);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }

  /** Hits of one state: a compaction between the two searches would change the segments, and so the candidates. */
  async #both(query: StoreQuery): Promise<[Hit[], Hit[]]> {
    for (;;) {
      const { epoch } = await this.#pair.single.stats();
      const hits: [Hit[], Hit[]] = [await this.#pair.sharded.search(query), await this.#pair.single.search(query)];
      if ((await this.#pair.single.stats()).epoch === epoch) return hits;
    }
  }

  #document(id: string, passages: number): VectorDocument {
    const vectors = new Float32Array(passages * dimension);
    for (let row = 0; row < passages; row++) vectors.set(this.vector(), row * dimension);
    return {
      id,
      text: 'x'.repeat(passages),
      passages: Array.from({ length: passages }, (_, start) => ({ start, end: start + 1 })),
      vectors,
      hash: `${this.#random()}`,
      metadata: { even: this.#pick(2) === 0, part: this.#pick(10) },
    };
  }

  #someId(): string {
    return [...this.#ids][this.#pick(this.#ids.size)]!;
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }
}
