// Reads the collection that a search is in, in its present state.
import { type Manifest, type Reads, readManifest, type Table } from '../disk/database.ts';
import { Outdated, type Snapshot } from '../snapshot.ts';

/** Runs work in a read transaction: one of its own, or one that is open. */
export type ReadTables = <T>(work: (tables: Reads) => Promise<T>) => Promise<T>;

/** Runs work on the tables of the collection of a snapshot. @throws Outdated where it is another by now */
export type ReadState = <T>(work: (tables: Reads, manifest: Promise<Manifest>) => Promise<T>) => Promise<T>;

/** The manifest is read beside what `work` asks for first, not before it; nothing is given to `work` before it was checked. */
export function readStateOf<T>(
  snapshot: Snapshot,
  read: ReadTables,
  work: (tables: Reads, manifest: Promise<Manifest>) => Promise<T>,
): Promise<T> {
  return read((tables) => {
    const manifest = readManifest(tables).then((found) => {
      if (found.collection !== snapshot.manifest.collection) throw new Outdated();
      return found;
    });
    // Met by whoever reads something.
    manifest.catch(() => {});
    const checked = async <V>(asked: Promise<V>): Promise<V> => (await Promise.all([asked, manifest]))[0];
    const reads: Reads = {
      get: (table, key) => checked(tables.get(table, key)),
      values: <N extends Table>(table: N) => checked(tables.values(table)),
      keys: <N extends Table>(table: N) => checked(tables.keys(table)),
    };
    return work(reads, manifest);
  });
}
