// Kernel: the arithmetic of vector search. Every kernel gives the same results bit for bit; they differ in speed.
//
// A vector is rotated (a fixed orthogonal map that spreads its energy over all components) and kept as a *row*: one signed byte a
// component and one scale. Rows are what the collection stores; a score is the dot product of the query with a row.
// A *code* is one bit a component: the sign of the row relative to the centroid of its segment. Codes with a correction factor a
// row estimate scores (Gao and Long, "RaBitQ", SIGMOD 2024); they choose the candidates whose rows are then scored.

/** Memory that a kernel computes on without copying. */
export interface Block {
  /** Bytes. */
  readonly length: number;
  /** The bytes, of any value at first. The view is valid until the next call of the kernel: memory that grows moves. */
  bytes(): Uint8Array;
  free(): void;
}

/** Vectors as they are stored. */
export interface EncodedRows {
  /** rows × dimension, row-major: component ≈ byte × `rowScale(scale)`. */
  rows: Int8Array;
  /** One a row; see {@link rowScale}. */
  scales: Uint16Array;
}

/** What estimates the scores of rows. */
export interface EncodedCodes {
  /** Mean of the rows, `dimension` floats. */
  centroid: Float32Array;
  /** One a row: dot(query, row) ≈ dot(query, centroid) + factor × Σ ±query. */
  factors: Float32Array;
  /**
   * Groups of 16 rows, the last padded with zeros; in a group, byte k of all 16 rows, then byte k + 1 …
   * Bit i of byte k is 1 where component 8k + i of the row is not less than the centroid's. `codeBytes(dimension)` bytes a row.
   */
  codes: Uint8Array;
}

/** A query, made ready once for all segments. */
export interface PreparedQuery {
  /** The rotated query. */
  rotated: Float32Array;
  /** The rotated query in integers: component ≈ integer × `integerScale`. No dot product with a row overflows 32 bits. */
  integers: Int16Array;
  integerScale: number;
  /** For each half byte of a code, 16 lookups of 0 to 63: Σ ±query ≈ `tableBase` + `tableStep` × Σ lookups. */
  tables: Uint8Array;
  tableStep: number;
  tableBase: number;
}

/** The best rows of the segments scanned, best first; equal scores in order of position. */
export interface Candidates {
  positions: Uint32Array;
  scores: Float64Array;
}

/**
 * Scans segments for one query, by codes or by rows. Positions must grow from call to call. Not re-entrant: finish one before the
 * next begins. Of all arguments only rows and scales may be views of blocks.
 */
export interface Kernel {
  readonly name: 'scalar' | 'simd';
  readonly dimension: number;
  /** Bytes of memory taken. */
  readonly memory: number;
  allocate(bytes: number): Block;
  /** Rotates and rounds vectors (rows × dimension). A pure function of each vector. */
  encodeRows(vectors: Float32Array): EncodedRows;
  /** Centroid, codes and factors of rows, from what is stored only. */
  encodeCodes(rows: Int8Array, scales: Uint16Array): EncodedCodes;
  prepare(vector: Float32Array): PreparedQuery;

  /** Begins a scan that keeps the `capacity` best, 1 or more. */
  begin(query: PreparedQuery, capacity: number): void;
  /**
   * Takes rows in by their estimated scores.
   * @param codes as {@link EncodedCodes.codes}
   * @param factors `rows` 32-bit floats
   * @param offset dot(query, centroid)
   * @param first position of the first row
   * @param mask one bit a row, 16 rows a word, lowest bit first; rows with 0 are left out. Default: all
   */
  scanCodes(codes: Block, factors: Block, rows: number, offset: number, first: number, mask?: Uint16Array): void;
  /** Takes rows in by their scores: dot(integers, row) × rowScale(scale) × integerScale. */
  scanRows(rows: Int8Array, scales: Uint16Array, first: number, mask?: Uint16Array): void;
  /** Ends the scan. */
  finish(): Candidates;
  /** dot(integers, row) of some rows, as whole numbers. Not between `begin` and `finish`. */
  dots(query: PreparedQuery, rows: Int8Array, indices: Uint32Array): Int32Array;
}

/** Rows that a mask word and a group of codes stand for. */
export const groupRows = 16;

/** Bytes of one row's code. */
export function codeBytes(dimension: number): number {
  return Math.ceil(dimension / 8);
}

/** dot(query, centroid), summed in double precision. */
export function centroidOffset({ rotated }: PreparedQuery, centroid: Float32Array): number {
  let offset = 0;
  for (let index = 0; index < rotated.length; index++) offset += rotated[index]! * centroid[index]!;
  return offset;
}

/** The score that a code suggests. @param start the offset in 32 bits */
export function estimateScore({ tableBase, tableStep }: PreparedQuery, sum: number, factor: number, start: number): number {
  const products = Math.fround(tableBase + Math.fround(tableStep * sum));
  return Math.fround(start + Math.fround(factor * products));
}

/** The steps that components are rounded to: 2^(4 − size/16) / 127 by size, so components up to ±16 can be stored. */
export const stepSizes: Float32Array = Float32Array.from({ length: 256 }, (_, size) => 2 ** (4 - size / 16) / 127);

/**
 * What one step of a row is worth: its size, from the high byte of the scale, times 1 + (low byte − 128) / 2^14. The second factor
 * makes up for what rounding has done to the length along the vector, so that the dot product of a vector with its own row is
 * right and that with its neighbours is off by less.
 */
export function rowScale(scale: number): number {
  return Math.fround(stepSizes[scale >> 8]! * (1 + ((scale & 255) - 128) / 16_384));
}
