// Segment head: what a search needs of all rows of a segment, in one ArrayBuffer, immutable once written.
// Six 32-bit words (magic "INPG", version, dimension, rows, bytes of the row table, checksum of all the rest), then centroid
// (floats), range of the factors (minimum and step, floats), factors (a byte a row), scales (16 bits a row), codes, row table; each
// part padded to whole words. All little-endian.
import { murmur3 } from '../../util/hash.ts';
import { codeBytes, groupRows } from '../kernels/kernel.ts';

/** The parts of a head; views where it was decoded. */
export interface SegmentHead {
  rows: number;
  /** `dimension` floats. */
  centroid: Float32Array;
  /** A correction factor a row, as `kernel.ts` has them, rounded to 256 steps of their range. */
  factors: Float32Array;
  /** See `rowScale` in `kernel.ts`. */
  scales: Uint16Array;
  /** See `EncodedCodes` in `kernel.ts`. */
  codes: Uint8Array;
  /** See `row-table.ts`. */
  table: Uint8Array;
}

const magic = 0x47504e49; // "INPG"
const version = 2;
const headerWords = 6;
const headerBytes = headerWords * 4;

/** Bytes of the codes of so many rows. */
export function codesLength(rows: number, dimension: number): number {
  return Math.ceil(rows / groupRows) * groupRows * codeBytes(dimension);
}

/** Packs a head. The factors must have gone through {@link roundFactors}. */
export function encodeHead(head: Omit<SegmentHead, 'factors'> & { factors: RoundedFactors }, id: number): ArrayBuffer {
  const dimension = head.centroid.length;
  const layout = layOut(head.rows, dimension, head.table.length);
  const buffer = new ArrayBuffer(layout.end);
  new Float32Array(buffer, layout.centroid, dimension).set(head.centroid);
  new Float32Array(buffer, layout.range, 2).set([head.factors.minimum, head.factors.step]);
  const bytes = new Uint8Array(buffer);
  bytes.set(head.factors.steps, layout.factors);
  new Uint16Array(buffer, layout.scales, head.rows).set(head.scales);
  bytes.set(head.codes, layout.codes);
  bytes.set(head.table, layout.table);
  new Uint32Array(buffer, 0, headerWords).set([magic, version, dimension, head.rows, head.table.length]);
  return sign(buffer, id);
}

/** Opens a head without copying; undefined where it is missing, damaged or not the segment's own. */
export function decodeHead(
  buffer: ArrayBuffer | undefined,
  { id, rows, dimension }: { id: number; rows: number; dimension: number },
): SegmentHead | undefined {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < headerBytes || buffer.byteLength % 4 !== 0) return undefined;
  const header = new Uint32Array(buffer, 0, headerWords);
  if (header[0] !== magic || header[1] !== version || header[2] !== dimension || header[3] !== rows) return undefined;
  const tableBytes = header[4]!;
  const layout = layOut(rows, dimension, tableBytes);
  if (layout.end !== buffer.byteLength || checksum(buffer, id) !== header[5]) return undefined;
  const [minimum, step] = new Float32Array(buffer, layout.range, 2) as unknown as [number, number];
  return {
    rows,
    centroid: new Float32Array(buffer, layout.centroid, dimension),
    factors: expandFactors({ minimum, step, steps: new Uint8Array(buffer, layout.factors, rows) }),
    scales: new Uint16Array(buffer, layout.scales, rows),
    codes: new Uint8Array(buffer, layout.codes, codesLength(rows, dimension)),
    table: new Uint8Array(buffer, layout.table, tableBytes),
  };
}

/** A copy of a head with another row table of as many rows, as the head of segment `id`. */
export function replaceTable(head: ArrayBuffer, table: Uint8Array, id: number): ArrayBuffer {
  const [, , dimension, rows] = new Uint32Array(head, 0, headerWords) as unknown as [number, number, number, number];
  const layout = layOut(rows, dimension, table.length);
  const buffer = new ArrayBuffer(layout.end);
  const bytes = new Uint8Array(buffer);
  bytes.set(new Uint8Array(head, 0, layout.table));
  bytes.set(table, layout.table);
  new Uint32Array(buffer, 0, headerWords)[4] = table.length;
  return sign(buffer, id);
}

/** Puts the checksum in its place. */
function sign(buffer: ArrayBuffer, id: number): ArrayBuffer {
  new Uint32Array(buffer, 0, headerWords)[headerWords - 1] = checksum(buffer, id);
  return buffer;
}

/** Of the words before it and after it. */
function checksum(buffer: ArrayBuffer, id: number): number {
  return murmur3(new Uint32Array(buffer, headerBytes), murmur3(new Uint32Array(buffer, 0, headerWords - 1), id));
}

/** Factors as they are stored: minimum + step × steps. */
export interface RoundedFactors {
  minimum: number;
  step: number;
  steps: Uint8Array;
}

/** Rounds factors to a byte each; the error, at most 1/512 of their range, is far below what the codes themselves leave open. */
export function roundFactors(factors: Float32Array): RoundedFactors {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = 0;
  for (const factor of factors) {
    if (factor < minimum) minimum = factor;
    if (factor > maximum) maximum = factor;
  }
  minimum = factors.length > 0 ? minimum : 0;
  const step = Math.fround((maximum - minimum) / 255);
  const steps = new Uint8Array(factors.length);
  if (step > 0) for (let row = 0; row < factors.length; row++) steps[row] = Math.round((factors[row]! - minimum) / step);
  return { minimum, step, steps };
}

/** The floats that rounded factors stand for. */
export function expandFactors({ minimum, step, steps }: RoundedFactors): Float32Array {
  const factors = new Float32Array(steps.length);
  for (let row = 0; row < steps.length; row++) factors[row] = minimum + step * steps[row]!;
  return factors;
}

function layOut(rows: number, dimension: number, tableBytes: number) {
  const centroid = headerBytes;
  const range = centroid + dimension * 4;
  const factors = range + 8;
  const scales = factors + whole(rows);
  const codes = scales + whole(rows * 2);
  const table = codes + whole(codesLength(rows, dimension));
  return { centroid, range, factors, scales, codes, table, end: table + whole(tableBytes) };
}

/** Bytes in whole words. */
function whole(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
