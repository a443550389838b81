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
  rowScales,
} from './kernel.ts';
import { prepareQuery } from './prepare-query.ts';
import { createRotation, type Rotation, rotationRounds } from './rotation.ts';
import { meanOf, scaleInverses, scaleLimits } from './scalar-rows.ts';
import { Area, type SimdBlock, SimdMemory } from './simd-memory.ts';
import { instantiateSimd, type SimdExports } from './simd-module.ts';

/** Bytes of input that are copied into the memory at a time: what a core's cache holds. */
const pieceBytes = 262_144;

/** Where a group's estimates lie for a moment, after the scores found. */
const scratchBytes = 128;

/**
 * @param dimension 1 to 65536
 * @throws InpageError `device-unavailable` where WebAssembly or its SIMD instructions are missing or forbidden
 */
export async function createSimdKernel(dimension: number): Promise<Kernel> {
  const memory = new SimdMemory();
  return new SimdKernel(dimension, memory, await instantiateSimd(memory.memory));
}

class SimdKernel implements Kernel {
  readonly name = 'simd';
  readonly dimension: number;
  readonly #memory: SimdMemory;
  readonly #wasm: SimdExports;
  readonly #window: number;
  /** `dimension`, rounded up to what one step of the code takes. */
  readonly #width: number;
  readonly #codeBytes: number;
  readonly #factors: number;
  readonly #steps: number;
  readonly #limits: number;
  readonly #inverses: number;
  readonly #integers: number;
  readonly #tables: number;
  readonly #work: Area;
  readonly #found: Area;
  readonly #collector = new Collector();
  #room = 0;
  #query: PreparedQuery | undefined;

  constructor(dimension: number, memory: SimdMemory, wasm: SimdExports) {
    this.dimension = dimension;
    this.#memory = memory;
    this.#wasm = wasm;
    this.#work = new Area(memory);
    this.#found = new Area(memory);
    this.#width = Math.ceil(dimension / 16) * 16;
    this.#codeBytes = codeBytes(dimension);
    const rotation = createRotation(dimension);
    this.#window = rotation.window;
    const constants = layConstants(memory, rotation);
    this.#factors = constants[0]!;
    this.#steps = constants[1]!;
    this.#limits = constants[2]!;
    this.#inverses = constants[3]!;
    this.#integers = memory.allocate(this.#width * 2).address;
    this.#tables = memory.allocate(this.#codeBytes * 32).address;
  }

  get memory(): number {
    return this.#memory.bytes;
  }

  allocate(length: number): Block {
    return this.#memory.allocate(length);
  }

  encodeRows(vectors: Float32Array): EncodedRows {
    const { dimension } = this;
    const count = vectors.length / dimension;
    const rows = new Int8Array(vectors.length);
    const scales = new Uint8Array(count);
    const most = Math.max(1, Math.min(count, Math.floor(pieceBytes / 4 / dimension)));
    const input = this.#work.reserve(most * (5 * dimension + 1));
    const bytes = input + 4 * most * dimension;
    for (let row = 0; row < count; row += most) {
      const length = Math.min(most, count - row);
      this.#floats(input, length * dimension).set(vectors.subarray(row * dimension, (row + length) * dimension));
      this.#wasm.encodeRows(
        input,
        length,
        dimension,
        this.#window,
        this.#factors,
        rotationRounds,
        this.#limits,
        this.#inverses,
        bytes,
        bytes + most * dimension,
      );
      const output = this.#bytes(bytes, most * (dimension + 1));
      rows.set(new Int8Array(output.buffer, bytes, length * dimension), row * dimension);
      scales.set(output.subarray(most * dimension, most * dimension + length), row);
    }
    return { rows, scales };
  }

  encodeCodes(rows: Int8Array, scales: Uint8Array): EncodedCodes {
    const { dimension } = this;
    const count = scales.length;
    const factors = new Float32Array(count);
    const most = this.#pieceRows(count);
    const groupBytes = this.#codeBytes * groupRows;
    const codes = new Uint8Array(Math.ceil(count / groupRows) * groupBytes);
    const center = this.#work.reserve(this.#width * 4 + most * (dimension + this.#codeBytes + 5));
    const lengths = center + this.#width * 4;
    const output = lengths + most * 4;
    const scaleBytes = output + most * this.#codeBytes;
    const input = scaleBytes + most;

    const centers = this.#floats(center, this.#width).fill(0);
    this.#pieces(rows, scales, most, input, scaleBytes, (bytes, scalesAt, length) =>
      this.#wasm.sumRows(bytes, scalesAt, length, dimension, this.#steps, center),
    );
    const centroid = meanOf(centers.subarray(0, dimension), count);
    centers.fill(0).set(centroid);
    this.#pieces(rows, scales, most, input, scaleBytes, (bytes, scalesAt, length, row) => {
      const groups = this.#bytes(output, Math.ceil(length / groupRows) * groupBytes);
      // Rows that pad the last group.
      if (length % groupRows !== 0) groups.fill(0, groups.length - groupBytes);
      this.#wasm.encodeCodes(bytes, scalesAt, length, dimension, this.#steps, center, output, lengths);
      codes.set(groups, row * this.#codeBytes);
      factors.set(this.#floats(lengths, length), row);
    });
    return { centroid, factors, codes };
  }

  prepare(vector: Float32Array): PreparedQuery {
    const at = this.#work.reserve(this.dimension * 4);
    this.#floats(at, this.dimension).set(vector);
    this.#wasm.rotate(at, this.dimension, this.#window, this.#factors, rotationRounds);
    return prepareQuery(this.#floats(at, this.dimension).slice());
  }

  begin(query: PreparedQuery, capacity: number): void {
    this.#load(query);
    this.#room = Collector.room(capacity);
    this.#found.reserve(this.#room * 12 + scratchBytes);
    this.#collector.begin(capacity, ...this.#foundViews());
    this.#share();
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

  scanRows(rows: Int8Array, scales: Uint8Array, first: number, mask?: Uint16Array): void {
    const { integerScale } = this.#query!;
    const most = this.#pieceRows(scales.length);
    const maskBytes = mask ? Math.ceil(mask.byteLength / 16) * 16 : 0;
    const work = this.#work.reserve(maskBytes + most * (this.dimension + 1));
    const scaleBytes = work + maskBytes;
    const maskAt = mask ? this.#copyMask(mask, work) : 0;
    const [scores, positions] = this.#foundAt();
    this.#pieces(rows, scales, most, scaleBytes + most, scaleBytes, (bytes, scalesAt, length, start) => {
      for (let row = 0; row < length; ) {
        row = this.#wasm.scanRows(
          this.#integers,
          bytes,
          scalesAt,
          length,
          row,
          this.dimension,
          this.#steps,
          integerScale,
          first + start,
          mask ? maskAt + start / 8 : 0,
          scores,
          positions,
          this.#room,
        );
        if (row < length) this.#choose();
      }
    });
  }

  finish(): Candidates {
    this.#collector.count = this.#wasm.count.value;
    this.#collector.move(...this.#foundViews());
    return this.#collector.finish();
  }

  dots(query: PreparedQuery, rows: Int8Array, indices: Uint32Array): Int32Array {
    const { dimension } = this;
    this.#load(query);
    const length = indices.length;
    if (length === 0) return new Int32Array();
    const inside = this.#memory.addressOf(rows);
    const results = this.#work.reserve(length * 8 + 16 + (inside === undefined ? length * dimension : 0));
    const numbersAt = results + length * 4 + 16;
    const copies = numbersAt + length * 4;
    const numbers = new Uint32Array(this.#memory.memory.buffer, numbersAt, length);
    if (inside === undefined) {
      const copy = new Int8Array(this.#memory.memory.buffer, copies, length * dimension);
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
    const integers = new Int16Array(this.#memory.memory.buffer, this.#integers, this.#width).fill(0);
    integers.set(query.integers);
    this.#bytes(this.#tables, query.tables.length).set(query.tables);
    this.#query = query;
  }

  /** How many of `count` rows are copied into the memory at a time: whole groups. */
  #pieceRows(count: number): number {
    return Math.max(1, Math.min(Math.floor(pieceBytes / this.dimension / groupRows), Math.ceil(count / groupRows))) * groupRows;
  }

  /** Calls back with the addresses of rows and scales, piece by piece; what is not in the memory is copied to the places given. */
  #pieces(
    rows: Int8Array,
    scales: Uint8Array,
    most: number,
    rowsAt: number,
    scalesAt: number,
    use: (bytes: number, scales: number, length: number, first: number) => void,
  ): void {
    const { dimension } = this;
    const rowsInside = this.#memory.addressOf(rows);
    const scalesInside = this.#memory.addressOf(scales);
    for (let row = 0; row < scales.length; row += most) {
      const length = Math.min(most, scales.length - row);
      if (rowsInside === undefined) {
        const piece = rows.subarray(row * dimension, (row + length) * dimension);
        new Int8Array(this.#memory.memory.buffer, rowsAt, piece.length).set(piece);
      }
      if (scalesInside === undefined) this.#bytes(scalesAt, length).set(scales.subarray(row, row + length));
      use(
        rowsInside === undefined ? rowsAt : rowsInside + row * dimension,
        scalesInside === undefined ? scalesAt : scalesInside + row,
        length,
        row,
      );
    }
  }

  #copyMask(mask: Uint16Array, address: number): number {
    new Uint16Array(this.#memory.memory.buffer, address, mask.length).set(mask);
    return address;
  }

  /** Makes room among the rows found. */
  #choose(): void {
    this.#collector.count = this.#wasm.count.value;
    this.#collector.move(...this.#foundViews());
    this.#collector.choose();
    this.#share();
  }

  /** Tells the compiled code what the collector knows. */
  #share(): void {
    this.#wasm.resume(this.#collector.count, this.#collector.threshold);
  }

  /** Addresses of the scores and positions found. */
  #foundAt(): [scores: number, positions: number] {
    const scores = this.#found.reserve(0);
    return [scores, scores + this.#room * 8 + scratchBytes];
  }

  #foundViews(): [scores: Float64Array, positions: Uint32Array] {
    const { buffer } = this.#memory.memory;
    const [scores, positions] = this.#foundAt();
    return [new Float64Array(buffer, scores, this.#room), new Uint32Array(buffer, positions, this.#room)];
  }

  #floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.memory.buffer, address, length);
  }

  #bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.memory.buffer, address, length);
  }
}

/** Writes the tables of the compiled code once. @returns their addresses: of the rotation, steps, limits and inverses */
function layConstants(memory: SimdMemory, rotation: Rotation): number[] {
  const tables = [rotation.factors, rowScales, scaleLimits, scaleInverses];
  const block = memory.allocate(tables.reduce((sum, table) => sum + table.byteLength, 0));
  let { address } = block;
  return tables.map((table) => {
    const start = address;
    new Float32Array(memory.memory.buffer, start, table.length).set(table);
    address += table.byteLength;
    return start;
  });
}
