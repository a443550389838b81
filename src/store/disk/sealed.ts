// Sealed records: bytes with their length and a checksum that also covers where they belong.
import { murmur3 } from '../../util/hash.ts';

const trailerBytes = 8;

/**
 * Copies bytes into a record: payload, padded to whole words; length in bytes; checksum. Little-endian.
 * @param place number of the place; a record found at another place does not open
 */
export function seal(payload: Uint8Array, place: number): ArrayBuffer {
  const padded = Math.ceil(payload.length / 4) * 4;
  const buffer = new ArrayBuffer(padded + trailerBytes);
  new Uint8Array(buffer).set(payload);
  new Uint32Array(buffer, padded).set([payload.length, checksum(buffer, padded, payload.length, place)]);
  return buffer;
}

/** The payload of a record, as a view; undefined where the record is missing, damaged or of another place. */
export function unseal(buffer: ArrayBuffer | undefined, place: number): Uint8Array | undefined {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < trailerBytes || buffer.byteLength % 4 !== 0) return undefined;
  const padded = buffer.byteLength - trailerBytes;
  const [length, sum] = new Uint32Array(buffer, padded) as unknown as [number, number];
  if (Math.ceil(length / 4) * 4 !== padded || checksum(buffer, padded, length, place) !== sum) return undefined;
  return new Uint8Array(buffer, 0, length);
}

function checksum(buffer: ArrayBuffer, padded: number, length: number, place: number): number {
  return murmur3(new Uint32Array(buffer, 0, padded / 4), Math.imul(place, 0x9e3779b1) ^ length);
}
