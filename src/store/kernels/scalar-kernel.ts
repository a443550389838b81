// The kernel in plain TypeScript: the reference that the others equal bit for bit, and what runs where WebAssembly may not.
import { Collector } from './collector.ts';
import {
  type Block,
  type Candidates,
  codeBytes,
  type EncodedCodes,
  type EncodedRows,
  estimateScore,
  groupRows,
  type Kernel,
  type PreparedQuery,
  rowScale,
} from './kernel.ts';
import { prepareQuery } from './prepare-query.ts';
import { createRotation, rotate } from './rotation.ts';
import { encodeCodes, encodeRows } from './scalar-rows.ts';

/** @param dimension 1 to 65536 */
export function createScalarKernel(dimension: number): Kernel {
  return new ScalarKernel(dimension);
}

class ScalarKernel implements Kernel {
  readonly name = 'scalar';
  readonly dimension: number;
  memory = 0;
  readonly #rotation;
  readonly #collector = new Collector();
  readonly #sums = new Int32Array(groupRows);
  #query: PreparedQuery | undefined;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#rotation = createRotation(dimension);
  }

  allocate(length: number): Block {
    let bytes = new Uint8Array(length);
    this.memory += length;
    return {
      length,
      bytes: () => bytes,
      free: () => {
        this.memory -= bytes.length;
        bytes = new Uint8Array();
      },
    };
  }

  encodeRows(vectors: Float32Array): EncodedRows {
    return encodeRows(vectors, this.#rotation);
  }

  encodeCodes(rows: Int8Array, scales: Uint16Array): EncodedCodes {
    return encodeCodes(rows, scales, this.dimension);
  }

  prepare(vector: Float32Array): PreparedQuery {
    const rotated = vector.slice();
    rotate(rotated, this.#rotation);
    return prepareQuery(rotated);
  }

  begin(query: PreparedQuery, capacity: number): void {
    const room = Collector.room(capacity);
    this.#query = query;
    this.#collector.begin(capacity, new Float64Array(room), new Uint32Array(room));
  }

  scanCodes(codes: Block, factors: Block, rows: number, offset: number, first: number, mask?: Uint16Array): void {
    const query = this.#query!;
    const { tables } = query;
    const bytes = codes.bytes();
    const lengths = factors.bytes();
    const factorOf = new Float32Array(lengths.buffer, lengths.byteOffset, rows);
    const groupLength = codeBytes(this.dimension) * groupRows;
    const start = Math.fround(offset);
    const sums = this.#sums;
    for (let group = 0, row = 0; row < rows; group++, row += groupRows) {
      const wanted = mask ? mask[group]! : 0xffff;
      if (wanted === 0) continue;
      sums.fill(0);
      for (let at = group * groupLength, table = 0; at < (group + 1) * groupLength; at += groupRows, table += 32) {
        for (let lane = 0; lane < groupRows; lane++) {
          const byte = bytes[at + lane]!;
          sums[lane]! += tables[table + (byte & 15)]! + tables[table + 16 + (byte >> 4)]!;
        }
      }
      for (let lane = 0; lane < groupRows && row + lane < rows; lane++) {
        if (((wanted >> lane) & 1) === 0) continue;
        const score = estimateScore(query, sums[lane]!, factorOf[row + lane]!, start);
        if (score > this.#collector.threshold) this.#collector.push(score, first + row + lane);
      }
    }
  }

  scanRows(rows: Int8Array, scales: Uint16Array, first: number, mask?: Uint16Array): void {
    const { integers, integerScale } = this.#query!;
    for (let row = 0; row < scales.length; row++) {
      if (mask && ((mask[row >> 4]! >> (row & 15)) & 1) === 0) continue;
      const score = dot(integers, rows, row * this.dimension) * rowScale(scales[row]!) * integerScale;
      if (score > this.#collector.threshold) this.#collector.push(score, first + row);
    }
  }

  finish(): Candidates {
    this.#query = undefined;
    return this.#collector.finish();
  }

  dots({ integers }: PreparedQuery, rows: Int8Array, indices: Uint32Array): Int32Array {
    return Int32Array.from(indices, (row) => dot(integers, rows, row * this.dimension));
  }
}

/** Dot product of the query with the row that starts at `offset`; a whole number below 2³¹. */
function dot(query: Int16Array, rows: Int8Array, offset: number): number {
  let sum = 0;
  for (let index = 0; index < query.length; index++) sum = (sum + query[index]! * rows[offset + index]!) | 0;
  return sum;
}
