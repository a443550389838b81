// Searches beside commits, compaction and clearing, in one store and in a second one of the same name: never an error, never what
// was removed before, never a passage under a wrong id, and never two states in one answer.
import { expect, test } from 'vitest';
import type { Hit, Store, StoreQuery } from '../../../src/spec/store.ts';
import { Collection } from '../../../src/store/collection.ts';
import { nextTask } from '../../../src/util/async.ts';
import { createRandom } from '../../../src/util/random.ts';
import { createDocument, createSpace, createVector, put } from '../../contract/test-store.ts';
import { SlowDatabase } from '../../support/slow-database.ts';

const dimension = 8;
const words = 'apple pear plum cherry walnut hazel'.split(' ');

/** What is known of a document: `version` 0 means that it is not there. Undefined while it changes. */
interface Known {
  version: number | undefined;
  /** Counts changes begun. */
  changes: number;
}

class Scene {
  readonly random: () => number;
  readonly database: SlowDatabase;
  readonly stores: Collection[] = [];
  readonly known = new Map<string, Known>();
  readonly damage: unknown[] = [];
  searches = 0;
  #version = 0;
  #vectors: Float32Array[];

  constructor(seed: number) {
    this.random = createRandom(seed);
    this.database = new SlowDatabase(createRandom(seed + 1000));
    this.#vectors = Array.from({ length: 12 }, () => createVector(this.random, dimension));
  }

  async open(memory: number): Promise<Collection> {
    const onEvent = (event: unknown) => this.damage.push(event);
    const store = new Collection(this.database, { name: 'concurrency', memory, now: () => 0, onEvent });
    await store.refresh();
    await store.bind(createSpace(dimension));
    this.stores.push(store);
    return store;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  /** Writes a version of a document whose every passage says what it is. */
  async put(store: Store, id: string): Promise<void> {
    const version = ++this.#version;
    const count = Math.floor(this.random() * 8);
    const passages = Array.from({ length: count }, (_, index) => `${id} v${version} p${index} ${this.pick(words)}`);
    const spans = passages.map((passage, index) => {
      const start = passages.slice(0, index).join('').length;
      return { start, end: start + passage.length };
    });
    const document = {
      ...createDocument(id, { text: passages.join(''), metadata: { version, even: version % 2 === 0 } }),
      spans,
    };
    document.vectors = new Float32Array(count * dimension);
    for (const index of spans.keys()) document.vectors.set(this.pick(this.#vectors), index * dimension);
    await this.#change([id], () => put(store, document), version);
  }

  async remove(store: Store, ids: readonly string[]): Promise<void> {
    await this.#change(ids, () => store.remove(ids), 0);
  }

  async clear(store: Store): Promise<void> {
    await this.#change([...this.known.keys()], () => store.clear(), 0);
    await store.bind(createSpace(dimension));
  }

  async #change(ids: readonly string[], work: () => Promise<unknown>, version: number): Promise<void> {
    const changes = new Map(ids.map((id) => [id, (this.known.get(id)?.changes ?? 0) + 1]));
    for (const [id, count] of changes) this.known.set(id, { version: undefined, changes: count });
    await work();
    for (const [id, count] of changes) if (this.known.get(id)!.changes === count) this.known.set(id, { version, changes: count });
  }

  query(): StoreQuery {
    const vector = this.pick(this.#vectors);
    const text = `${this.pick(words)} v${Math.ceil(this.random() * this.#version)}`;
    const kinds: StoreQuery[] = [
      { vector },
      { vector, exact: true },
      { text },
      { vector, text },
      { text: `"p0 ${this.pick(words)}"` },
    ];
    return { ...this.pick(kinds), k: this.pick([1, 5, 1000]), ...(this.random() < 0.3 && { filter: { even: true } }) };
  }

  async search(store: Store): Promise<void> {
    const before = new Map(this.known);
    const query = this.query();
    const all: StoreQuery = { vector: this.pick(this.#vectors), k: 1000 };
    const [hits, again, everything] = (await store.search([query, query, all])) as [Hit[], Hit[], Hit[]];
    this.searches++;
    expect(again).toEqual(hits);
    for (const hit of [...hits, ...everything]) {
      const [, id, version, passage] = /^(\S+) v(\d+) p(\d+) /.exec(hit.text)!;
      expect(hit).toMatchObject({ document: id, id: `${id}#${passage}`, metadata: { version: Number(version) } });
    }
    const found = new Map(everything.map((hit) => [hit.document, hit.metadata.version]));
    for (const [id, { version, changes }] of before) {
      if (version === undefined || this.known.get(id)!.changes !== changes) continue;
      // Nobody touched it while the search ran. A document may have no passage.
      if (version === 0) expect(found.has(id), `${id} was removed`).toBe(false);
      else expect([version, undefined], id).toContain(found.get(id));
    }
    for (const hit of hits) if (query.filter) expect(hit.metadata.even).toBe(true);
  }
}

test.each([1, 2, 3, 4])('seed %i', { timeout: 60_000 }, async (seed) => {
  const scene = new Scene(seed);
  await scene.open(300);
  await scene.open(1e9);
  const ids = [0, 1].map((owner) => Array.from({ length: 12 }, (_, index) => `d${owner}x${index}`));
  let running = true;
  const searchers = scene.stores.flatMap((store) =>
    [0, 1].map(async () => {
      while (running) {
        await scene.search(store);
        // What is found in memory lets nobody else run.
        await nextTask();
      }
    }),
  );
  const failed = Promise.all(searchers);
  for (let round = 0; round < 8; round++) {
    const work = scene.stores.map(async (store, owner) => {
      for (let step = 0; step < 6; step++) {
        const action = scene.random();
        const mine = ids[owner]!;
        if (action < 0.4) await scene.put(store, scene.pick(mine));
        else if (action < 0.6)
          await Promise.all([...new Set([1, 2, 3].map(() => scene.pick(mine)))].map((id) => scene.put(store, id)));
        else if (action < 0.85) await scene.remove(store, [scene.pick(mine), scene.pick(mine)]);
        else await store.compact();
      }
    });
    await Promise.race([Promise.all(work), failed]);
    if (round % 4 === 3) await Promise.race([scene.clear(scene.pick(scene.stores)), failed]);
    const query = scene.query();
    const [first, second] = await Promise.all(scene.stores.map((store) => store.search(query)));
    const shorten = (hits: readonly Hit[]) => hits.map(({ id, text, scores }) => ({ id, text, ...scores }));
    expect(shorten(first!), JSON.stringify({ ...query, vector: undefined })).toEqual(shorten(second!));
    expect(first).toEqual(second);
  }
  running = false;
  await failed;
  expect(scene.damage).toEqual([]);
  expect(scene.searches).toBeGreaterThan(50);
  for (const store of scene.stores) await store.close();
});
