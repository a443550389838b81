// Records beside a collection: plain data by key, in a database of its own, for what is learned or made from the collection.
import { deleteDB, type IDBPDatabase, openDB } from 'idb';

/** Values by key, each structured-cloneable. */
export interface Records {
  get<T>(key: string): Promise<T | undefined>;
  /** Durable when it resolves. */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Values of all keys that begin so. */
  entries<T>(prefix: string): Promise<Map<string, T>>;
  /** Puts and deletes at once, all or nothing; durable when it resolves. */
  change(changes: { put?: ReadonlyMap<string, unknown>; delete?: Iterable<string> }): Promise<void>;
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
  const read = async <T>(work: (store: ReturnType<typeof readable>['store']) => Promise<T>): Promise<T | undefined> => {
    const database = await open(false).catch(unlessMissing);
    if (!database) return undefined;
    try {
      return await work(readable(database).store);
    } finally {
      database.close();
    }
  };
  return {
    get: (key) => read((store) => store.get(key)),
    put: (key, value) => change(true, (store) => store.put(value, key)),
    delete: (key) => change(false, (store) => store.delete(key)),
    async entries<T>(prefix: string) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const found = await read((store) => Promise.all([store.getAllKeys(range), store.getAll(range)]));
      return new Map(found?.[0].map((key, i) => [String(key), found[1][i] as T]));
    },
    change: ({ put = new Map<string, unknown>(), delete: deleted = [] }) =>
      change(put.size > 0, (store) =>
        Promise.all([...[...deleted].map((key) => store.delete(key)), ...[...put].map(([key, value]) => store.put(value, key))]),
      ),
    clear: () => change(false, (store) => store.clear()),
  };
}

/** Opening what is not there was given up. */
function unlessMissing(error: unknown): undefined {
  if ((error as Error | null)?.name !== 'AbortError') throw error;
}

function readable(database: IDBPDatabase) {
  return database.transaction(table);
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
    entries: async (prefix) => structuredClone(new Map([...values()].filter(([key]) => key.startsWith(prefix)))) as never,
    change: async ({ put = new Map(), delete: deleted = [] }) => {
      for (const key of deleted) values().delete(key);
      for (const [key, value] of put) values().set(key, structuredClone(value));
    },
    clear: async () => values().clear(),
  };
}
