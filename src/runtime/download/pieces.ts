// How a file is cut: every piece is one request and one entry of the cache, so what has arrived survives anything but itself.

/** A range of a file in bytes; `end` is the first byte after it. */
export interface Piece {
  start: number;
  end: number;
}

/** Requests of one file at a time. */
export const lanes = 3;

const unit = 64 * 1024;
const smallest = 2 * unit;
const largest = 128 * unit;
/** A reload in the middle loses at most `lanes` pieces, which should be little beside the file: 1.6 % of it. */
const share = 192;

/** Files up to here are one piece, asked for as a whole: a server may compress them. */
const wholeBytes = 16 * unit;

/** Bytes of a piece of a file; of unknown size too. */
export function pieceBytes(bytes: number | undefined): number {
  if (bytes === undefined || bytes <= wholeBytes) return wholeBytes;
  return Math.min(largest, Math.max(smallest, Math.ceil(bytes / share / unit) * unit));
}

/** All pieces of a file in order; the last may be shorter. */
export function cut(bytes: number, size: number): Piece[] {
  return Array.from({ length: Math.ceil(bytes / size) }, (_, i) => ({ start: i * size, end: Math.min(bytes, (i + 1) * size) }));
}

/** Bytes of pieces together. */
export function total(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}
