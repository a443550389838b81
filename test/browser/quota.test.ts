// A full disk at any write: whatever was acknowledged is there, what was not is refused as `quota-exceeded`, and with room again
// everything goes on. The browser's own limit is met in `store.test.ts`; here each write in turn fails as Chromium lets it fail.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/spec/store.ts';
import { deleteCollection } from '../../src/store/collections.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { createRandom } from '../../src/util/random.ts';
import { createDocument, createSpace, createVector, put, type TestDocument } from '../contract/test-store.ts';
import databaseUrl from '../fixtures/format-1/database.bin?url';
import { fixtureDocuments, fixtureSpace } from '../fixtures/format-1/documents.ts';
import { restoreRaw, unpackRaw } from '../support/idb-raw.ts';
import { findOrphans } from '../support/orphans.ts';

const dimension = 16;
const space = createSpace(dimension);

/** What a full disk does. */
interface Limit {
  /** Number of the first write that fails, from 1. */
  from: number;
  /** Every write from there on fails, not only that one. */
  lasting: boolean;
  /** The write itself fails, or the transaction with it when it is to be committed. */
  at: 'write' | 'commit';
}

const { put: realPut } = IDBObjectStore.prototype;
const { commit: realCommit } = IDBTransaction.prototype;
const doomed = new WeakSet<IDBTransaction>();
let limit: Limit | undefined;
/** Writes since the limit was set, and transactions that it has ended. */
let writes = 0;
let ended = 0;

function failWrites(next: Limit | undefined): void {
  limit = next;
  writes = 0;
  ended = 0;
}

beforeEach(() => {
  failWrites(undefined);
  IDBObjectStore.prototype.put = function (...args) {
    const request = realPut.apply(this, args);
    if (this.transaction.mode !== 'readwrite') return request;
    writes++;
    if (limit && (limit.lasting ? writes >= limit.from : writes === limit.from)) fail(request, this.transaction, limit.at);
    return request;
  };
  IDBTransaction.prototype.commit = function () {
    if (!doomed.has(this)) realCommit.call(this);
    // Its write fails later, or it ends when all its requests have succeeded.
    else if (limit?.at === 'commit') {
      const last = this.objectStore(this.objectStoreNames[0]!).count();
      last.onsuccess = () => end(this);
    }
  };
});
afterEach(() => {
  IDBObjectStore.prototype.put = realPut;
  IDBTransaction.prototype.commit = realCommit;
});

/** Makes a transaction end as Chromium ends it where the disk is full. */
function fail(request: IDBRequest, transaction: IDBTransaction, at: Limit['at']): void {
  if (doomed.has(transaction)) return;
  doomed.add(transaction);
  const error = new DOMException('Encountered full disk.', 'QuotaExceededError');
  Object.defineProperty(transaction, 'error', { value: error });
  if (at === 'commit') return;
  Object.defineProperty(request, 'error', { value: error });
  const turn = (event: Event) => {
    event.stopImmediatePropagation();
    request.dispatchEvent(new Event('error', { bubbles: true, cancelable: true }));
    end(transaction);
  };
  request.addEventListener('success', turn, { once: true });
}

function end(transaction: IDBTransaction): void {
  ended++;
  transaction.abort();
}

/** A call of the store, and what it makes of the documents. */
interface Step {
  name: string;
  run(store: Store): Promise<unknown>;
  apply(documents: Map<string, TestDocument>): void;
}

const random = createRandom(8);
const create = (id: string, passages: number, version = 1) =>
  createDocument(id, { random, dimension, text: `${id}${version} `.padEnd(passages * 20, 'words of it '), hash: `${version}` });

const putStep = (document: TestDocument): Step => ({
  name: `put ${document.head.id}`,
  run: (store) => put(store, document),
  apply(documents) {
    documents.delete(document.head.id);
    documents.set(document.head.id, document);
  },
});

const removeStep = (...ids: string[]): Step => ({
  name: `remove ${ids}`,
  run: (store) => store.remove(ids),
  apply(documents) {
    for (const id of ids) documents.delete(id);
  },
});

/** More passages than a segment has, so that it is staged before its commit; short ones, which cost little. */
const large = createDocument('large', { random, dimension, text: 'words of it '.repeat(350), spanLength: 1, hash: '1' });

/** Steps in a row; those of one group run at the same time. */
const workload: readonly (readonly Step[])[] = [
  [putStep(create('a', 3)), putStep(create('b', 5)), putStep(create('c', 1))],
  [putStep(large)],
  [putStep(create('a', 7, 2))],
  [removeStep('b', 'c')],
  [{ name: 'compact', run: (store) => store.compact(), apply: () => {} }],
  [putStep(create('d', 2)), removeStep('a')],
  [putStep(create('large', 40, 2))],
];

/** Everything that must be there is, and nothing else. */
async function check(store: Store, documents: ReadonlyMap<string, TestDocument>): Promise<void> {
  const records = await store.list();
  expect(records.map(({ id }) => id).sort()).toEqual([...documents.keys()].sort());
  let passages = 0;
  for (const { head, text, spans, vectors } of documents.values()) {
    expect(await store.hash(head.id)).toBe(head.hash);
    expect(await store.text(head.id)).toBe(text);
    const vector = vectors.slice(0, dimension);
    const hits = await store.search({ vector, k: 1000, exact: true, filter: { id: head.id } });
    expect(hits).toHaveLength(Math.min(1000, spans.length));
    expect(hits[0]!.id).toBe(`${head.id}#0`);
    passages += spans.length;
  }
  expect(await store.stats()).toMatchObject({ documents: documents.size, chunks: passages });
  expect((await store.search({ vector: createVector(createRandom(1), dimension), k: 20 })).length).toBe(Math.min(20, passages));
}

/** Runs the steps; gives those that were refused. */
async function work(store: Store, steps: readonly (readonly Step[])[], documents: Map<string, TestDocument>) {
  const refused: Step[][] = [];
  for (const group of steps) {
    const ends = await Promise.allSettled(group.map((step) => step.run(store)));
    const left: Step[] = [];
    for (const [index, end] of ends.entries()) {
      if (end.status === 'fulfilled') group[index]!.apply(documents);
      else {
        expect(end.reason, group[index]!.name).toMatchObject({ code: 'quota-exceeded' });
        left.push(group[index]!);
      }
    }
    if (left.length > 0) refused.push(left);
  }
  return refused;
}

/** One run with one limit; gives how many writes there were, and how many steps were refused. */
async function runOnce(name: string, next: Limit | undefined): Promise<{ writes: number; refused: number }> {
  const store = await openCollection({ name });
  let reopened: Store | undefined;
  try {
    const documents = new Map<string, TestDocument>();
    failWrites(next);
    const isBound = await store.bind(space).then(
      () => true,
      (error) => {
        expect(error).toMatchObject({ code: 'quota-exceeded' });
        return false;
      },
    );
    const refused = isBound ? await work(store, workload, documents) : [...workload];
    const met = writes;
    if (next && met >= next.from) expect(ended).toBeGreaterThan(0);
    if (isBound) await check(store, documents);
    failWrites(undefined);
    await store.bind(space);
    await check(store, documents);
    expect(await work(store, refused as Step[][], documents)).toEqual([]);
    await check(store, documents);
    await store.close();
    reopened = await openCollection({ name });
    await reopened.bind(space);
    await check(reopened, documents);
    await reopened.close();
    expect(await findOrphans(name)).toEqual([]);
    return { writes: met, refused: refused.flat().length };
  } finally {
    failWrites(undefined);
    await store.close();
    await reopened?.close();
    await deleteCollection(name);
  }
}

test('a disk that is full from any write on, until there is room', async () => {
  const { writes: all, refused } = await runOnce('quota, none', undefined);
  expect(refused).toBe(0);
  let met = 0;
  for (let from = 1; from <= all; from++) {
    const at = from % 2 ? 'write' : 'commit';
    const outcome = await runOnce(`quota, full from ${from}`, { from, lasting: true, at }).catch((error) => {
      throw new Error(`Full from write ${from} on, at its ${at}: ${error.message}`, { cause: error });
    });
    if (outcome.refused > 0) met++;
  }
  console.log(`${all} writes; in ${met} of as many runs something was refused`);
  expect(met).toBeGreaterThan(all / 2);
});

test('a disk that is full at any one write', async () => {
  const { writes: all } = await runOnce('quota, none', undefined);
  for (let from = 1; from <= all; from++) {
    const at = from % 2 ? 'commit' : 'write';
    await runOnce(`quota, full at ${from}`, { from, lasting: false, at }).catch((error) => {
      throw new Error(`Full at write ${from}, at its ${at}: ${error.message}`, { cause: error });
    });
  }
});

test('a disk that is full while a collection of the old format is converted', async () => {
  const raw = await unpackRaw(await (await fetch(databaseUrl)).blob());
  const wanted = fixtureDocuments();
  let refused = 0;
  for (let from = 1; ; from += 9) {
    const name = `quota, old ${from}`;
    await restoreRaw(name, raw);
    failWrites({ from, lasting: true, at: from % 2 ? 'write' : 'commit' });
    await openCollection({ name }).then(
      (store) => store.close(),
      (error) => {
        expect(error).toMatchObject({ code: 'quota-exceeded' });
        refused++;
      },
    );
    const all = writes < from;
    failWrites(undefined);
    const store = await openCollection({ name });
    await store.bind(fixtureSpace);
    expect((await store.list()).map(({ id }) => id)).toEqual(wanted.map(({ head }) => head.id));
    for (const { head, text, spans, vectors } of wanted) {
      expect(await store.text(head.id)).toBe(text);
      if (spans.length === 0) continue;
      const vector = vectors.slice(0, fixtureSpace.dimension);
      const hits = await store.search({ vector, k: 1000, exact: true, filter: { id: head.id } });
      expect(hits).toHaveLength(spans.length);
      expect(hits[0]!.id).toBe(`${head.id}#0`);
    }
    await store.close();
    expect(await findOrphans(name)).toEqual([]);
    await deleteCollection(name);
    if (all) break;
  }
  expect(refused).toBeGreaterThan(3);
});
