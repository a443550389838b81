// Deletes and lists collections. Apart from opening one, so that a page that leaves that to a worker loads little.
import { announceDeletion } from './change-feed.ts';
import { deleteIdbDatabase, listIdbDatabases } from './disk/idb-database.ts';
import { deleteMemoryDatabase, listMemoryDatabases } from './disk/memory-database.ts';
import { deleteRecords } from './records.ts';
import { checkName } from './validate.ts';

/**
 * Deletes a collection with everything in it; one that is not there is no error. Stores that have it open find it empty.
 * @throws InpageError `storage-failed` where another tab keeps it busy
 */
export async function deleteCollection(name: string): Promise<void> {
  checkName(name);
  deleteMemoryDatabase(name);
  if (hasIndexedDb()) await deleteIdbDatabase(name);
  await deleteRecords(name, hasIndexedDb());
  announceDeletion(name);
}

/** Names of the collections of this origin, sorted. Browsers without `indexedDB.databases` tell only those in memory. */
export async function listCollections(): Promise<string[]> {
  const stored = hasIndexedDb() ? await listIdbDatabases() : [];
  return [...new Set([...stored, ...listMemoryDatabases()])].sort();
}

function hasIndexedDb(): boolean {
  try {
    return globalThis.indexedDB !== undefined;
  } catch {
    // Reading the property throws where storage is forbidden.
    return false;
  }
}
