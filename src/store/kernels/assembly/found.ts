// Where scans put the rows that they find: scores and positions in memory, how many in a global.

/** Rows found since the last choice of the best. */
export let count: u32 = 0;

/** Only rows above it are worth keeping. */
export let threshold: f64 = -Infinity;

/** Adds one row. */
export function push(scores: usize, positions: usize, score: f64, position: u32): void {
  store<f64>(scores + ((<usize>count) << 3), score);
  store<u32>(positions + ((<usize>count) << 2), position);
  count++;
}

/** Begins, or goes on after the best were chosen. */
export function resume(kept: u32, lowest: f64): void {
  count = kept;
  threshold = lowest;
}
