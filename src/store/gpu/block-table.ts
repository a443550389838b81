// Block table: which rows of which blocks take part in a scan, as the shader reads it.
import { groupRows } from '../kernels/kernel.ts';
import { countBits, maskWords } from '../mask.ts';
import type { BlockRun } from './code-pages.ts';
import { blockRows } from './shader.ts';

/** Words of a block: 64 bits, one a row; number of the part; nothing. */
const words = 4;

export interface BlockTable {
  words: Uint32Array<ArrayBuffer>;
  /** Number of rows that take part. */
  count: number;
}

/** @param blocks of all pages */
export function createBlockTable(parts: readonly { run: BlockRun; mask?: Uint16Array }[], blocks: number): BlockTable {
  const table = new Uint32Array(blocks * words);
  const groups = new Uint16Array(table.buffer);
  const groupsPerBlock = blockRows / groupRows;
  let count = 0;
  for (const [number, { run, mask }] of parts.entries()) {
    const total = maskWords(run.rows);
    const rest = run.rows % groupRows;
    for (let group = 0; group < total; group++) {
      // Rows beyond the last may have bits.
      const present = group === total - 1 && rest > 0 ? (1 << rest) - 1 : 0xffff;
      const block = run.first + Math.floor(group / groupsPerBlock);
      groups[block * words * 2 + (group % groupsPerBlock)] = present & (mask ? mask[group]! : 0xffff);
      table[block * words + 2] = number;
    }
    for (let block = run.first; block < run.first + Math.ceil(run.rows / blockRows); block++)
      count += countBits(groups.subarray(block * words * 2, block * words * 2 + groupsPerBlock));
  }
  return { words: table, count };
}
