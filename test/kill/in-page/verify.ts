// Verifies a collection after a kill: against the documents that must be there, and against a store rebuilt from them.
import type { EmbeddingSpace } from '../../../src/spec/embedder.ts';
import type { Hit, Store, StoreQuery } from '../../../src/spec/store.ts';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { createRandom } from '../../../src/util/random.ts';
import { fixtureSpace } from '../../fixtures/format-1/documents.ts';
import { readRaw } from '../../support/idb-raw.ts';
import { findOrphans } from '../../support/orphans.ts';
import { createKillDocument, hashOf, killSpace, writeDocument, writeVector } from '../documents.ts';
import type { Unit, Version } from '../plan.ts';
import { openInMemory } from './in-memory.ts';

/** What is known of a collection when its browser was killed. */
export interface Expectation {
  collection: string;
  /** Whether it began with the fixture. */
  fixture: boolean;
  /** What was acknowledged. */
  documents: readonly Version[];
  /** What was in flight: each unit may have happened as a whole, or not. */
  pending: readonly Unit[];
  /** For queries. */
  seed: number;
  /** Remove everything at the end, and look whether anything is left. */
  empty: boolean;
}

/** What was found. */
export interface Verdict {
  /** In words; none if all is well. */
  faults: string[];
  /** Whether each pending unit has happened. */
  happened: boolean[];
  documents: number;
  passages: number;
  segments: number;
}

/** The space of a collection. */
export const spaceOf = (fixture: boolean): EmbeddingSpace => (fixture ? fixtureSpace : killSpace);

/** Opens the collection, looks at everything, and closes it. */
export async function verify(expectation: Expectation): Promise<Verdict> {
  const { collection, fixture, empty } = expectation;
  const faults: string[] = [];
  const store = await openCollection({ name: collection, onEvent: ({ type, message }) => faults.push(`${type}: ${message}`) });
  try {
    await store.bind(spaceOf(fixture));
    const { happened, documents } = await resolvePending(store, expectation, faults);
    await checkDocuments(store, documents, spaceOf(fixture).dimension, faults);
    if (faults.length === 0) await checkSearch(store, documents, expectation, faults);
    faults.push(...(await waitForNone(() => findOrphans(collection))));
    const stats = await store.stats();
    if (empty) faults.push(...(await checkEmptied(store, collection)));
    return { faults, happened, documents: documents.length, passages: stats.chunks, segments: stats.segments };
  } finally {
    await store.close();
  }
}

/** The documents that must be there, given which of the operations in flight have happened. */
async function resolvePending(store: Store, { documents, pending }: Expectation, faults: string[]) {
  const records = await store.list();
  const found = new Map(records.map(({ id, hash }) => [id, hash]));
  const wanted = new Map(documents.map((version) => [version.id, version]));
  const happened = pending.map((unit) => {
    const after = unit.map(({ id, after }) => found.get(id) === (after && digestOf(after)));
    for (const [index, { id, before }] of unit.entries()) {
      if (after[index] !== after[0]) faults.push(`half of an operation has happened: ${JSON.stringify(unit)}`);
      if (!after[index] && found.get(id) !== (before && digestOf(before))) {
        faults.push(`"${id}" is neither as before nor as after an operation: ${found.get(id)}`);
      }
    }
    return after[0] ?? true;
  });
  for (const [index, unit] of pending.entries()) {
    if (!happened[index]) continue;
    for (const { id, after } of unit) {
      if (after) wanted.set(id, after);
      else wanted.delete(id);
    }
  }
  for (const [id, version] of wanted) {
    if (found.get(id) !== digestOf(version)) faults.push(`"${id}" should be ${digestOf(version)}, and is ${found.get(id)}`);
  }
  for (const [id, hash] of found) if (!wanted.has(id)) faults.push(`"${id}" (${hash}) should not be there`);
  // In the order of the commits.
  return { happened, documents: records.flatMap(({ id }) => wanted.get(id) ?? []) };
}

function digestOf(version: Version): string {
  return version.kind === 'fixture' ? createKillDocument(version, 0).head.hash : hashOf(version.kind, version.version);
}

async function checkDocuments(store: Store, documents: readonly Version[], dimension: number, faults: string[]): Promise<void> {
  const records = new Map((await store.list()).map((record) => [record.id, record]));
  let passages = 0;
  for (const version of documents) {
    const { head, text, spans } = createKillDocument(version, dimension);
    const { sections: _sections, ...shown } = head;
    const { addedAt: _addedAt, ...record } = records.get(head.id)!;
    if (!isEqual(record, { ...shown, length: text.length, chunks: spans.length }))
      faults.push(`the record of "${head.id}" is wrong`);
    if ((await store.hash(head.id)) !== head.hash) faults.push(`hash("${head.id}") is wrong`);
    if ((await store.text(head.id)) !== text) faults.push(`the text of "${head.id}" is wrong`);
    passages += spans.length;
  }
  const stats = await store.stats();
  if (stats.documents !== documents.length || stats.chunks !== passages || !stats.persistent) {
    faults.push(
      `the statistics are wrong: ${JSON.stringify(stats)} instead of ${documents.length} documents, ${passages} passages`,
    );
  }
}

async function checkSearch(store: Store, documents: readonly Version[], { fixture, seed }: Expectation, faults: string[]) {
  const space = spaceOf(fixture);
  const random = createRandom(seed);
  const rebuilt = await openInMemory(`rebuilt ${seed}`);
  try {
    await rebuilt.bind(space);
    const all = documents.map((version) => createKillDocument(version, space.dimension));
    for (const document of all) await writeDocument(rebuilt, document);
    const vector = () => writeVector(random, new Float32Array(space.dimension));
    const queries: StoreQuery[] = [
      { vector: vector(), k: 1000, exact: true },
      { vector: vector(), k: 10, exact: true, filter: { tags: `tag${seed % 3}` } },
      { text: 'falcon bridge unique7', k: 50 },
      { text: '"silent garden" 漢字', k: 50, filter: { kind: 'small' } },
    ];
    for (const query of queries) {
      const [found, truth] = await Promise.all([store.search(query), rebuilt.search({ ...query, k: 1000 })]);
      const difference = findDifference(found, truth, query.k!);
      if (difference) faults.push(`a search (${query.text ?? 'dense'}) differs from that of a rebuilt store: ${difference}`);
    }
    for (let round = 0; round < 10 && all.length > 0; round++) {
      const { head, spans, vectors } = all[Math.floor(random() * all.length)]!;
      if (spans.length === 0) continue;
      const row = Math.floor(random() * spans.length);
      const vector = vectors.slice(row * space.dimension, (row + 1) * space.dimension);
      const [hit] = await store.search({ vector, k: 1 });
      if (hit?.id !== `${head.id}#${row}`) faults.push(`"${head.id}#${row}" is not found by its own vector, but "${hit?.id}"`);
    }
  } finally {
    await rebuilt.close();
  }
}

/** Hits of one score may come in any order, and any of them may be cut off by `k`. */
function findDifference(found: readonly Hit[], truth: readonly Hit[], k: number): string | undefined {
  if (found.length !== Math.min(k, truth.length)) return `${found.length} hits instead of ${Math.min(k, truth.length)}`;
  if (new Set(found.map(({ id }) => id)).size < found.length) return 'a hit comes twice';
  const byId = new Map(truth.map((hit) => [hit.id, hit]));
  for (const [place, hit] of found.entries()) {
    const same = byId.get(hit.id);
    if (!same) return `place ${place}: "${hit.id}" is not found in it`;
    const fields = new Set([...Object.keys(hit), ...Object.keys(same)]) as Set<keyof Hit>;
    const wrong = [...fields].filter((field) => !isEqual(hit[field], same[field]));
    const shown = wrong.map((field) => `${field} ${JSON.stringify(hit[field])} instead of ${JSON.stringify(same[field])}`);
    if (shown.length > 0) return `place ${place}, "${hit.id}": ${shown.join(', ')}`;
    if (hit.score !== truth[place]!.score) return `place ${place} has the score ${hit.score} instead of ${truth[place]!.score}`;
  }
  return undefined;
}

/** Leftovers may go in the background. */
async function waitForNone(find: () => Promise<string[]>): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const found = await find();
    if (found.length === 0 || attempt === 20) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Removes everything: what is left may not be more than a new collection has. */
async function checkEmptied(store: Store, collection: string): Promise<string[]> {
  await store.remove((await store.list()).map(({ id }) => id));
  await store.compact();
  const fresh = `${collection}, never written to`;
  const empty = await openCollection({ name: fresh });
  await empty.close();
  const { stores } = await readRaw(fresh);
  await deleteCollection(fresh);
  return waitForNone(async () =>
    Object.entries((await readRaw(collection)).stores)
      .filter(([name, records]) => records.length > (stores[name]?.length ?? 0))
      .map(([name, records]) => `${records.length} records are left in "${name}" of an emptied collection`),
  );
}

/** Equality of plain data; a property that is undefined counts as missing. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
