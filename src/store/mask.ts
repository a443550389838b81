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

/** Whether a mask has a row; there is no mask where all rows are meant. */
export function hasRow(mask: Uint16Array | undefined, row: number): boolean {
  return mask === undefined || ((mask[row >>> 4]! >>> (row & 15)) & 1) === 1;
}

/** Number of bits set. */
export function countBits(words: Uint32Array | Uint16Array): number {
  let count = 0;
  for (let index = 0; index < words.length; index++) {
    // Adds neighbouring bits, pairs, half bytes and bytes in place (Warren, Hacker's Delight, ch. 5).
    let word = words[index]!;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
