// Text of a document in blocks of one size, so that a slice reads only what it needs.
import { InpageError } from '../../util/errors.ts';
import type { Reads } from './database.ts';

/** UTF-16 code units of a block; part of the format on disk. Two-byte text stays below 64 KiB, above which Chromium makes a file. */
export const blockUnits = 32_000;

/** Number of blocks of a text. */
export function countBlocks(length: number): number {
  return Math.ceil(length / blockUnits);
}

/**
 * Reads `start` to before `end`; both must lie within the text.
 * @throws InpageError `data-corrupt`
 */
export async function readSlice(tables: Reads, ordinal: number, start: number, end: number): Promise<string> {
  if (start >= end) return '';
  const first = Math.floor(start / blockUnits);
  const blocks = await Promise.all(
    Array.from({ length: countBlocks(end) - first }, (_, index) => tables.get('text', [ordinal, first + index])),
  );
  if (blocks.includes(undefined)) {
    throw new InpageError('data-corrupt', 'A part of a stored text is missing. Remove the document and add it again.', {
      detail: { ordinal },
    });
  }
  return blocks.join('').slice(start - first * blockUnits, end - first * blockUnits);
}
