// Raw IndexedDB: what is stored under a name, read, damaged and put back without any code of the store. For pages and workers.

/** A record of an object store without a key path. */
export interface RawRecord {
  key: IDBValidKey;
  value: unknown;
}

/** Everything in a database: the records of each object store, by the store's name. */
export interface RawDatabase {
  version: number;
  stores: Record<string, RawRecord[]>;
}

/** The name of the database that keeps the collection of a name. */
export const databaseName = (collection: string) => `inpage:${collection}`;

/** Settles like an IndexedDB request. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs a transaction over all object stores, and waits for its end. */
async function transact<T>(
  collection: string,
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> {
  const database = await settled(indexedDB.open(databaseName(collection)));
  try {
    const transaction = database.transaction([...database.objectStoreNames], mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction);
    await done;
    return result;
  } finally {
    database.close();
  }
}

/** Reads everything that a collection has on disk. */
export async function readRaw(collection: string): Promise<RawDatabase> {
  return transact(collection, 'readonly', async (transaction) => {
    const stores = Array.from(transaction.objectStoreNames, async (name) => {
      const store = transaction.objectStore(name);
      const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
      return [name, keys.map((key, index) => ({ key, value: values[index] }))] as const;
    });
    return { version: transaction.db.version, stores: Object.fromEntries(await Promise.all(stores)) };
  });
}

/** Replaces one record, or removes it where `value` is undefined. */
export async function writeRaw(collection: string, store: string, key: IDBValidKey, value: unknown): Promise<void> {
  await transact(collection, 'readwrite', async (transaction) => {
    const table = transaction.objectStore(store);
    await (value === undefined ? settled(table.delete(key)) : settled(table.put(value, key)));
  });
}

/** Makes a database as it was read; one of the name must not be there. */
export async function restoreRaw(collection: string, { version, stores }: RawDatabase): Promise<void> {
  const opening = indexedDB.open(databaseName(collection), version);
  opening.onupgradeneeded = () => {
    for (const name of Object.keys(stores)) opening.result.createObjectStore(name);
  };
  (await settled(opening)).close();
  await transact(collection, 'readwrite', async (transaction) => {
    const requests = Object.entries(stores).flatMap(([name, records]) =>
      records.map(({ key, value }) => settled(transaction.objectStore(name).put(value, key))),
    );
    await Promise.all(requests);
  });
}

/** Packs a database into gzipped JSON; an ArrayBuffer becomes `{ base64 }`. */
export async function packRaw(database: RawDatabase): Promise<Blob> {
  const json = JSON.stringify(database, (_key, value) =>
    value instanceof ArrayBuffer ? { base64: toBase64(new Uint8Array(value)) } : value,
  );
  return new Response(new Blob([json]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

/** Unpacks what `packRaw` has made. */
export async function unpackRaw(packed: Blob): Promise<RawDatabase> {
  const json = await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).text();
  return JSON.parse(json, (_key, value) => (typeof value?.base64 === 'string' ? fromBase64(value.base64).buffer : value));
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}

/** Base64 as bytes. */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
