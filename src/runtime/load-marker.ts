// Notices a tab that was killed while a model loaded: browsers end a tab that takes too much memory, and no error tells of it.
// A record in IndexedDB says that a load is going on, and a Web Lock that its tab lives; a record without a lock is of a dead one.
import { openDatabase, run, withStore } from './ladder-database.ts';

/** What is loaded, and where. */
export interface Load {
  model: string;
  machine: string;
  step: string;
}

/** Says that a load is going on, until the function that it gives is called. Without Web Locks or IndexedDB it does nothing. */
export async function markLoad(load: Load): Promise<() => void> {
  const locks = globalThis.navigator?.locks;
  const database = await openDatabase();
  if (!locks || !database) return () => {};
  const id = `inpage-loading-${crypto.randomUUID()}`;
  const ended = new AbortController();
  await new Promise<void>((held) => {
    locks
      .request(id, () => {
        held();
        return new Promise<void>((resolve) => ended.signal.addEventListener('abort', () => resolve()));
      })
      .catch(() => held());
  });
  await run(database, 'loading', 'readwrite', (records) => records.put({ id, ...load })).catch(() => {});
  const clear = () => {
    globalThis.removeEventListener?.('pagehide', clear);
    run(database, 'loading', 'readwrite', (records) => records.delete(id))
      .catch(() => {})
      .finally(() => ended.abort());
  };
  // A tab that its user closes or leaves was not killed.
  globalThis.addEventListener?.('pagehide', clear);
  return clear;
}

/** Names of the steps of a model during whose loading a tab was killed; each is told once. */
export async function killedLoads(model: string, machine: string): Promise<string[]> {
  const locks = globalThis.navigator?.locks;
  const records: ({ id: string } & Load)[] = (await withStore('loading', 'readonly', (all) => all.getAll())) ?? [];
  if (!locks || records.length === 0) return [];
  const living = new Set((await locks.query()).held?.map(({ name }) => name));
  const dead = records.filter((record) => record.model === model && !living.has(record.id));
  for (const { id } of dead) await withStore('loading', 'readwrite', (all) => all.delete(id));
  return dead.filter((record) => record.machine === machine).map(({ step }) => step);
}
