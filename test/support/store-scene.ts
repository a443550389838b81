// Stores of one collection, searched while documents come and go in all of them: never an error, never what was removed before, never
// a passage under a wrong id, and never two states in one answer.
import { expect } from 'vitest';
import type { Hit, Store, StoreQuery } from '../../src/spec/store.ts';
import { nextTask } from '../../src/util/async.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../contract/test-store.ts';

const dimension = 8;
const words = 'apple pear plum cherry walnut hazel'.split(' ');

/** What is known of a document: `version` 0 means that it is not there. Undefined while it changes. */
interface Known {
  version: number | undefined;
  /** Counts changes begun. */
  changes: number;
}

export class StoreScene {
  readonly #random: () => number;
  readonly #stores: readonly Store[];
  readonly #known = new Map<string, Known>();
  readonly #vectors: readonly Float32Array[];
  #searches = 0;
  #version = 0;

  /** @param stores of one empty collection, bound to `createSpace(8)` */
  constructor(seed: number, stores: readonly Store[]) {
    this.#random = createRandom(seed);
    this.#stores = stores;
    this.#vectors = Array.from({ length: 12 }, () => createVector(this.#random, dimension));
  }

  /** Searches all the time while rounds of changes go on; gives the number of searches. */
  async run(rounds: number): Promise<number> {
    let running = true;
    const searchers = this.#stores.flatMap((store) =>
      [0, 1].map(async () => {
        while (running) {
          await this.#search(store);
          // What is found in memory lets nobody else run.
          await nextTask();
        }
      }),
    );
    const failed = Promise.all(searchers);
    for (let round = 0; round < rounds; round++) {
      const work = this.#stores.map((store, owner) => this.#changeMuch(store, owner));
      await Promise.race([Promise.all(work), failed]);
      if (round % 4 === 3) await Promise.race([this.#clear(this.#pick(this.#stores)), failed]);
      await this.#compareStores();
    }
    running = false;
    await failed;
    return this.#searches;
  }

  async #changeMuch(store: Store, owner: number): Promise<void> {
    const mine = () => `d${owner}x${Math.floor(this.#random() * 12)}`;
    for (let step = 0; step < 6; step++) {
      const action = this.#random();
      if (action < 0.4) await this.#put(store, mine());
      else if (action < 0.6) await Promise.all([...new Set([mine(), mine(), mine()])].map((id) => this.#put(store, id)));
      else if (action < 0.85) await this.#remove(store, [mine(), mine()]);
      else await store.compact();
    }
  }

  /** At rest all stores answer the same. */
  async #compareStores(): Promise<void> {
    const query = this.#query();
    const [first, ...others] = await Promise.all(this.#stores.map((store) => store.search(query)));
    const shorten = (hits: readonly Hit[]) => hits.map(({ id, text, scores }) => ({ id, text, ...scores }));
    for (const other of others) {
      expect(shorten(other), JSON.stringify({ ...query, vector: undefined })).toEqual(shorten(first!));
      expect(other).toEqual(first);
    }
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }

  /** Writes a version of a document whose every passage says what it is. */
  async #put(store: Store, id: string): Promise<void> {
    const version = ++this.#version;
    const count = Math.floor(this.#random() * 8);
    const passages = Array.from({ length: count }, (_, index) => `${id} v${version} p${index} ${this.#pick(words)}`);
    const spans = passages.map((passage, index) => {
      const start = passages.slice(0, index).join('').length;
      return { start, end: start + passage.length };
    });
    const document = {
      ...createDocument(id, { text: passages.join(''), metadata: { version, even: version % 2 === 0 } }),
      spans,
    };
    document.vectors = new Float32Array(count * dimension);
    for (const index of spans.keys()) document.vectors.set(this.#pick(this.#vectors), index * dimension);
    await this.#change([id], () => put(store, document), version);
  }

  async #remove(store: Store, ids: readonly string[]): Promise<void> {
    await this.#change(ids, () => store.remove(ids), 0);
  }

  async #clear(store: Store): Promise<void> {
    await this.#change([...this.#known.keys()], () => store.clear(), 0);
    await store.bind(createSpace(dimension));
  }

  async #change(ids: readonly string[], work: () => Promise<unknown>, version: number): Promise<void> {
    const changes = new Map(ids.map((id) => [id, (this.#known.get(id)?.changes ?? 0) + 1]));
    for (const [id, count] of changes) this.#known.set(id, { version: undefined, changes: count });
    await work();
    for (const [id, count] of changes)
      if (this.#known.get(id)!.changes === count) this.#known.set(id, { version, changes: count });
  }

  #query(): StoreQuery {
    const vector = this.#pick(this.#vectors);
    const text = `${this.#pick(words)} v${Math.ceil(this.#random() * this.#version)}`;
    const kinds: StoreQuery[] = [
      { vector },
      { vector, exact: true },
      { text },
      { vector, text },
      { text: `"p0 ${this.#pick(words)}"` },
    ];
    return { ...this.#pick(kinds), k: this.#pick([1, 5, 1000]), ...(this.#random() < 0.3 && { filter: { even: true } }) };
  }

  async #search(store: Store): Promise<void> {
    const before = new Map(this.#known);
    const query = this.#query();
    const all: StoreQuery = { vector: this.#pick(this.#vectors), k: 1000 };
    const [hits, again, everything] = (await store.search([query, query, all])) as [Hit[], Hit[], Hit[]];
    this.#searches++;
    expect(again).toEqual(hits);
    for (const hit of [...hits, ...everything]) {
      const [, id, version, passage] = /^(\S+) v(\d+) p(\d+) /.exec(hit.text)!;
      expect(hit).toMatchObject({ document: id, id: `${id}#${passage}`, metadata: { version: Number(version) } });
    }
    const found = new Map(everything.map((hit) => [hit.document, hit.metadata.version]));
    for (const [id, { version, changes }] of before) {
      if (version === undefined || this.#known.get(id)!.changes !== changes) continue;
      // Nobody touched it while the search ran. A document may have no passage.
      if (version === 0) expect(found.has(id), `${id} was removed`).toBe(false);
      else expect([version, undefined], id).toContain(found.get(id));
    }
    for (const hit of hits) if (query.filter) expect(hit.metadata.even).toBe(true);
  }
}
