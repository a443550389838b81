// A tab of several on one collection: writes the common history, or follows it and notes when it has seen what.
import type { Store } from '../../../src/spec/store.ts';
import { type CollectionEvent, openCollection } from '../../../src/store/open-collection.ts';
import { killSpace, writeDocument } from '../documents.ts';
import { contentAfter, stepOf, textOf } from '../history.ts';

/** Milliseconds since the epoch, finer than the clock's own. */
const now = () => performance.timeOrigin + performance.now();
/** Between two looks of a reader. */
const pause = 10;
/** How far a reader may be behind at most, in operations. */
const furthest = 5000;

/** What a writer tells. */
export type TabReport =
  /** It has found the collection after so many operations. */
  | { type: 'resumed'; operations: number }
  /** So many operations are acknowledged, the last at this time. */
  | { type: 'written'; operations: number; at: number }
  | { type: 'stopped'; message: string };

/** What a reader has seen. */
export interface Sighting {
  /** When it first saw a state of at least so many operations. */
  seen: [operations: number, at: number][];
  looks: number;
  /** A call that failed, an event, or a state that never was. */
  error?: string;
}

let store: Store;
let following: Promise<void> | undefined;
let stop = false;
const sighting: Sighting = { seen: [], looks: 0 };

/** Opens the tab's store. */
export async function openTab(name: string): Promise<void> {
  const onEvent = ({ type, message }: CollectionEvent) => {
    sighting.error ??= `${type}: ${message}`;
  };
  store = await openCollection({ name, onEvent });
  await store.bind(killSpace);
}

/** Begins to look again and again, by turns at a search and at the list. */
export function follow(): void {
  stop = false;
  following = (async () => {
    let operations = 0;
    try {
      while (!stop) {
        const reached = findState(sighting.looks % 2 ? await listed() : await found(), operations);
        if (reached > operations || sighting.looks === 0) sighting.seen.push([reached, now()]);
        operations = reached;
        sighting.looks++;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    } catch (error) {
      sighting.error ??= (error as Error).message;
    }
  })();
}

/** Ends the looking, and gives what was seen. */
export async function endFollowing(): Promise<Sighting> {
  stop = true;
  await following;
  return sighting;
}

/** Writes on from wherever the history has got to, until the tab is killed. */
export async function writeOn(report: (report: TabReport) => Promise<void>): Promise<void> {
  try {
    let operations = findState(await listed(), 0);
    await report({ type: 'resumed', operations });
    for (;;) {
      const step = stepOf(operations);
      if ('put' in step) await writeDocument(store, step.put);
      else await store.remove([step.remove]);
      operations++;
      // Not waited for: the next write must not wait for the driver.
      void report({ type: 'written', operations, at: now() });
    }
  } catch (error) {
    await report({ type: 'stopped', message: (error as Error).message });
  }
}

/** A state in words: each document, its version and the number of its passages. */
const stateOf = (parts: Iterable<string>) => [...parts].sort().join('\n');

async function listed(): Promise<string> {
  const records = await store.list();
  return stateOf(records.map(({ id, hash, chunks }) => `${id}, ${hash}, ${chunks}`));
}

async function found(): Promise<string> {
  const vector = new Float32Array(killSpace.dimension).fill(killSpace.dimension ** -0.5);
  const hits = await store.search({ vector, k: 1000 });
  const passages = new Map<string, number>();
  for (const { id, document, text, start, end, metadata } of hits) {
    const key = `${document}, few ${metadata.version}`;
    if (text !== textOf(metadata.version as number).slice(start, end)) throw new Error(`The text of "${id}" is wrong: ${text}`);
    passages.set(key, (passages.get(key) ?? 0) + 1);
  }
  return stateOf(Array.from(passages, ([key, count]) => `${key}, ${count}`));
}

/** The number of operations, from `least` on, after which the state is this. @throws Error if there is none */
function findState(state: string, least: number): number {
  for (let operations = least; operations < least + furthest; operations++) {
    const expected = Array.from(
      contentAfter(operations).values(),
      ({ head, spans }) => `${head.id}, ${head.hash}, ${spans.length}`,
    );
    if (stateOf(expected) === state) return operations;
  }
  throw new Error(`This is no state of the history after operation ${least}:\n${state}`);
}
