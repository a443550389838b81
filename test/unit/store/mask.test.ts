// Masks of rows, against arrays of booleans.
import { expect, test } from 'vitest';
import { allRows, clearBits, countBits, maskWords, setBits } from '../../../src/store/mask.ts';
import { createRandom } from '../../../src/util/random.ts';

const bitsOf = (mask: Uint16Array, rows: number) =>
  Array.from({ length: rows }, (_, row) => ((mask[row >> 4]! >> (row & 15)) & 1) === 1);

test('all rows, and none beyond them', () => {
  for (const rows of [0, 1, 15, 16, 17, 32, 100]) {
    const mask = allRows(rows);
    expect(mask).toHaveLength(maskWords(rows));
    expect(countBits(mask)).toBe(rows);
    expect(bitsOf(mask, mask.length * 16)).toEqual(Array.from({ length: mask.length * 16 }, (_, row) => row < rows));
  }
});

test('setting, clearing and counting', () => {
  const random = createRandom(1);
  for (let round = 0; round < 300; round++) {
    const rows = 1 + Math.floor(random() * 80);
    const mask = new Uint16Array(maskWords(rows));
    const model = new Array<boolean>(rows).fill(false);
    for (let step = 0; step < 6; step++) {
      const from = Math.floor(random() * (rows + 1));
      const to = from + Math.floor(random() * (rows + 1 - from));
      const value = random() < 0.5;
      (value ? setBits : clearBits)(mask, from, to);
      model.fill(value, from, to);
      expect(bitsOf(mask, rows)).toEqual(model);
      expect(countBits(mask)).toBe(model.filter(Boolean).length);
    }
  }
});
