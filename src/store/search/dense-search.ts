// Dense search: codes choose candidates, rows score them. Few rows are all scored.
import { blockRows } from '../disk/row-blocks.ts';
import { type Candidates, groupRows, type Kernel, type PreparedQuery, rowScale } from '../kernels/kernel.ts';
import type { Segment } from '../segment.ts';
import { keyOf, type RowBlock, rowsOfBlock } from './row-store.ts';
import { comparePassages, positionsOf, type Scope, type ScopeSegment, segmentAt } from './scope.ts';

/** Where rows come from. */
export interface RowSource {
  /** The rows of a block that is in memory. */
  get(segment: Segment, block: number): Int8Array | undefined;
  /** Reads blocks that are not; those that are lost are missing. By `keyOf`. */
  read(blocks: readonly RowBlock[]): Promise<ReadonlyMap<number, Int8Array>>;
}

/** Finds the best rows of segments by their codes. What this thread does of it is done before the call returns. */
export type ScanCodes = (
  kernel: Kernel,
  query: PreparedQuery,
  capacity: number,
  segments: readonly ScopeSegment[],
) => Promise<Candidates>;

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

/** Share of the candidates that are scored at once. */
const firstShare = 1 / 4;
/**
 * An estimate is taken to be off by at most the mean error and so many standard deviations. The first ones are those that were
 * estimated too high; with 3 that cost half a hundredth of the recall on MiniLM vectors, with 4 nothing (a quarter is not read).
 */
const reach = 4;

/** A candidate. */
interface Estimated {
  position: number;
  /** Score by its code. */
  estimate: number;
}

const noRows: ReadonlyMap<number, Int8Array> = new Map();

/** Scores rows of one query. */
export class DenseSearch {
  readonly #kernel: Kernel;
  readonly #scope: Scope;
  readonly #query: PreparedQuery;
  readonly #rows: RowSource;
  readonly #scanCodes: ScanCodes;

  constructor(kernel: Kernel, scope: Scope, vector: Float32Array, rows: RowSource, scanCodes: ScanCodes) {
    this.#kernel = kernel;
    this.#scope = scope;
    this.#query = kernel.prepare(vector);
    this.#rows = rows;
    this.#scanCodes = scanCodes;
  }

  /** The best rows; more than `depth` where their scores are known anyway. */
  async rank({ depth, candidates, exact }: DenseOptions): Promise<Ranking> {
    const { count, rows } = this.#scope;
    const all = exact || count <= Math.max(candidates, fewRows, rows * fewShare);
    if (all && count >= rows * pickShare) return this.#scoreAll(depth);
    if (!all) return this.#scoreCandidates(depth, candidates);
    const positions = positionsOf(this.#scope);
    return sortRanking(this.#scope, positions, await this.score(positions));
  }

  /** Scores of rows at ascending positions; NaN where a row is lost. */
  async score(positions: Uint32Array): Promise<Float64Array> {
    const scores = new Float64Array(positions.length);
    for (let from = 0; from < positions.length; from += gatherRows) {
      const part = positions.subarray(from, from + gatherRows);
      const read = this.#inMemory(part) ? noRows : await this.#fetch(this.#blocksOf(part));
      scores.set(this.#scorePart(part, read), from);
    }
    return scores;
  }

  /**
   * Chooses candidates by their codes and scores them: first the most promising ones, then of the others those that could still
   * be among the best, going by how far the codes were off. So fewer rows are read.
   */
  async #scoreCandidates(depth: number, candidates: number): Promise<Ranking> {
    const estimated = sortEstimates(await this.#scanCodes(this.#kernel, this.#query, candidates, this.#scope.segments));
    const first = estimated.slice(0, Math.max(depth * 2, Math.ceil(candidates * firstShare)));
    const firstScores = await this.#scoreEstimated(first);
    const least = scoreAtReach(first, firstScores, depth);
    const second = estimated.slice(first.length).filter(({ estimate }) => estimate >= least);
    const secondScores = await this.#scoreEstimated(second);
    const positions = Uint32Array.from([...first, ...second], ({ position }) => position);
    return sortRanking(this.#scope, positions, Float64Array.from([...firstScores, ...secondScores]));
  }

  /** Scores in the order given. */
  async #scoreEstimated(rows: readonly Estimated[]): Promise<Float64Array> {
    const ascending = [...rows.keys()].sort((a, b) => rows[a]!.position - rows[b]!.position);
    const scores = await this.score(Uint32Array.from(ascending, (index) => rows[index]!.position));
    const ordered = new Float64Array(rows.length);
    for (const [place, index] of ascending.entries()) ordered[index] = scores[place]!;
    return ordered;
  }

  /** Scores every row, a segment at a time, so that not all need to be in memory. */
  async #scoreAll(depth: number): Promise<Ranking> {
    const parts: Ranking[] = [];
    for (const taken of this.#scope.segments) {
      const { segment, first, mask } = taken;
      const blocks = blocksWithRows(taken);
      const rows = await this.#fetch(blocks);
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
    return sortRanking(this.#scope, positions, scores);
  }

  /** Whether all blocks of rows are in memory. */
  #inMemory(positions: Uint32Array): boolean {
    let all = true;
    const size = blockRows(this.#kernel.dimension);
    this.#each(positions, (_index, segment, row) => {
      all &&= this.#rows.get(segment, Math.floor(row / size)) !== undefined;
    });
    return all;
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

  /** The rows of blocks, by `keyOf`. Those in memory are held too, as reading the others may drop them. */
  async #fetch(blocks: readonly RowBlock[]): Promise<ReadonlyMap<number, Int8Array>> {
    const rows = new Map<number, Int8Array>();
    const missing: RowBlock[] = [];
    for (const wanted of blocks) {
      const found = this.#rows.get(wanted.segment, wanted.block);
      if (found) rows.set(keyOf(wanted), found);
      else missing.push(wanted);
    }
    if (missing.length > 0) for (const [key, found] of await this.#rows.read(missing)) rows.set(key, found);
    return rows;
  }

  #scorePart(positions: Uint32Array, read: ReadonlyMap<number, Int8Array>): Float64Array {
    const { dimension } = this.#kernel;
    const size = blockRows(dimension);
    const gathered = new Int8Array(positions.length * dimension);
    const scores = new Float64Array(positions.length);
    const indices = new Uint32Array(positions.length);
    this.#each(positions, (index, segment, row) => {
      const block = Math.floor(row / size);
      const found = read === noRows ? this.#rows.get(segment, block) : read.get(keyOf({ segment, block }));
      const from = (row - block * size) * dimension;
      if (found) gathered.set(found.subarray(from, from + dimension), index * dimension);
      scores[index] = found ? rowScale(segment.scales[row]!) : Number.NaN;
      indices[index] = index;
    });
    const dots = this.#kernel.dots(this.#query, gathered, indices);
    const { integerScale } = this.#query;
    for (let index = 0; index < scores.length; index++) scores[index] = dots[index]! * scores[index]! * integerScale;
    return scores;
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

/** Best first. */
function sortEstimates({ positions, scores }: Candidates): Estimated[] {
  return Array.from(positions, (position, index) => ({ position, estimate: scores[index]! })).sort(
    (a, b) => b.estimate - a.estimate || a.position - b.position,
  );
}

/** The estimate below which a row is out of reach of the best `depth` of those that are scored. */
function scoreAtReach(rows: readonly Estimated[], scores: Float64Array, depth: number): number {
  const errors: number[] = [];
  const known: number[] = [];
  for (const [index, score] of scores.entries()) {
    if (Number.isNaN(score)) continue;
    known.push(score);
    errors.push(score - rows[index]!.estimate);
  }
  if (known.length < depth) return Number.NEGATIVE_INFINITY;
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
  return known.sort((a, b) => b - a)[depth - 1]! - mean - reach * deviation;
}

/** Sorts by score, equal ones by document and passage; leaves out what has no score. */
function sortRanking(scope: Scope, positions: Uint32Array, scores: Float64Array): Ranking {
  const order: number[] = [];
  for (let index = 0; index < scores.length; index++) if (!Number.isNaN(scores[index]!)) order.push(index);
  order.sort((a, b) => scores[b]! - scores[a]! || comparePassages(scope, positions[a]!, positions[b]!));
  const sorted = { positions: new Uint32Array(order.length), scores: new Float64Array(order.length) };
  for (let place = 0; place < order.length; place++) {
    sorted.positions[place] = positions[order[place]!]!;
    sorted.scores[place] = scores[order[place]!]!;
  }
  return sorted;
}

function blocksWithRows({ segment, mask }: ScopeSegment): RowBlock[] {
  const words = blockRows(segment.dimension) / groupRows;
  const blocks: RowBlock[] = [];
  for (let block = 0; block * words * groupRows < segment.rows; block++) {
    if (!mask || mask.subarray(block * words, (block + 1) * words).some((word) => word !== 0)) blocks.push({ segment, block });
  }
  return blocks;
}
