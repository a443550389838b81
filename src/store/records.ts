// Records beside a collection: plain data by key, in a database of its own, for what is learned or made from the collection.
import { deleteDB, type IDBPDatabase, openDB } from 'idb';

/** Values by key, each structured-cloneable. */
export interface Records {
  get<T>(key: string): Promise<T | undefined>;
  /** Durable when it resolves. */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes all. */
  clear(): Promise<void>;
}

// Not the prefix of collections, which are listed by it.
const prefix = 'inpage-records:';
const table = 'records';

/** Of pages without storage, by name of the collection. */
const inMemory = new Map<string, Map<string, unknown>>();

/** The records of a collection. @param persistent `false` keeps them in memory, as the collection is */
export function recordsOf(name: string, persistent: boolean): Records {
  return persistent ? storedRecords(name) : memoryRecords(name);
}

/** Deletes the records of a collection; those that are not there are no error. @param stored whether the browser has IndexedDB */
export async function deleteRecords(name: string, stored: boolean): Promise<void> {
  inMemory.delete(name);
  if (stored) await deleteDB(prefix + name);
}

/** A call opens the database and closes it: calls are rare, and who deletes it need not wait. Reading makes none. */
function storedRecords(name: string): Records {
  const open = (create: boolean) =>
    openDB(prefix + name, 1, {
      upgrade(opened, _before, _now, transaction) {
        if (create) opened.createObjectStore(table);
        else {
          // Opening itself tells of it.
          transaction.done.catch(() => {});
          transaction.abort();
        }
      },
    });
  const change = async (create: boolean, work: (store: ReturnType<typeof writable>['store']) => Promise<unknown>) => {
    const database = await open(create).catch(unlessMissing);
    if (!database) return;
    try {
      const transaction = writable(database);
      await Promise.all([work(transaction.store), transaction.done]);
    } finally {
      database.close();
    }
  };
  return {
    async get(key) {
      const database = await open(false).catch(unlessMissing);
      const value = await database?.get(table, key);
      database?.close();
      return value;
    },
    put: (key, value) => change(true, (store) => store.put(value, key)),
    delete: (key) => change(false, (store) => store.delete(key)),
    clear: () => change(false, (store) => store.clear()),
  };
}

/** Opening what is not there was given up. */
function unlessMissing(error: unknown): undefined {
  if ((error as Error | null)?.name !== 'AbortError') throw error;
}

function writable(database: IDBPDatabase) {
  return database.transaction(table, 'readwrite', { durability: 'strict' });
}

function memoryRecords(name: string): Records {
  const values = () => {
    const found = inMemory.get(name) ?? new Map<string, unknown>();
    inMemory.set(name, found);
    return found;
  };
  return {
    get: async (key) => structuredClone(values().get(key)) as never,
    put: async (key, value) => void values().set(key, structuredClone(value)),
    delete: async (key) => void values().delete(key),
    clear: async () => values().clear(),
  };
}
