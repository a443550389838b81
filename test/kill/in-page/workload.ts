// Runs a workload, and reports each unit at the moment when the store has acknowledged it.
import type { Store } from '../../../src/spec/store.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import databaseUrl from '../../fixtures/format-1/database.bin?url';
import { restoreRaw, unpackRaw } from '../../support/idb-raw.ts';
import { createKillDocument, writeDocument } from '../documents.ts';
import type { Operation, Plan } from '../plan.ts';
import { spaceOf } from './verify.ts';

/** What happens in a workload. */
export type Report =
  /** From now on it may be killed. */
  | { type: 'begun' }
  /** The collection is open. */
  | { type: 'opened' }
  /** A unit of an operation is durable; the operation `compact` has none, and reports itself once. */
  | { type: 'acknowledged'; stream: number; operation: number; unit: number }
  | { type: 'failed'; message: string };

/** Hands a report on; resolves when it has arrived. */
export type Reporter = (report: Report) => Promise<void>;

/** Runs a plan to its end, if it is not killed before. */
export async function runWorkload({ collection, fixture, ownStores, streams }: Plan, report: Reporter): Promise<void> {
  const space = spaceOf(fixture);
  if (fixture) await restoreRaw(collection, await unpackRaw(await (await fetch(databaseUrl)).blob()));
  await report({ type: 'begun' });
  try {
    const open = async () => {
      const store = await openCollection({ name: collection });
      await store.bind(space);
      return store;
    };
    const shared = await open();
    await report({ type: 'opened' });
    await Promise.all(
      streams.map(async (operations, stream) => {
        const store = ownStores && stream > 0 ? await open() : shared;
        for (const [index, operation] of operations.entries()) {
          const acknowledge = (unit: number) => report({ type: 'acknowledged', stream, operation: index, unit });
          await perform(store, operation, space.dimension, acknowledge);
        }
      }),
    );
  } catch (error) {
    await report({ type: 'failed', message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
}

async function perform(
  store: Store,
  { type, units }: Operation,
  dimension: number,
  acknowledge: (unit: number) => Promise<void>,
): Promise<void> {
  switch (type) {
    case 'put':
      await Promise.all(
        units.map(async ([change], unit) => {
          await writeDocument(store, createKillDocument(change!.after!, dimension));
          await acknowledge(unit);
        }),
      );
      return;
    case 'remove': {
      const ids = units[0]!.map(({ id }) => id);
      const removed = await store.remove(ids);
      if (removed !== ids.length) throw new Error(`remove(${JSON.stringify(ids)}) has removed ${removed}.`);
      return acknowledge(0);
    }
    case 'clear':
      await store.clear();
      return acknowledge(0);
    case 'compact':
      await store.compact();
      await acknowledge(0);
      return new Promise((resolve) => setTimeout(resolve, 20));
  }
}
