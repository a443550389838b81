// Row mask: the rows of a segment that take part in a search, as bits, from the documents that do.
import { countBits } from '../mask.ts';
import { firstAtLeast, type OrdinalSet } from './ordinal-set.ts';

/** Which rows of a segment belong to which document. The rows of a document lie together. */
export interface Runs {
  /** The document of each run; ascending. */
  readonly runOrdinals: Uint32Array;
  /** The first row of each run, from 0, and the number of rows after the last. */
  readonly runStarts: Uint32Array;
}

/** Rows as bits: row r is bit `r % 16` of word `r / 16`, the lowest bit being 0. Bits beyond the last row are 0. */
export interface RowMask {
  readonly mask: Uint16Array;
  /** Number of rows in the mask. */
  readonly count: number;
}

/**
 * The rows of the documents in a set that are live.
 * @param live as {@link RowMask.mask}. Default: all are
 */
export function rowMask({ runOrdinals, runStarts }: Runs, matches: OrdinalSet, live?: Uint16Array): RowMask {
  const rows = runStarts[runOrdinals.length] ?? 0;
  // The end of the last run may lie in a word of its own.
  const words = new Uint16Array((rows >>> 4) + 1);
  const mask = words.subarray(0, Math.ceil(rows / 16));
  const found =
    matches.kind === 'bits'
      ? markByBits(words, runOrdinals, runStarts, matches.words)
      : markByList(words, runOrdinals, runStarts, matches.ordinals);
  if (!found) return { mask, count: 0 };
  fillBetweenMarks(words);
  if (live) for (let index = 0; index < mask.length; index++) mask[index]! &= live[index]!;
  return { mask, count: countBits(mask) };
}

/** Marks each row where a stretch of rows in the mask begins or has ended; tells whether there is any. */
function markByBits(marks: Uint16Array, runOrdinals: Uint32Array, runStarts: Uint32Array, bits: Uint32Array): boolean {
  const inside = firstAtLeast(runOrdinals, bits.length * 32);
  let before = 0;
  let found = 0;
  // Without a branch on what the data says, which no processor could foresee.
  for (let run = 0; run < inside; run++) {
    const ordinal = runOrdinals[run]!;
    const row = runStarts[run]!;
    const now = (bits[ordinal >>> 5]! >>> (ordinal & 31)) & 1;
    marks[row >>> 4]! ^= (now ^ before) << (row & 15);
    before = now;
    found |= now;
  }
  const end = runStarts[inside] ?? 0;
  marks[end >>> 4]! ^= before << (end & 15);
  return found === 1;
}

/** The same from a list: each of the shorter of the two is looked up in the other. */
function markByList(marks: Uint16Array, runOrdinals: Uint32Array, runStarts: Uint32Array, ordinals: Uint32Array): boolean {
  const runs = runOrdinals.length;
  if (runs === 0) return false;
  const first = firstAtLeast(ordinals, runOrdinals[0]!);
  const end = firstAtLeast(ordinals, runOrdinals[runs - 1]! + 1, first);
  let found = false;
  const mark = (run: number) => {
    found = true;
    for (let side = run; side <= run + 1; side++) marks[runStarts[side]! >>> 4]! ^= 1 << (runStarts[side]! & 15);
  };
  if (end - first < runs) {
    for (let index = first, run = 0; index < end; index++) {
      run = firstAtLeast(runOrdinals, ordinals[index]!, run);
      if (runOrdinals[run] === ordinals[index]) mark(run);
    }
  } else {
    for (let run = 0, index = first; run < runs; run++) {
      index = firstAtLeast(ordinals, runOrdinals[run]!, index, end);
      if (ordinals[index] === runOrdinals[run]) mark(run);
    }
  }
  return found;
}

/** Sets the rows from each odd mark up to the next one: each bit becomes the exclusive or of all marks up to it. */
function fillBetweenMarks(words: Uint16Array): void {
  let carry = 0;
  for (let index = 0; index < words.length; index++) {
    let word = words[index]!;
    word ^= word << 1;
    word ^= word << 2;
    word ^= word << 4;
    word ^= word << 8;
    word ^= carry;
    words[index] = word;
    carry = -((word >>> 15) & 1);
  }
}
