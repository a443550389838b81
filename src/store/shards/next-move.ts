// Which segment goes to which thread, so that each has about the same number of rows.

/** Threads are even enough where they differ by less than this share of what each should have. */
const tolerated = 0.1;

/** A segment that changes threads, by their index. */
export interface Move<T> {
  item: T;
  from: number;
  to: number;
}

/** The move that evens the fullest and the emptiest thread out best; undefined where all are even enough. */
export function nextMove<T extends { readonly rows: number }>(threads: readonly (readonly T[])[]): Move<T> | undefined {
  const loads = threads.map((items) => items.reduce((sum, { rows }) => sum + rows, 0));
  const from = loads.indexOf(Math.max(...loads));
  const to = loads.indexOf(Math.min(...loads));
  const gap = loads[from]! - loads[to]!;
  const mean = loads.reduce((sum, load) => sum + load, 0) / threads.length;
  if (gap <= mean * tolerated) return undefined;
  // Half of the gap would make them equal; what is as large as the gap would only turn it round.
  let best: T | undefined;
  for (const item of threads[from]!) {
    if (item.rows === 0 || item.rows >= gap) continue;
    if (!best || Math.abs(item.rows - gap / 2) < Math.abs(best.rows - gap / 2)) best = item;
  }
  return best && { item: best, from, to };
}
