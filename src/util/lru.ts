// Cache with a budget: what was used longest ago goes first.

/** Values by key, of a total size that stays within a budget. */
export class LruCache<K, V> {
  readonly #values = new Map<K, V>();
  readonly #sizeOf: (value: V) => number;
  #size = 0;

  /** @param budget in the units of `sizeOf` */
  constructor(
    public budget: number,
    sizeOf: (value: V) => number,
  ) {
    this.#sizeOf = sizeOf;
  }

  /** Sum of the sizes of what is kept. */
  get size(): number {
    return this.#size;
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  /** The value, which counts as used now. */
  get(key: K): V | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Keeps a value, and drops others until the budget holds; one larger than the budget is not kept. */
  set(key: K, value: V): void {
    this.delete(key);
    const size = this.#sizeOf(value);
    if (size > this.budget) return;
    this.#values.set(key, value);
    this.#size += size;
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.budget) break;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#size -= this.#sizeOf(value);
  }

  clear(): void {
    this.#values.clear();
    this.#size = 0;
  }
}
