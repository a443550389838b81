// Works on the items of a stream several at a time: as many as a limit allows, and those that concern the same in their order.

/** What is known of the items. */
export interface InFlightOptions<T> {
  /** What an item changes: one waits for those before it that change the same. */
  namesOf: (item: T) => readonly unknown[];
  /** What an item takes of the limit. @default 1 */
  weightOf?: (item: T) => number;
  /** Before their weights have reached this, further items are begun. */
  most: number;
  signal?: AbortSignal;
}

/**
 * Does the work for every item. After a failure no more is begun; what was begun has ended when this settles.
 * @throws what the source, an option or the first work that failed has thrown
 */
export async function inFlight<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { namesOf, weightOf = () => 1, most, signal }: InFlightOptions<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Map<Promise<void>, ReadonlySet<unknown>>();
  let weight = 0;
  let failure: { error: unknown } | undefined;

  const run = async (item: T, own: number) => {
    try {
      await work(item);
    } catch (error) {
      failure ??= { error };
    }
    weight -= own;
  };

  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      if (failure) break;
      const own = weightOf(item);
      const names = namesOf(item);
      const before = [...running].filter(([, earlier]) => names.some((name) => earlier.has(name))).map(([ended]) => ended);
      if (before.length > 0) await Promise.all(before);
      weight += own;
      const ended: Promise<void> = run(item, own).finally(() => running.delete(ended));
      running.set(ended, new Set(names));
      while (weight >= most && running.size > 0) await Promise.race(running.keys());
    }
  } finally {
    await Promise.all(running.keys());
  }
  if (failure) throw failure.error;
  signal?.throwIfAborted();
}
