// Rotation and encoding on WebAssembly SIMD.
import { codeBytes, type EncodedCodes, type EncodedRows, groupRows, stepSizes } from './kernel.ts';
import { createRotation, rotationRounds } from './rotation.ts';
import { pieceBytes, RowPieces } from './row-pieces.ts';
import { meanOf, sizeInverses, sizeLimits } from './scalar-rows.ts';
import type { Area, SimdMemory } from './simd-memory.ts';
import type { SimdExports } from './simd-module.ts';

/** Does what `scalar-rows.ts` and `rotation.ts` say. */
export class SimdEncoder {
  /** Address of `stepSizes`. */
  readonly sizes: number;
  readonly #dimension: number;
  readonly #memory: SimdMemory;
  readonly #work: Area;
  readonly #wasm: SimdExports;
  readonly #window: number;
  readonly #factors: number;
  readonly #limits: number;
  readonly #inverses: number;

  constructor(dimension: number, memory: SimdMemory, work: Area, wasm: SimdExports) {
    this.#dimension = dimension;
    this.#memory = memory;
    this.#work = work;
    this.#wasm = wasm;
    const { window, factors } = createRotation(dimension);
    this.#window = window;
    this.#factors = memory.allocate(factors.byteLength + 3 * stepSizes.byteLength).address;
    this.sizes = this.#factors + factors.byteLength;
    this.#limits = this.sizes + stepSizes.byteLength;
    this.#inverses = this.#limits + stepSizes.byteLength;
    memory.floats(this.#factors, factors.length).set(factors);
    memory.floats(this.sizes, stepSizes.length).set(stepSizes);
    memory.floats(this.#limits, stepSizes.length).set(sizeLimits);
    memory.floats(this.#inverses, stepSizes.length).set(sizeInverses);
  }

  /** @returns a rotated copy */
  rotate(vector: Float32Array): Float32Array {
    const at = this.#work.reserve(vector.byteLength);
    this.#memory.floats(at, vector.length).set(vector);
    this.#wasm.rotate(at, this.#dimension, this.#window, this.#factors, rotationRounds);
    return this.#memory.floats(at, vector.length).slice();
  }

  encodeRows(vectors: Float32Array): EncodedRows {
    const dimension = this.#dimension;
    const count = vectors.length / dimension;
    const rows = new Int8Array(vectors.length);
    const scales = new Uint16Array(count);
    const most = Math.max(1, Math.min(count, Math.floor(pieceBytes / Float32Array.BYTES_PER_ELEMENT / dimension)));
    const input = this.#work.reserve(most * (5 * dimension + 2) + 32);
    const rowsAt = input + 4 * most * dimension;
    const scalesAt = Math.ceil((rowsAt + most * dimension) / 16) * 16;
    for (let row = 0; row < count; row += most) {
      const length = Math.min(most, count - row);
      this.#memory.floats(input, length * dimension).set(vectors.subarray(row * dimension, (row + length) * dimension));
      this.#wasm.encodeRows(
        input,
        length,
        dimension,
        this.#window,
        this.#factors,
        rotationRounds,
        this.#limits,
        this.#inverses,
        this.sizes,
        rowsAt,
        scalesAt,
      );
      rows.set(this.#memory.signedBytes(rowsAt, length * dimension), row * dimension);
      scales.set(this.#memory.words(scalesAt, length), row);
    }
    return { rows, scales };
  }

  encodeCodes(rows: Int8Array, scales: Uint16Array): EncodedCodes {
    const dimension = this.#dimension;
    const count = scales.length;
    const rowBytes = codeBytes(dimension);
    const groupBytes = rowBytes * groupRows;
    const width = Math.ceil(dimension / 16) * 16;
    const pieces = new RowPieces(this.#memory, rows, scales, dimension);
    const center = this.#work.reserve(width * 4 + pieces.length * (4 + rowBytes) + pieces.workBytes);
    const factorsAt = center + width * 4;
    const codesAt = factorsAt + pieces.length * 4;
    const work = codesAt + pieces.length * rowBytes;

    const centers = this.#memory.floats(center, width).fill(0);
    pieces.each(work, (rowsAt, scalesAt, length) => this.#wasm.sumRows(rowsAt, scalesAt, length, dimension, this.sizes, center));
    const centroid = meanOf(centers.subarray(0, dimension), count);
    centers.fill(0).set(centroid);

    const factors = new Float32Array(count);
    const codes = new Uint8Array(Math.ceil(count / groupRows) * groupBytes);
    pieces.each(work, (rowsAt, scalesAt, length, first) => {
      const groups = this.#memory.bytes(codesAt, Math.ceil(length / groupRows) * groupBytes);
      // Rows that pad the last group.
      if (length % groupRows !== 0) groups.fill(0, groups.length - groupBytes);
      this.#wasm.encodeCodes(rowsAt, scalesAt, length, dimension, this.sizes, center, codesAt, factorsAt);
      codes.set(groups, first * rowBytes);
      factors.set(this.#memory.floats(factorsAt, length), first);
    });
    return { centroid, factors, codes };
  }
}
