// Long read: a read transaction for work that waits for other things in between, such as another thread.
import type { Database, Reads, Table } from './database.ts';

/** Reads in one transaction, however long the work takes. Writers wait meanwhile, so let it be short. */
export function longRead<T>(database: Database, tables: Reads, work: (tables: Reads) => Promise<T>): Promise<T> {
  // In memory a transaction lasts as long as its work anyway.
  return database.persistent ? keepOpen(tables, work) : work(tables);
}

/**
 * Asks for something again and again until the work ends: a transaction without requests ends by itself. It takes requests only
 * while it answers one, so those of the work wait for the next answer.
 */
async function keepOpen<T>(tables: Reads, work: (tables: Reads) => Promise<T>): Promise<T> {
  const waiting: (() => void)[] = [];
  const later = <V>(ask: () => Promise<V>): Promise<V> =>
    new Promise((resolve, reject) => {
      waiting.push(() => ask().then(resolve, reject));
    });
  let over = false;
  const result = work({
    get: (table, key) => later(() => tables.get(table, key)),
    values: <N extends Table>(table: N) => later(() => tables.values(table)),
    keys: <N extends Table>(table: N) => later(() => tables.keys(table)),
  }).finally(() => {
    over = true;
  });
  // Met below, unless the transaction itself fails.
  result.catch(() => {});
  while (!over) {
    for (const ask of waiting.splice(0)) ask();
    await tables.get('manifest', 'manifest');
  }
  return result;
}
