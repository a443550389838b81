// A database before each of whose read transactions somebody else commits: the worst that can happen to a reader.
import type { Database, Reads, Writes } from '../../src/store/disk/database.ts';

/** So many commits are without end. */
const most = 50;

export class OvertakenDatabase implements Database {
  /** Commits so far. */
  commits = 0;
  readonly #database: Database;
  readonly #commit: () => Promise<unknown>;
  #overtaking = false;

  /** @param commit changes the collection through another store */
  constructor(database: Database, commit: () => Promise<unknown>) {
    this.#database = database;
    this.#commit = commit;
  }

  get persistent(): boolean {
    return this.#database.persistent;
  }

  /** From now on. */
  overtake(): void {
    this.#overtaking = true;
  }

  async read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    if (this.#overtaking && this.commits < most) {
      this.commits++;
      await this.#commit();
    }
    return this.#database.read(work);
  }

  write<T>(durability: 'strict' | 'relaxed', work: (tables: Writes) => Promise<T>): Promise<T> {
    return this.#database.write(durability, work);
  }

  close(): void {
    this.#database.close();
  }
}
