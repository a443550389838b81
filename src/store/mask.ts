// Masks: one bit a row, 16 rows a word, the lowest bit first.
import { groupRows } from './kernels/kernel.ts';

/** Words of a mask. */
export function maskWords(rows: number): number {
  return Math.ceil(rows / groupRows);
}

/** The mask with every row. */
export function allRows(rows: number): Uint16Array {
  const mask = new Uint16Array(maskWords(rows));
  setBits(mask, 0, rows);
  return mask;
}

/** Sets the bits `from` to before `to`. */
export function setBits(mask: Uint16Array, from: number, to: number): void {
  for (let row = from; row < to; ) {
    const bit = row & 15;
    const count = Math.min(16 - bit, to - row);
    mask[row >> 4]! |= ((1 << count) - 1) << bit;
    row += count;
  }
}

/** Clears the bits `from` to before `to`. */
export function clearBits(mask: Uint16Array, from: number, to: number): void {
  for (let row = from; row < to; ) {
    const bit = row & 15;
    const count = Math.min(16 - bit, to - row);
    mask[row >> 4]! &= ~(((1 << count) - 1) << bit);
    row += count;
  }
}

/** Number of bits set. */
export function countBits(mask: Uint16Array): number {
  let count = 0;
  for (let word of mask) {
    word -= (word >> 1) & 0x5555;
    word = (word & 0x3333) + ((word >> 2) & 0x3333);
    count += ((((word + (word >> 4)) & 0x0f0f) * 0x101) >> 8) & 0x1f;
  }
  return count;
}
