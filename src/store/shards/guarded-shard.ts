// A shard that is not relied on any more once it has failed at anything.
import { InpageError } from '../../util/errors.ts';
import type { CodeBytes } from '../codes.ts';
import type { Candidates, PreparedQuery } from '../kernels/kernel.ts';
import type { Shard, ShardPart } from './shard.ts';

export class GuardedShard implements Shard {
  readonly #shard: Shard;
  readonly #onFailure: (shard: GuardedShard) => void;
  #ended = false;

  /** @param onFailure called when a call fails, before whoever waits for it learns */
  constructor(shard: Shard, onFailure: (shard: GuardedShard) => void) {
    this.#shard = shard;
    this.#onFailure = onFailure;
  }

  put(id: number, rows: number, bytes: CodeBytes): Promise<number> {
    return this.#guard(() => this.#shard.put(id, rows, bytes));
  }

  read(id: number): Promise<CodeBytes> {
    return this.#guard(() => this.#shard.read(id));
  }

  drop(ids: readonly number[]): Promise<void> {
    return this.#guard(() => this.#shard.drop(ids));
  }

  scan(query: PreparedQuery, capacity: number, parts: readonly ShardPart[]): Promise<Candidates> {
    return this.#guard(() => this.#shard.scan(query, capacity, parts));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#shard.end();
  }

  async #guard<T>(call: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new InpageError('worker-died', 'The shard has ended.');
    try {
      return await call();
    } catch (error) {
      if (!this.#ended) this.#onFailure(this);
      throw error;
    }
  }
}
