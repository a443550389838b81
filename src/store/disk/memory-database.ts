// Database in memory, for pages without IndexedDB and for Node. Lives as long as the page or worker.
import { Turnstile } from '../../util/async.ts';
import { type Database, emptyManifest, type Reads, type Table, tableNames, type Writes } from './database.ts';

type Contents = Record<Table, Map<string, { key: unknown; value: unknown }>>;

// Two stores of one name share their content here, as they do on disk.
const collections = new Map<string, { contents: Contents; turns: Turnstile }>();

/** Opens the database of a name, and makes it where there is none. */
export function openMemoryDatabase(name: string): Database {
  // Looked up each time: after a deletion the next call makes a new one, as on disk.
  const current = () => {
    const existing = collections.get(name);
    if (existing) return existing;
    const created = { contents: newContents(), turns: new Turnstile() };
    collections.set(name, created);
    return created;
  };
  current();
  return {
    persistent: false,
    read: (work) => {
      const { contents, turns } = current();
      return turns.run(() => work(reads(contents)));
    },
    write: (_durability, work) => {
      const { contents, turns } = current();
      return turns.run(() => writeOrUndo(contents, work));
    },
    close() {},
  };
}

/** Drops the content of a name. */
export function deleteMemoryDatabase(name: string): void {
  collections.delete(name);
}

/** Names with content in memory. */
export function listMemoryDatabases(): string[] {
  return [...collections.keys()];
}

async function writeOrUndo<T>(contents: Contents, work: (tables: Writes) => Promise<T>): Promise<T> {
  const undo: (() => void)[] = [];
  const change = (table: Table, key: unknown, entry: { key: unknown; value: unknown } | undefined) => {
    const name = String(key);
    const before = contents[table].get(name);
    undo.push(() => set(contents[table], name, before));
    set(contents[table], name, entry);
  };
  try {
    return await work({
      ...reads(contents),
      put: (table, key, value) => change(table, key, { key, value }),
      delete: (table, key) => change(table, key, undefined),
    });
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

function newContents(): Contents {
  const contents = Object.fromEntries(tableNames.map((table) => [table, new Map()])) as unknown as Contents;
  contents.manifest.set('manifest', { key: 'manifest', value: emptyManifest() });
  return contents;
}

function set<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

// A map holds whatever was put under the table's name, so the casts restate what `put` has checked.
function reads(contents: Contents): Reads {
  return {
    get: async (table, key) => contents[table].get(String(key))?.value as never,
    values: async (table) => Array.from(contents[table].values(), (entry) => entry.value as never),
    keys: async (table) => Array.from(contents[table].values(), (entry) => entry.key as never),
  };
}
