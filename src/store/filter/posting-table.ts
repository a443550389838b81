// Posting table: the documents of each distinct value, with the values in order, so that both a value and a range are found by
// binary search. A table never changes; a change gives a new one.
import { mergeChanges } from './ordinal-set.ts';
import type { Scalar } from './value.ts';

/** A document gains or loses a value. */
export interface Change {
  readonly value: Scalar;
  readonly ordinal: number;
  readonly added: boolean;
}

const nothing = new Uint32Array(0);

/** Distinct values in order (numbers, strings, booleans) with their postings one after the other, each in ascending order. */
export class PostingTable {
  static readonly empty = new PostingTable([], new Uint32Array(1), nothing);

  readonly #values: readonly Scalar[];
  /** Where the posting of each value begins, and the end of the last one. */
  readonly #starts: Uint32Array;
  readonly #ordinals: Uint32Array;

  private constructor(values: readonly Scalar[], starts: Uint32Array, ordinals: Uint32Array) {
    this.#values = values;
    this.#starts = starts;
    this.#ordinals = ordinals;
  }

  /**
   * Makes a table of pairs.
   * @param values without NaN
   * @param ordinals of the values; ascending, and no pair twice
   */
  static from(values: readonly Scalar[], ordinals: readonly number[]): PostingTable {
    if (values.length === 0) return PostingTable.empty;
    const groups = new Map<Scalar, number>();
    const counts: number[] = [];
    const groupOf = new Uint32Array(values.length);
    for (let index = 0; index < values.length; index++) {
      let group = groups.get(values[index]!);
      if (group === undefined) {
        group = counts.length;
        groups.set(values[index]!, group);
        counts.push(0);
      }
      groupOf[index] = group;
      counts[group]!++;
    }
    const distinct = inOrder([...groups.keys()]);
    const starts = new Uint32Array(distinct.length + 1);
    const next = new Uint32Array(distinct.length);
    for (let index = 0; index < distinct.length; index++) {
      const group = groups.get(distinct[index]!)!;
      next[group] = starts[index]!;
      starts[index + 1] = starts[index]! + counts[group]!;
    }
    const sorted = new Uint32Array(values.length);
    for (let index = 0; index < values.length; index++) sorted[next[groupOf[index]!]!++] = ordinals[index]!;
    return new PostingTable(distinct, starts, sorted);
  }

  /** Number of pairs. */
  get size(): number {
    return this.#ordinals.length;
  }

  /** The documents of a value, ascending. Shared: not to be changed. */
  posting(value: Scalar): Uint32Array {
    const index = this.#lowerBound(value);
    return this.#values[index] === value ? this.between(index, index + 1) : nothing;
  }

  /** The values that meet a bound, as indices from `low` up to and without `high`. */
  interval(operator: '$gt' | '$gte' | '$lt' | '$lte', limit: string | number): { low: number; high: number } {
    if (Number.isNaN(limit)) return { low: 0, high: 0 };
    const below = this.#lowerBound(limit);
    const upTo = this.#values[below] === limit ? below + 1 : below;
    switch (operator) {
      case '$gt':
        return { low: upTo, high: this.#endOf(limit) };
      case '$gte':
        return { low: below, high: this.#endOf(limit) };
      case '$lt':
        return { low: this.#startOf(limit), high: below };
      case '$lte':
        return { low: this.#startOf(limit), high: upTo };
    }
  }

  /** The documents of the values from index `low` up to and without `high`, value by value. Shared: not to be changed. */
  between(low: number, high: number): Uint32Array {
    return low < high ? this.#ordinals.subarray(this.#starts[low]!, this.#starts[high]!) : nothing;
  }

  /** The table after changes; of several changes of one pair the last one counts. */
  with(changes: readonly Change[]): PostingTable {
    if (changes.length === 0) return this;
    const byValue = new Map<Scalar, Map<number, boolean>>();
    for (const { value, ordinal, added } of changes) {
      const pairs = byValue.get(value);
      if (pairs) pairs.set(ordinal, added);
      else byValue.set(value, new Map([[ordinal, added]]));
    }
    const values: Scalar[] = [];
    const starts = new Uint32Array(this.#values.length + byValue.size + 1);
    const ordinals = new Uint32Array(this.#ordinals.length + changes.length);
    let length = 0;
    let done = 0;
    const keepUntil = (index: number) => {
      const shift = length - this.#starts[done]!;
      ordinals.set(this.between(done, index), length);
      for (; done < index; done++) {
        values.push(this.#values[done]!);
        starts[values.length] = this.#starts[done + 1]! + shift;
      }
      length = starts[values.length]!;
    };
    for (const value of inOrder([...byValue.keys()])) {
      keepUntil(this.#lowerBound(value));
      const posting = this.posting(value);
      if (posting.length > 0) done++;
      const count = mergeChanges(ordinals.subarray(length), posting, byValue.get(value)!);
      if (count === 0) continue;
      values.push(value);
      length += count;
      starts[values.length] = length;
    }
    keepUntil(this.#values.length);
    return new PostingTable(values, starts.slice(0, values.length + 1), ordinals.slice(0, length));
  }

  /** The index of the first value that is not less. */
  #lowerBound(value: Scalar): number {
    let low = 0;
    let high = this.#values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#values[middle]!, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The least number is -Infinity, the least string '' and the least boolean false.
  #startOf(limit: string | number): number {
    return this.#lowerBound(typeof limit === 'number' ? -Infinity : '');
  }

  #endOf(limit: string | number): number {
    return this.#lowerBound(typeof limit === 'number' ? '' : false);
  }
}

function inOrder(values: readonly Scalar[]): Scalar[] {
  const numbers = Float64Array.from(values.filter((value) => typeof value === 'number')).sort();
  // Without a comparison function strings are sorted by UTF-16 code units, as `<` compares them.
  const strings = values.filter((value) => typeof value === 'string').sort();
  const booleans = values.filter((value) => typeof value === 'boolean').sort();
  return [...numbers, ...strings, ...booleans];
}

function compare(a: Scalar, b: Scalar): number {
  if (typeof a !== typeof b) return rank(a) - rank(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(value: Scalar): number {
  return typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2;
}
