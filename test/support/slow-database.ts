// A database in memory that takes its time, as one on disk does: reads run beside each other, a write excludes everything else,
// transactions begin in the order in which they were asked for, and whoever waits for one may hear of its end late.
import { type Database, emptyManifest, type Reads, type Table, tableNames, type Writes } from '../../src/store/disk/database.ts';
import { nextTask } from '../../src/util/async.ts';

interface Stored {
  key: unknown;
  value: unknown;
}

type Contents = ReadonlyMap<Table, Map<string, Stored>>;

export class SlowDatabase implements Database {
  readonly persistent = false;
  readonly #random: () => number;
  readonly #lock = new Lock();
  #contents = newContents();

  /** @param random how long things take */
  constructor(random: () => number) {
    this.#random = random;
  }

  async read<T>(work: (tables: Reads) => Promise<T>): Promise<T> {
    return this.#late(await this.#lock.run('read', () => work(this.#reads(this.#contents))));
  }

  async write<T>(_durability: 'strict' | 'relaxed', work: (tables: Writes) => Promise<T>): Promise<T> {
    const result = await this.#lock.run('write', async () => {
      const contents: Contents = new Map(Array.from(this.#contents, ([table, records]) => [table, new Map(records)]));
      const done = await work({
        ...this.#reads(contents),
        put: (table, key, value) => contents.get(table)!.set(String(key), structuredClone({ key, value })),
        delete: (table, key) => contents.get(table)!.delete(String(key)),
      });
      await this.#pause();
      this.#contents = contents;
      return done;
    });
    return this.#late(result);
  }

  /** Empties it, as a deletion does. */
  async destroy(): Promise<void> {
    await this.#lock.run('write', async () => {
      this.#contents = newContents();
    });
  }

  close(): void {}

  #reads(contents: Contents): Reads {
    const records = (table: Table) => [...contents.get(table)!.values()];
    const late = <T>(value: () => T) => this.#pause().then(() => structuredClone(value()));
    return {
      get: (table, key) => late(() => contents.get(table)!.get(String(key))?.value as never),
      values: (table) => late(() => records(table).map(({ value }) => value as never)),
      keys: (table) => late(() => records(table).map(({ key }) => key as never)),
    };
  }

  async #late<T>(result: T): Promise<T> {
    await this.#pause();
    return result;
  }

  async #pause(): Promise<void> {
    for (let turns = Math.floor(this.#random() ** 3 * 4); turns > 0; turns--) await nextTask();
  }
}

function newContents(): Contents {
  const contents = new Map(tableNames.map((table) => [table, new Map<string, Stored>()]));
  contents.get('manifest')!.set('manifest', { key: 'manifest', value: emptyManifest() });
  return contents;
}

/** Many readers, or one writer, whoever came first. */
class Lock {
  readonly #waiting: { mode: 'read' | 'write'; enter: () => void }[] = [];
  #readers = 0;
  #writing = false;

  async run<T>(mode: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ mode, enter });
      this.#next();
    });
    try {
      return await work();
    } finally {
      if (mode === 'write') this.#writing = false;
      else this.#readers--;
      this.#next();
    }
  }

  #next(): void {
    for (;;) {
      const first = this.#waiting[0];
      if (!first || this.#writing || (first.mode === 'write' && this.#readers > 0)) return;
      this.#waiting.shift();
      if (first.mode === 'write') this.#writing = true;
      else this.#readers++;
      first.enter();
    }
  }
}
