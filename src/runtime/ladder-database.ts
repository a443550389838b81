// A small IndexedDB database of what this browser could do: by model the step that ran, and the loads that are going on.
// Nothing here is needed to run a model, so where there is no storage it does nothing.

const databaseName = 'inpage-runtime';

/** Its stores: by model the step that ran; by name of a Web Lock that the tab holds a load that is going on, or was when the tab died. */
const keyPaths = { worked: 'model', loading: 'id' } as const;

type StoreName = keyof typeof keyPaths;

let opened: Promise<IDBDatabase | undefined> | undefined;

/** Does something with a store; gives undefined where that fails. */
export async function withStore<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await openDatabase();
    return database && (await run(database, store, mode, work));
  } catch {
    return undefined;
  }
}

/** The database; undefined where there is none. */
export function openDatabase(): Promise<IDBDatabase | undefined> {
  opened ??= open().catch(() => undefined);
  return opened;
}

/** One transaction, begun at once; committed when it resolves. */
export function run<T>(
  database: IDBDatabase,
  store: StoreName,
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    // A page that is going away does not live to see the automatic commit.
    transaction.commit();
  });
}

function open(): Promise<IDBDatabase | undefined> {
  if (typeof indexedDB === 'undefined') return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(keyPaths)) request.result.createObjectStore(store, { keyPath });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const forget = () => {
        opened = undefined;
      };
      database.onclose = forget;
      database.onversionchange = () => {
        database.close();
        forget();
      };
      resolve(database);
    };
  });
}
