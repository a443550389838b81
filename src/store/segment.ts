// Segment: passages and their vectors in one ArrayBuffer, immutable once written.
// Header of six 32-bit words (magic "INPG", version, dimension, rows, payload bytes, checksum of the payload), then a
// table of four words a row (document ordinal, passage number, start, end), then the vectors. All little-endian.
import { InpageError } from '../util/errors.ts';
import { murmur3 } from '../util/hash.ts';

/** Rows outside a segment: four words and `dimension` floats each. */
export interface Rows {
  table: Uint32Array;
  vectors: Float32Array;
}

/** What the manifest says of a segment. */
export interface SegmentEntry {
  id: number;
  rows: number;
  /** Of the whole segment. */
  bytes: number;
  checksum: number;
}

/** A segment in memory; `table` and `vectors` are views of one buffer. */
export interface Segment extends Rows {
  entry: SegmentEntry;
}

/** Words of a row in the table. */
export const rowWords = 4;

const magic = 0x47504e49; // "INPG"
const version = 1;
const headerWords = 6;
const headerBytes = headerWords * 4;
const targetBytes = 1 << 20;

/** Rows of a full segment, which has about 1 MiB. */
export function rowsPerSegment(dimension: number): number {
  return Math.max(1, Math.floor((targetBytes - headerBytes) / ((rowWords + dimension) * 4)));
}

/** Number of rows. */
export function countRows(rows: Rows): number {
  return rows.table.length / rowWords;
}

/** Joins rows in order. Copies. */
export function joinRows(parts: readonly Rows[], dimension: number): Rows {
  const count = parts.reduce((sum, part) => sum + countRows(part), 0);
  const table = new Uint32Array(count * rowWords);
  const vectors = new Float32Array(count * dimension);
  let row = 0;
  for (const part of parts) {
    table.set(part.table, row * rowWords);
    vectors.set(part.vectors, row * dimension);
    row += countRows(part);
  }
  return { table, vectors };
}

/** Rows `from` to before `to`, as views. */
export function sliceRows(rows: Rows, dimension: number, from: number, to: number): Rows {
  return {
    table: rows.table.subarray(from * rowWords, to * rowWords),
    vectors: rows.vectors.subarray(from * dimension, to * dimension),
  };
}

/** The rows whose document is not among `ordinals`. Copies. */
export function withoutDocuments(rows: Rows, dimension: number, ordinals: ReadonlySet<number>): Rows {
  const parts: Rows[] = [];
  let from = 0;
  const count = countRows(rows);
  for (let row = 0; row <= count; row++) {
    if (row < count && !ordinals.has(rows.table[row * rowWords]!)) continue;
    if (row > from) parts.push(sliceRows(rows, dimension, from, row));
    from = row + 1;
  }
  return joinRows(parts, dimension);
}

/** Fills in the document that rows belong to. */
export function setOrdinal(rows: Rows, ordinal: number): void {
  for (let word = 0; word < rows.table.length; word += rowWords) rows.table[word] = ordinal;
}

/** Packs rows into a new segment. */
export function encodeSegment(id: number, dimension: number, rows: Rows): { segment: Segment; buffer: ArrayBuffer } {
  const count = countRows(rows);
  const payloadBytes = count * (rowWords + dimension) * 4;
  const buffer = new ArrayBuffer(headerBytes + payloadBytes);
  const { table, vectors } = views(buffer, count);
  table.set(rows.table);
  vectors.set(rows.vectors);
  const checksum = murmur3(new Uint32Array(buffer, headerBytes));
  new Uint32Array(buffer, 0, headerWords).set([magic, version, dimension, count, payloadBytes, checksum]);
  return { segment: { entry: { id, rows: count, bytes: buffer.byteLength, checksum }, table, vectors }, buffer };
}

/**
 * Checks a stored segment against its own header and the manifest, and opens it without copying.
 * @throws InpageError `data-corrupt` naming the segment
 */
export function decodeSegment(entry: SegmentEntry, dimension: number, buffer: ArrayBuffer | undefined): Segment {
  const fault = findFault(entry, dimension, buffer);
  if (fault) {
    throw new InpageError(
      'data-corrupt',
      `Segment ${entry.id} of the collection ${fault}. Add the documents that had passages in it again.`,
      { detail: { segment: entry.id } },
    );
  }
  return { entry, ...views(buffer!, entry.rows) };
}

function views(buffer: ArrayBuffer, rows: number): Rows {
  const tableWords = rows * rowWords;
  return {
    table: new Uint32Array(buffer, headerBytes, tableWords),
    vectors: new Float32Array(buffer, headerBytes + tableWords * 4),
  };
}

function findFault(entry: SegmentEntry, dimension: number, buffer: ArrayBuffer | undefined): string | undefined {
  if (!(buffer instanceof ArrayBuffer)) return 'is missing';
  if (buffer.byteLength !== entry.bytes) return `has ${buffer.byteLength} bytes instead of ${entry.bytes}`;
  const header = new Uint32Array(buffer, 0, headerWords);
  if (header[0] !== magic) return 'does not begin with "INPG"';
  if (header[1] !== version) return `has version ${header[1]} instead of ${version}`;
  const payloadBytes = entry.rows * (rowWords + dimension) * 4;
  if (header[2] !== dimension || header[3] !== entry.rows || header[4] !== payloadBytes) return 'has a wrong header';
  if (headerBytes + payloadBytes !== entry.bytes) return 'has a wrong length';
  if (header[5] !== entry.checksum || murmur3(new Uint32Array(buffer, headerBytes)) !== entry.checksum)
    return 'fails its checksum';
  return undefined;
}
