// IndexedDB as promises, for the systems that bring no storage of their own.

/** Opens a database with one table, `records`. */
export async function openRecords(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('records');
  return settled(request);
}

/** Writes records in one durable transaction. */
export async function putRecords(database: IDBDatabase, records: Iterable<[key: IDBValidKey, value: unknown]>): Promise<void> {
  const transaction = database.transaction('records', 'readwrite', { durability: 'strict' });
  const table = transaction.objectStore('records');
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  for (const [key, value] of records) table.put(value, key);
  transaction.commit();
  return done;
}

/** Reads one record; undefined where there is none. */
export function getRecord(database: IDBDatabase, key: IDBValidKey): Promise<unknown> {
  return settled(database.transaction('records').objectStore('records').get(key));
}

/** All keys, in order. */
export function recordKeys(database: IDBDatabase): Promise<IDBValidKey[]> {
  return settled(database.transaction('records').objectStore('records').getAllKeys());
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
