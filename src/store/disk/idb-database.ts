// Database over IndexedDB: one database a collection, reopened where the browser has dropped the connection.
import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { InpageError } from '../../util/errors.ts';
import {
  type Database,
  emptyManifest,
  formatVersion,
  newerFormat,
  type Reads,
  type Table,
  type Tables,
  tableNames,
  type Writes,
} from './database.ts';

const prefix = 'inpage:';
const patience = 10_000;

type Connection = IDBPDatabase<Tables>;
type Transaction<M extends IDBTransactionMode> = IDBPTransaction<Tables, Table[], M>;

/** Chromium tells whether it makes a database anew because it could not read the one that was there. */
type VersionChange = IDBVersionChangeEvent & { dataLoss?: 'none' | 'total'; dataLossMessage?: string };

/**
 * Opens the database of a name, and makes it where there is none.
 * @param onDataLoss called if one was there and the browser has thrown it away as unreadable; with the reason, where it tells
 * @throws InpageError `format-unsupported`, `quota-exceeded`; `storage-failed` where another tab keeps it busy. The platform's own
 *   error means that there is no storage here
 */
export async function openIdbDatabase(name: string, onDataLoss: (reason: string) => void = () => {}): Promise<Database> {
  const database = new IdbDatabase(name, onDataLoss);
  try {
    await database.connect();
  } catch (error) {
    throw (error as Error | null)?.name === 'QuotaExceededError' ? storageError(error) : error;
  }
  return database;
}

/** Deletes the database of a name. @throws InpageError `storage-failed` where another tab keeps it open */
export async function deleteIdbDatabase(name: string): Promise<void> {
  await inTime(deleteDB(prefix + name), 'deleted', name);
}

/** Names with a database; empty where the browser does not tell. */
export async function listIdbDatabases(): Promise<string[]> {
  const found = (await indexedDB.databases?.()) ?? [];
  return found.flatMap((info) => (info.name?.startsWith(prefix) ? [info.name.slice(prefix.length)] : []));
}

class IdbDatabase implements Database {
  readonly persistent = true;
  readonly #name: string;
  readonly #onDataLoss: (reason: string) => void;
  #connection: Promise<Connection> | undefined;
  #closed = false;

  constructor(name: string, onDataLoss: (reason: string) => void) {
    this.#name = name;
    this.#onDataLoss = onDataLoss;
  }

  connect(): Promise<Connection> {
    if (this.#closed) throw new InpageError('closed', `The collection "${this.#name}" was closed. Open it again.`);
    if (!this.#connection) {
      const opening: Promise<Connection> = this.#open(() => this.#forget(opening));
      this.#connection = opening;
      opening.catch(() => this.#forget(opening));
    }
    return this.#connection;
  }

  read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    return this.#run('readonly', 'relaxed', async (transaction) => {
      const result = await work(reads(transaction));
      await transaction.done;
      return result;
    });
  }

  write<T>(durability: 'strict' | 'relaxed', work: (tables: Writes) => Promise<T>): Promise<T> {
    return this.#run('readwrite', durability, async (transaction) => {
      let cause: unknown;
      const watch = (request: Promise<unknown>) => {
        // The first failed request is the cause; the transaction itself then only says that it was aborted.
        request.catch((error) => {
          cause ??= error;
        });
      };
      try {
        const result = await work({
          ...reads(transaction),
          put: (table, key, value) => watch(transaction.objectStore(table).put(value, key)),
          delete: (table, key) => watch(transaction.objectStore(table).delete(key)),
        });
        transaction.commit();
        await transaction.done;
        return result;
      } catch (error) {
        abortQuietly(transaction);
        throw InpageError.is(error) ? error : (cause ?? transaction.error ?? error);
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#connection?.then(
      (connection) => connection.close(),
      () => {},
    );
    this.#connection = undefined;
  }

  async #run<T, M extends 'readonly' | 'readwrite'>(
    mode: M,
    durability: 'strict' | 'relaxed',
    work: (transaction: Transaction<M>) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const opening = this.connect();
      try {
        const transaction = (await opening).transaction([...tableNames], mode, { durability });
        // Failures are met where they happen; `done` would report them once more.
        transaction.done.catch(() => {});
        return await work(transaction);
      } catch (error) {
        if ((error as Error | null)?.name === 'InvalidStateError') this.#forget(opening);
        const lost = this.#connection !== opening;
        if (!lost || attempt > 1 || InpageError.is(error)) throw storageError(error);
      }
    }
  }

  async #open(forget: () => void): Promise<Connection> {
    const request = openDB<Tables>(prefix + this.#name, formatVersion, {
      upgrade: (database, oldVersion, _newVersion, transaction, event) => {
        const { dataLoss = 'none', dataLossMessage = '' } = event as VersionChange;
        if (dataLoss !== 'none') this.#onDataLoss(dataLossMessage);
        for (const table of tableNames) if (!database.objectStoreNames.contains(table)) database.createObjectStore(table);
        // What an older version has written is converted by `upgrade.ts`, step by step.
        if (oldVersion > 0) return;
        // A failure is the transaction's too, and is met there.
        transaction
          .objectStore('manifest')
          .put(emptyManifest(), 'manifest')
          .catch(() => {});
      },
      // Another tab wants to delete or upgrade: it must not wait for this one.
      blocking: (_currentVersion, _blockedVersion, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
    try {
      return await inTime(request, 'opened', this.#name);
    } catch (error) {
      throw (error as Error | null)?.name === 'VersionError' ? newerFormat('of a later version') : error;
    }
  }

  #forget(connection: Promise<Connection>): void {
    if (this.#connection === connection) this.#connection = undefined;
  }
}

function reads(transaction: Transaction<'readonly'> | Transaction<'readwrite'>): Reads {
  const from = transaction as Transaction<'readonly'>;
  return {
    get: (table, key) => from.objectStore(table).get(key),
    values: (table) => from.objectStore(table).getAll(),
    keys: (table) => from.objectStore(table).getAllKeys() as never,
  };
}

function abortQuietly(transaction: Transaction<'readwrite'>): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

/** Settles like `request`; rejects where another tab keeps it waiting. */
async function inTime<T>(request: Promise<T>, what: string, name: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // It may open after all, and would then be in the way of others.
      request.then((database) => (database as Connection | undefined)?.close()).catch(() => {});
      reject(
        new InpageError(
          'storage-failed',
          `The collection "${name}" could not be ${what}: another tab keeps it busy. Close the other tabs of this site, then try again.`,
          { detail: { name } },
        ),
      );
    }, patience);
  });
  try {
    return await Promise.race([request, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the browser reports, as an error that says what to do. */
function storageError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  const { name, message } = error;
  if (name === 'QuotaExceededError') {
    return new InpageError(
      'quota-exceeded',
      'The browser storage is full; nothing of this step was stored. Remove documents or free disk space, then add the rest again.',
      { cause: error },
    );
  }
  return new InpageError(
    'storage-failed',
    `The browser storage failed (${message || name}). What was stored before is intact: try again, and reload the page if it keeps failing.`,
    { cause: error },
  );
}
