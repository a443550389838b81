// What the shader has found, scored exactly and brought into order: the same rows and scores as those of any kernel.
import { lastFitting } from '../../util/search.ts';
import { Collector } from '../kernels/collector.ts';
import { type Candidates, estimateScore, type PreparedQuery } from '../kernels/kernel.ts';
import type { BlockRun } from './code-pages.ts';
import { blockRows, foundHead, foundWords } from './shader.ts';

/** What a query is read with. */
export interface FoundOptions {
  query: PreparedQuery;
  /** Number of the query. */
  index: number;
  capacity: number;
  /** Number of rows that took part. */
  count: number;
  /** By ascending block. */
  parts: readonly { run: BlockRun; first: number; offsets: Float64Array }[];
}

/**
 * @param found the words of one query
 * @returns undefined where more rows may be among the best than there was room for
 */
export function readFound(found: Uint32Array, { query, index, capacity, count, parts }: FoundOptions): Candidates | undefined {
  const room = (found.length - foundHead) / foundWords;
  const [blocks, rows] = [found[0]!, found[1]!];
  // Too few: the GPU has not done what it should.
  if (blocks > room || rows > room || rows < Math.min(capacity, count)) return undefined;
  const factors = new Float32Array(found.buffer, found.byteOffset, found.length);
  const order = new Float64Array(rows);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = foundHead + row * foundWords;
    const { run, first, offsets } = parts[partAt(parts, found[at]! / blockRows)]!;
    scores[row] = estimateScore(query, found[at + 1]!, factors[at + 2]!, Math.fround(offsets[index]!));
    // Position and row in one number: their order is that of the positions.
    order[row] = (first + found[at]! - run.first * blockRows) * room + row;
  }
  order.sort();
  const places = Collector.room(capacity);
  const collector = new Collector();
  collector.begin(capacity, new Float64Array(places), new Uint32Array(places));
  for (const entry of order) collector.push(scores[entry % room]!, Math.floor(entry / room));
  return collector.finish();
}

/** Index of the last part that begins at a block or before. */
function partAt(parts: FoundOptions['parts'], block: number): number {
  return lastFitting(parts.length, (index) => parts[index]!.run.first <= block);
}
