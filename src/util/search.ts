// Binary search.

/**
 * Index of the last item that fits, where all items up to it fit and none after it does; 0 where none fits.
 * @param length number of items, 1 or more
 */
export function lastFitting(length: number, fits: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
