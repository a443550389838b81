// Rows and scales for the compiled code, piece by piece: what lies in its memory is used in place, the rest is copied there.
import { groupRows } from './kernel.ts';
import type { SimdMemory } from './simd-memory.ts';

/** Bytes that are copied at a time: what a core's cache holds. */
export const pieceBytes = 262_144;

/** Made before a call takes memory: then views of the memory, which may move, are not looked at any more. */
export class RowPieces {
  /** Rows of all but the last piece: whole groups. */
  readonly length: number;
  /** Bytes that {@link each} needs to copy to. */
  readonly workBytes: number;
  readonly #memory: SimdMemory;
  readonly #dimension: number;
  readonly #rows: Int8Array;
  readonly #scales: Uint16Array;
  readonly #count: number;
  readonly #rowsInside: number | undefined;
  readonly #scalesInside: number | undefined;

  constructor(memory: SimdMemory, rows: Int8Array, scales: Uint16Array, dimension: number) {
    this.#memory = memory;
    this.#dimension = dimension;
    this.#rows = rows;
    this.#scales = scales;
    this.#count = scales.length;
    this.#rowsInside = memory.addressOf(rows);
    this.#scalesInside = memory.addressOf(scales);
    const groups = Math.min(Math.floor(pieceBytes / dimension / groupRows), Math.ceil(this.#count / groupRows));
    this.length = Math.max(1, groups) * groupRows;
    this.workBytes = this.length * (dimension + 2);
  }

  /** Calls back with the addresses of rows and scales, how many they are, and the number of the first. */
  each(work: number, use: (rows: number, scales: number, length: number, first: number) => void): void {
    for (let row = 0; row < this.#count; row += this.length) {
      const length = Math.min(this.length, this.#count - row);
      const start = row * this.#dimension;
      const rowsAt = this.#rowsInside === undefined ? work : this.#rowsInside + start;
      const scalesAt = this.#scalesInside === undefined ? work + this.length * this.#dimension : this.#scalesInside + row * 2;
      if (this.#rowsInside === undefined) {
        const piece = this.#rows.subarray(start, start + length * this.#dimension);
        this.#memory.signedBytes(rowsAt, piece.length).set(piece);
      }
      if (this.#scalesInside === undefined) this.#memory.words(scalesAt, length).set(this.#scales.subarray(row, row + length));
      use(rowsAt, scalesAt, length, row);
    }
  }
}
