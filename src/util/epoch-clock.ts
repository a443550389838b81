// A clock that all threads of a page have in common.

/** Epoch milliseconds with fractions; as precise as `performance.now()`. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
