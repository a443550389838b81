// The kernel on WebAssembly SIMD: lays inputs out in its memory, calls the compiled code, takes results back.
import { Collector } from './collector.ts';
import {
  type Block,
  type Candidates,
  codeBytes,
  type EncodedCodes,
  type EncodedRows,
  groupRows,
  type Kernel,
  type PreparedQuery,
} from './kernel.ts';
import { prepareQuery } from './prepare-query.ts';
import { RowPieces } from './row-pieces.ts';
import { SimdEncoder } from './simd-encoder.ts';
import { Area, type SimdBlock, SimdMemory } from './simd-memory.ts';
import { instantiateSimd, type SimdExports } from './simd-module.ts';

/** Where the estimates of a group lie for a moment, after the scores found. */
const scratchBytes = groupRows * Float32Array.BYTES_PER_ELEMENT;

/** @param dimension 1 to 65536 @param module of `compileSimd` */
export function createSimdKernel(dimension: number, module: WebAssembly.Module): Kernel {
  const memory = new SimdMemory();
  return new SimdKernel(dimension, memory, instantiateSimd(module, memory.memory));
}

class SimdKernel implements Kernel {
  readonly name = 'simd';
  readonly dimension: number;
  readonly #memory: SimdMemory;
  readonly #wasm: SimdExports;
  readonly #encoder: SimdEncoder;
  readonly #work: Area;
  /** Scores and positions of the rows found. */
  readonly #found: Area;
  readonly #collector = new Collector();
  readonly #codeBytes: number;
  /** Integers of a query, with the zeros that the compiled code needs after them. */
  readonly #width: number;
  readonly #integers: number;
  readonly #tables: number;
  #room = 0;
  #query: PreparedQuery | undefined;

  constructor(dimension: number, memory: SimdMemory, wasm: SimdExports) {
    this.dimension = dimension;
    this.#memory = memory;
    this.#wasm = wasm;
    this.#work = new Area(memory);
    this.#found = new Area(memory);
    this.#encoder = new SimdEncoder(dimension, memory, this.#work, wasm);
    this.#codeBytes = codeBytes(dimension);
    this.#width = Math.ceil(dimension / 16) * 16;
    this.#integers = memory.allocate(this.#width * 2 + this.#codeBytes * 32).address;
    this.#tables = this.#integers + this.#width * 2;
  }

  get memory(): number {
    return this.#memory.length;
  }

  allocate(length: number): Block {
    return this.#memory.allocate(length);
  }

  encodeRows(vectors: Float32Array): EncodedRows {
    return this.#encoder.encodeRows(vectors);
  }

  encodeCodes(rows: Int8Array, scales: Uint16Array): EncodedCodes {
    return this.#encoder.encodeCodes(rows, scales);
  }

  prepare(vector: Float32Array): PreparedQuery {
    return prepareQuery(this.#encoder.rotate(vector));
  }

  begin(query: PreparedQuery, capacity: number): void {
    this.#load(query);
    this.#room = Collector.room(capacity);
    this.#found.reserve(this.#room * 12 + scratchBytes);
    this.#collector.begin(capacity, ...this.#foundViews());
    this.#wasm.resume(0, this.#collector.threshold);
  }

  scanCodes(codes: Block, factors: Block, rows: number, offset: number, first: number, mask?: Uint16Array): void {
    const { tableBase, tableStep } = this.#query!;
    const maskAt = mask ? this.#copyMask(mask, this.#work.reserve(mask.byteLength)) : 0;
    const [scores, positions] = this.#foundAt();
    const groups = Math.ceil(rows / groupRows);
    for (let group = 0; group < groups; ) {
      group = this.#wasm.scanCodes(
        (codes as SimdBlock).address,
        (factors as SimdBlock).address,
        rows,
        group,
        this.#codeBytes,
        this.#tables,
        tableBase,
        tableStep,
        offset,
        first,
        maskAt,
        scores,
        positions,
        this.#room,
      );
      if (group < groups) this.#choose();
    }
  }

  scanRows(rows: Int8Array, scales: Uint16Array, first: number, mask?: Uint16Array): void {
    const { integerScale } = this.#query!;
    const pieces = new RowPieces(this.#memory, rows, scales, this.dimension);
    const maskBytes = mask?.byteLength ?? 0;
    const work = this.#work.reserve(maskBytes + pieces.workBytes);
    if (mask) this.#copyMask(mask, work);
    const [scores, positions] = this.#foundAt();
    pieces.each(work + maskBytes, (rowsAt, scalesAt, length, start) => {
      for (let row = 0; row < length; ) {
        row = this.#wasm.scanRows(
          this.#integers,
          rowsAt,
          scalesAt,
          length,
          row,
          this.dimension,
          this.#encoder.sizes,
          integerScale,
          first + start,
          mask ? work + start / 8 : 0,
          scores,
          positions,
          this.#room,
        );
        if (row < length) this.#choose();
      }
    });
  }

  finish(): Candidates {
    this.#collector.move(...this.#foundViews());
    this.#collector.count = this.#wasm.count.value;
    return this.#collector.finish();
  }

  dots(query: PreparedQuery, rows: Int8Array, indices: Uint32Array): Int32Array {
    const { dimension } = this;
    const { length } = indices;
    if (length === 0) return new Int32Array();
    const inside = this.#memory.addressOf(rows);
    this.#load(query);
    const results = this.#work.reserve(length * 8 + 16 + (inside === undefined ? length * dimension : 0));
    const numbersAt = results + length * 4 + 16;
    const copies = numbersAt + length * 4;
    const numbers = new Uint32Array(this.#memory.memory.buffer, numbersAt, length);
    if (inside === undefined) {
      const copy = this.#memory.signedBytes(copies, length * dimension);
      for (let at = 0; at < length; at++) {
        const start = indices[at]! * dimension;
        copy.set(rows.subarray(start, start + dimension), at * dimension);
        numbers[at] = at;
      }
    } else numbers.set(indices);
    this.#wasm.dots(this.#integers, inside ?? copies, dimension, numbersAt, length, results);
    return new Int32Array(this.#memory.memory.buffer, results, length).slice();
  }

  /** Puts a query where the compiled code finds it. */
  #load(query: PreparedQuery): void {
    if (this.#query === query) return;
    new Int16Array(this.#memory.memory.buffer, this.#integers, this.#width).fill(0).set(query.integers);
    this.#memory.bytes(this.#tables, query.tables.length).set(query.tables);
    this.#query = query;
  }

  #copyMask(mask: Uint16Array, address: number): number {
    new Uint16Array(this.#memory.memory.buffer, address, mask.length).set(mask);
    return address;
  }

  /** Makes room among the rows found. */
  #choose(): void {
    this.#collector.move(...this.#foundViews());
    this.#collector.count = this.#wasm.count.value;
    this.#collector.choose();
    this.#wasm.resume(this.#collector.count, this.#collector.threshold);
  }

  /** Addresses of the scores and the positions found. */
  #foundAt(): [scores: number, positions: number] {
    const scores = this.#found.reserve(0);
    return [scores, scores + this.#room * Float64Array.BYTES_PER_ELEMENT + scratchBytes];
  }

  #foundViews(): [scores: Float64Array, positions: Uint32Array] {
    const { buffer } = this.#memory.memory;
    const [scores, positions] = this.#foundAt();
    return [new Float64Array(buffer, scores, this.#room), new Uint32Array(buffer, positions, this.#room)];
  }
}
