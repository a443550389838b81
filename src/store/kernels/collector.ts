// Collects the rows that a scan finds and keeps the best of them.
import { InpageError } from '../../util/errors.ts';
import type { Candidates } from './kernel.ts';

/**
 * Rows come in order of position. While there is room all that are above `threshold` are kept; then the best `capacity` are
 * chosen, and their lowest score is the new threshold: a later row with the same score has a higher position, so it loses.
 */
export class Collector {
  /** Rows kept. */
  count = 0;
  /** Only rows with a higher score are worth adding. */
  threshold = Number.NEGATIVE_INFINITY;
  scores: Float64Array = new Float64Array();
  positions: Uint32Array = new Uint32Array();
  #capacity = 0;
  #sorted = new Float64Array();

  /**
   * How many rows to make room for. More room means fewer choices, and a threshold that rises later.
   * @throws InpageError `invalid-argument` for a capacity below 1: choosing would never end
   */
  static room(capacity: number): number {
    if (!(capacity >= 1)) throw new InpageError('invalid-argument', `A scan keeps one row or more, not ${capacity}.`);
    return 4 * capacity + 64;
  }

  /** Starts again with no rows. @param scores room for {@link Collector.room} rows, as have the `positions` */
  begin(capacity: number, scores: Float64Array, positions: Uint32Array): void {
    this.#capacity = capacity;
    this.count = 0;
    this.threshold = Number.NEGATIVE_INFINITY;
    this.move(scores, positions);
  }

  /** Goes on in another place that holds the same rows. */
  move(scores: Float64Array, positions: Uint32Array): void {
    this.scores = scores;
    this.positions = positions;
  }

  push(score: number, position: number): void {
    if (this.count === this.scores.length) this.choose();
    if (score <= this.threshold) return;
    this.scores[this.count] = score;
    this.positions[this.count++] = position;
  }

  /** Keeps the best `capacity` rows, in order of position. */
  choose(): void {
    const { scores, positions, count } = this;
    if (count <= this.#capacity) return;
    if (this.#sorted.length < count) this.#sorted = new Float64Array(scores.length);
    this.#sorted.set(scores.subarray(0, count));
    const lowest = nthLargest(this.#sorted, count, this.#capacity);
    let ties = this.#capacity;
    for (let at = 0; at < count; at++) if (scores[at]! > lowest) ties--;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      if (scores[at]! < lowest || (scores[at] === lowest && ties-- <= 0)) continue;
      scores[kept] = scores[at]!;
      positions[kept++] = positions[at]!;
    }
    this.count = kept;
    this.threshold = lowest;
  }

  /** The best `capacity` rows, best first; equal scores in order of position. */
  finish(): Candidates {
    this.choose();
    const order = orderByScore(this.scores, this.count);
    const candidates = { positions: new Uint32Array(order.length), scores: new Float64Array(order.length) };
    for (let at = 0; at < order.length; at++) {
      candidates.positions[at] = this.positions[order[at]!]!;
      candidates.scores[at] = this.scores[order[at]!]!;
    }
    // The places may be views of memory that is gone by the next scan.
    this.begin(0, new Float64Array(), new Uint32Array());
    return candidates;
  }
}

/** The value of rank `n`, from 1, among the first `count`; it shuffles them. (Hoare, "Find", CACM 1961.) */
function nthLargest(values: Float64Array, count: number, n: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (n - 1 <= right) high = right;
    else if (n - 1 >= left) low = left;
    else break;
  }
  return values[n - 1]!;
}

/** Indices by falling score, equal ones in their order: a bottom-up merge sort, since a comparator costs more than the scan. */
function orderByScore(scores: Float64Array, count: number): Uint32Array {
  let order = new Uint32Array(count);
  for (let at = 0; at < count; at++) order[at] = at;
  let merged = new Uint32Array(count);
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(middle + width, count);
      for (let at = start, left = start, right = middle; at < end; at++) {
        const takesLeft = right >= end || (left < middle && scores[order[left]!]! >= scores[order[right]!]!);
        merged[at] = takesLeft ? order[left++]! : order[right++]!;
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
