// Dense search: codes choose candidates, rows score them. Few rows are all scored.
import { blockRows } from './disk/row-blocks.ts';
import { groupRows, type Kernel, type PreparedQuery, rowScale } from './kernels/kernel.ts';
import { keyOf, type RowBlock, rowsOfBlock } from './row-store.ts';
import { positionsOf, type Scope, type ScopeSegment, segmentAt } from './scope.ts';
import type { Segment } from './segment.ts';

/** Gives rows of blocks by `keyOf`; those that are lost are missing. */
export type ReadRows = (blocks: readonly RowBlock[]) => Promise<ReadonlyMap<number, Int8Array>>;

/** Rows with their scores, best first. */
export interface Ranking {
  positions: Uint32Array;
  scores: Float64Array;
}

export interface DenseOptions {
  /** Number of rows wanted. */
  depth: number;
  /** Number of candidates whose rows are scored. */
  candidates: number;
  /** Scores every row. */
  exact: boolean;
}

/** As many rows are always all scored: this share of all, or this number. */
const fewShare = 1 / 64;
const fewRows = 1024;
/** Where fewer than this share of the rows take part, they are picked one by one. */
const pickShare = 1 / 8;
/** Rows that are gathered at once. */
const gatherRows = 4096;

/** Scores rows of one query. */
export class DenseSearch {
  readonly #kernel: Kernel;
  readonly #scope: Scope;
  readonly #query: PreparedQuery;
  readonly #readRows: ReadRows;

  constructor(kernel: Kernel, scope: Scope, vector: Float32Array, readRows: ReadRows) {
    this.#kernel = kernel;
    this.#scope = scope;
    this.#query = kernel.prepare(vector);
    this.#readRows = readRows;
  }

  /** The best rows; more than `depth` where their scores are known anyway. */
  async rank({ depth, candidates, exact }: DenseOptions): Promise<Ranking> {
    const { count, rows } = this.#scope;
    const all = exact || count <= Math.max(candidates, fewRows, rows * fewShare);
    if (all && count >= rows * pickShare) return this.#scoreAll(depth);
    const positions = all ? positionsOf(this.#scope) : this.#estimate(candidates);
    const scores = await this.score(positions);
    return sortRanking(positions, scores);
  }

  /** Scores of rows at ascending positions; NaN where a row is lost. */
  async score(positions: Uint32Array): Promise<Float64Array> {
    const scores = new Float64Array(positions.length);
    for (let from = 0; from < positions.length; from += gatherRows) {
      const part = positions.subarray(from, from + gatherRows);
      scores.set(this.#scorePart(part, await this.#readRows(this.#blocksOf(part))), from);
    }
    return scores;
  }

  /** Candidates by their codes, positions ascending. */
  #estimate(candidates: number): Uint32Array {
    const { rotated } = this.#query;
    this.#kernel.begin(this.#query, candidates);
    for (const { segment, first, mask } of this.#scope.segments) {
      let offset = 0;
      for (let index = 0; index < rotated.length; index++) offset += rotated[index]! * segment.centroid[index]!;
      this.#kernel.scanCodes(segment.codes, segment.factors, segment.rows, offset, first, mask);
    }
    return this.#kernel.finish().positions.sort();
  }

  /** Scores every row, a segment at a time, so that not all need to be in memory. */
  async #scoreAll(depth: number): Promise<Ranking> {
    const parts: Ranking[] = [];
    for (const taken of this.#scope.segments) {
      const { segment, first, mask } = taken;
      const blocks = blocksWithRows(taken);
      const rows = await this.#readRows(blocks);
      this.#kernel.begin(this.#query, depth);
      for (const wanted of blocks) {
        const found = rows.get(keyOf(wanted));
        if (!found) continue;
        const { from, to } = rowsOfBlock(segment, wanted.block);
        const part = mask?.subarray(from / groupRows, Math.ceil(to / groupRows));
        this.#kernel.scanRows(found, segment.scales.subarray(from, to), first + from, part);
      }
      parts.push(this.#kernel.finish());
    }
    const count = parts.reduce((sum, part) => sum + part.positions.length, 0);
    const positions = new Uint32Array(count);
    const scores = new Float64Array(count);
    let at = 0;
    for (const part of parts) {
      positions.set(part.positions, at);
      scores.set(part.scores, at);
      at += part.positions.length;
    }
    return sortRanking(positions, scores);
  }

  #blocksOf(positions: Uint32Array): RowBlock[] {
    const blocks: RowBlock[] = [];
    const size = blockRows(this.#kernel.dimension);
    this.#each(positions, (_index, segment, row) => {
      const block = Math.floor(row / size);
      const last = blocks.at(-1);
      if (last?.segment !== segment || last.block !== block) blocks.push({ segment, block });
    });
    return blocks;
  }

  #scorePart(positions: Uint32Array, rows: ReadonlyMap<number, Int8Array>): Float64Array {
    const { dimension } = this.#kernel;
    const size = blockRows(dimension);
    const gathered = new Int8Array(positions.length * dimension);
    const scales = new Float64Array(positions.length);
    this.#each(positions, (index, segment, row) => {
      const block = Math.floor(row / size);
      const found = rows.get(keyOf({ segment, block }));
      const from = (row - block * size) * dimension;
      if (found) gathered.set(found.subarray(from, from + dimension), index * dimension);
      scales[index] = found ? rowScale(segment.scales[row]!) : Number.NaN;
    });
    const dots = this.#kernel.dots(this.#query, gathered, Uint32Array.from(positions.keys()));
    return scales.map((scale, index) => dots[index]! * scale * this.#query.integerScale);
  }

  #each(positions: Uint32Array, visit: (index: number, segment: Segment, row: number) => void): void {
    const { segments } = this.#scope;
    let at = -1;
    let end = -1;
    for (let index = 0; index < positions.length; index++) {
      const position = positions[index]!;
      if (position >= end) {
        at = segmentAt(this.#scope, position);
        end = segments[at]!.first + segments[at]!.segment.rows;
      }
      visit(index, segments[at]!.segment, position - segments[at]!.first);
    }
  }
}

/** Sorts by score, equal ones by position; leaves out what has no score. */
export function sortRanking(positions: Uint32Array, scores: Float64Array): Ranking {
  const order = [...positions.keys()].filter((index) => !Number.isNaN(scores[index]!));
  order.sort((a, b) => scores[b]! - scores[a]! || positions[a]! - positions[b]!);
  return {
    positions: Uint32Array.from(order, (index) => positions[index]!),
    scores: Float64Array.from(order, (index) => scores[index]!),
  };
}

function blocksWithRows({ segment, mask }: ScopeSegment): RowBlock[] {
  const words = blockRows(segment.dimension) / groupRows;
  const blocks: RowBlock[] = [];
  for (let block = 0; block * words * groupRows < segment.rows; block++) {
    if (!mask || mask.subarray(block * words, (block + 1) * words).some((word) => word !== 0)) blocks.push({ segment, block });
  }
  return blocks;
}
