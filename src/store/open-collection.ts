// Opens collections: in IndexedDB, or in memory where the browser has none.
import type { Store } from '../spec/store.ts';
import { abortable } from '../util/async.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { Collection } from './collection.ts';
import type { CollectionEvent, CollectionOptions } from './collection-options.ts';
import type { Database } from './disk/database.ts';
import { openIdbDatabase } from './disk/idb-database.ts';
import { openMemoryDatabase } from './disk/memory-database.ts';
import type { GpuUse } from './gpu/gpu-pool.ts';
import { prepareKernels } from './kernels/open-kernel.ts';
import type { ShardOptions } from './shards/shard.ts';
import { checkName, invalid } from './validate.ts';

export type { CollectionEvent } from './collection-options.ts';

export interface OpenCollectionOptions {
  /** Any text of 1 to 200 characters. Stores of one name share one collection. */
  name: string;
  /**
   * Bytes of vectors and texts that are kept in memory, besides the codes, which always are (an eighth of the vectors).
   * Less makes searching slower, not worse. @default an eighth of the device's memory, at most 512 MiB
   */
  memory?: number;
  /** Called when another tab, worker or store has changed the collection. */
  onChange?: () => void;
  onEvent?: (event: CollectionEvent) => void;
  /** Lets other threads help with large collections. */
  shards?: ShardOptions;
  /**
   * Whether a GPU scans where many queries are asked at once, or the collection is very large: by default where that is measured to
   * be faster. @default 'auto'
   */
  gpu?: GpuUse;
  /** Clock, epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Aborts the opening. */
  signal?: AbortSignal;
}

/**
 * Opens a collection, and makes it where there is none. Without IndexedDB (private mode, server) it lives in memory and the event
 * `storage-in-memory` says so; segments that fail their checksum are left out and named by `data-corrupt`, as is a collection that the
 * browser itself found unreadable and emptied.
 * @throws InpageError `invalid-argument`, `format-unsupported`, `quota-exceeded`, `storage-failed`
 */
export async function openCollection({
  signal,
  now = Date.now,
  memory = defaultMemory(),
  ...options
}: OpenCollectionOptions): Promise<Store> {
  checkName(options.name);
  if (!(memory >= 0)) throw invalid(`memory is ${memory}; it must be a number of bytes.`);
  if (signal?.aborted) throw abortError(signal);
  const opening = open({ ...options, memory, now });
  try {
    return await abortable(opening, signal);
  } catch (error) {
    opening.then(
      (collection) => collection.close(),
      () => {},
    );
    throw error;
  }
}

async function open(options: CollectionOptions): Promise<Collection> {
  const opening = openDatabase(options);
  // While the disk is waited for. The collection waits for it too, and meets its failure.
  prepareKernels().catch(() => {});
  const collection = new Collection(await opening, options);
  try {
    await collection.open();
  } catch (error) {
    await collection.close();
    throw error;
  }
  return collection;
}

async function openDatabase({ name, onEvent }: CollectionOptions): Promise<Database> {
  try {
    return await openIdbDatabase(name, (reason) =>
      onEvent?.({
        type: 'data-corrupt',
        message:
          `The browser could not read the collection "${name}"${reason && ` (${reason})`} and has emptied it. ` +
          'Add its documents again.',
        documents: [],
      }),
    );
  } catch (error) {
    if (InpageError.is(error)) throw error;
    onEvent?.({
      type: 'storage-in-memory',
      message:
        `This browser gives no storage here (${(error as Error).message}): the collection "${name}" is kept in memory and is gone ` +
        'with the page. Leave private mode, or allow the site to store data.',
    });
    return openMemoryDatabase(name);
  }
}

/** Browsers tell the memory of the device in GiB, rounded, or not at all. */
function defaultMemory(): number {
  const { deviceMemory = 4 } = (globalThis.navigator ?? {}) as { deviceMemory?: number };
  return Math.min(512, deviceMemory * 128) * 2 ** 20;
}
