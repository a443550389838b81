// Layout of a lexical segment: two buffers, little-endian, immutable.
//
// `postings`: a header of 16 words (magic, version, bytes, rows, terms, bytes of the sections), then sections that each start at a
// multiple of four bytes:
//   blocks     two words for every 16 terms: where they begin in `dictionary` and in `postings`
//   text, title  length of each row's field in terms; 1, 2 or 4 bytes a row
//   language   number of each row's language, one byte a row; nothing where all rows have the same
//   languages  their codes, sorted, separated by spaces
//   dictionary  the terms in order of their bytes. Each: length shared with the one before (0 for the first of a block), length of
//              the rest, the rest, rows × 2 + (1 if some rows have it in the title only), then the rows that have it in the text
//              (only after a 1), bytes of its postings
//   postings   for each row: (row − row before) × 4 + form; form 0: once in the text; 1: text count follows; 2: once in the title,
//              text count follows; 3: text count and title count follow. The first row counts from −1, less one
// `positions`: a header of 8 words (magic, version, bytes, rows, terms), a word for every 16 terms: where they begin in the data;
// then for each term the number of bytes of its positions, and these: for each row those in the text, then those in the title,
// the first as it is and each other one less the one before.
// Numbers in the last two sections and in the positions are LEB128.
import { InpageError } from '../../util/errors.ts';

export const version = 1;
export const postingsMagic = 0x584c5049; // "IPLX"
export const positionsMagic = 0x504c5049; // "IPLP"
export const postingsHeaderWords = 16;
export const positionsHeaderWords = 8;
/** Terms of a block: the dictionary is searched by block, and read from its start. */
export const blockTerms = 16;

/** Sections of `postings` in order; their sizes are in the header from word {@link firstSizeWord} on. */
export const sections = ['blocks', 'text', 'title', 'language', 'languages', 'dictionary', 'postings'] as const;
export type Section = (typeof sections)[number];
export const firstSizeWord = 5;

/** Bytes of a section with what fills it up. */
export function paddedSize(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** The two buffers of a segment. */
export interface LexicalBuffers {
  postings: ArrayBuffer;
  /** Needed for phrases and for merging only. */
  positions: ArrayBuffer;
}

/** A stored buffer, or the part of a record that holds it. */
export type Stored = ArrayBuffer | Uint8Array;

/**
 * Checks the beginning and the length of a stored buffer.
 * @returns all of it, in place where it starts at a multiple of four bytes
 * @throws InpageError `data-corrupt`
 */
export function openStored(stored: Stored | undefined, what: string, magic: number, headerWords: number): Uint8Array {
  if (stored === undefined) throw corrupt(what, 'is missing');
  const view = stored instanceof Uint8Array ? stored : new Uint8Array(stored);
  const bytes = view.byteOffset % 4 === 0 ? view : view.slice();
  if (bytes.length < headerWords * 4) throw corrupt(what, `has ${bytes.length} bytes only`);
  const header = wordsOf(bytes, 0, headerWords);
  if (header[0] !== magic) throw corrupt(what, 'does not begin as it should');
  if (header[1] !== version) throw corrupt(what, `has version ${header[1]} instead of ${version}`);
  if (header[2] !== bytes.length) throw corrupt(what, `has ${bytes.length} bytes instead of ${header[2]}`);
  return bytes;
}

/** Words of a stored buffer, from a byte on. */
export function wordsOf(bytes: Uint8Array, start: number, count: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset + start, count);
}

export function corrupt(what: string, fault: string): InpageError {
  return new InpageError(
    'data-corrupt',
    `A lexical segment's ${what} ${fault}. Add the documents that had passages in it again.`,
    { detail: { part: what } },
  );
}
