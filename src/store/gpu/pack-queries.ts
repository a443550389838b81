// Queries as the shader reads them: tables, constants and offsets in one array of words.
import { codeBytes, type PreparedQuery } from '../kernels/kernel.ts';
import { octet, octetWords } from './shader.ts';

/** Sums of lookups fit into 16 bits. */
const largestSum = 65_535;
const largestLookup = 63;

/** More than twice what two estimates of one row can differ by, each with four roundings of 2⁻²³ at most, in shares of the largest term. */
const slackShare = 2 ** -18;

/** Terms within these bounds neither overflow in 32-bit floats, nor does it matter that a GPU takes the tiniest for 0. */
const smallestTerm = 1e-20;
const largestTerm = 1e20;

export interface PackedQueries {
  words: Uint32Array<ArrayBuffer>;
  /** Word of the constants: base, step, slack and nothing for each query. */
  constants: number;
  /** Word of the offsets: parts × padded queries. */
  offsets: number;
  /** Number of queries, in whole octets. */
  padded: number;
}

/**
 * @param parts offsets, one a query, and the largest factor of each part
 * @returns undefined where numbers are too large or too small for the GPU's floats
 */
export function packQueries(
  queries: readonly PreparedQuery[],
  parts: readonly { offsets: Float64Array; largest: number }[],
  dimension: number,
): PackedQueries | undefined {
  const octets = Math.ceil(queries.length / octet);
  const padded = octets * octet;
  const constants = octets * octetWords(dimension);
  const offsets = constants + padded * 4;
  const words = new Uint32Array(offsets + parts.length * padded);
  const lookups = new Uint8Array(words.buffer);
  const floats = new Float32Array(words.buffer);
  const halves = 2 * codeBytes(dimension);
  for (const [index, { tables, tableBase, tableStep }] of queries.entries()) {
    const start = (index - (index % octet)) * tables.length + (index % octet);
    for (let at = 0; at < tables.length; at++) lookups[start + at * octet] = tables[at]!;
    const products = Math.abs(tableBase) + tableStep * Math.min(largestSum, halves * largestLookup);
    let largest = 0;
    for (const part of parts) largest = Math.max(largest, Math.abs(part.offsets[index]!) + part.largest * products);
    if (!(largest > smallestTerm && largest < largestTerm)) return undefined;
    floats.set([tableBase, tableStep, largest * slackShare], constants + index * 4);
  }
  for (const [number, part] of parts.entries()) floats.set(part.offsets, offsets + number * padded);
  return { words, constants, offsets, padded };
}
