// Runs a workload, and reports each unit at the moment when the store has acknowledged it.
import type { EmbeddingSpace } from '../../../src/spec/embedder.ts';
import type { Store } from '../../../src/spec/store.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { restoreRaw, unpackRaw } from '../../support/idb-raw.ts';
import { createKillDocument, writeDocument } from '../documents.ts';
import type { Operation, Plan } from '../plan.ts';
import { openInMemory } from './in-memory.ts';
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
export async function runWorkload({ kind, collection, fixture, ownStores, streams }: Plan, report: Reporter): Promise<void> {
  const space = spaceOf(fixture);
  if (fixture) await restoreRaw(collection, await unpackRaw(await (await fetch('/fixtures/format-1/database.bin')).blob()));
  await report({ type: 'begun' });
  try {
    const stores: StreamStores[] = [];
    for (const stream of streams.keys()) {
      const shared = ownStores ? undefined : stores[0]?.store;
      const store = shared ?? (await openCollection({ name: collection }));
      await store.bind(space);
      if (stream === 0) await report({ type: 'opened' });
      stores.push({ store, space, file: kind === 'import' ? await openInMemory(`file ${stream}`) : undefined });
    }
    await Promise.all(
      streams.map(async (operations, stream) => {
        for (const [index, operation] of operations.entries()) {
          const acknowledge = (unit: number) => report({ type: 'acknowledged', stream, operation: index, unit });
          await perform(stores[stream]!, operation, acknowledge);
        }
      }),
    );
  } catch (error) {
    await report({ type: 'failed', message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
}

/** What a stream works with. */
interface StreamStores {
  store: Store;
  space: EmbeddingSpace;
  /** What an import comes from. */
  file: Store | undefined;
}

async function perform(
  { store, space, file }: StreamStores,
  { type, units }: Operation,
  acknowledge: (unit: number) => Promise<void>,
): Promise<void> {
  switch (type) {
    case 'put':
      await Promise.all(
        units.map(async ([change], unit) => {
          await writeDocument(store, createKillDocument(change!.after!, space.dimension));
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
    case 'import':
      await file!.bind(space);
      for (const { after } of units[0]!) await writeDocument(file!, createKillDocument(after!, space.dimension));
      await store.import(file!.export());
      await acknowledge(0);
      return file!.clear();
    case 'clear':
      await store.clear();
      return acknowledge(0);
    case 'compact':
      await store.compact();
      await acknowledge(0);
      return new Promise((resolve) => setTimeout(resolve, 20));
  }
}
