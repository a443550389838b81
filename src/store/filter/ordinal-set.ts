// Ordinal set: documents by number, as a sorted list where they are few and as bits where they are many.
import { countBits } from '../mask.ts';

/** Ordinals in ascending order. */
export interface SortedOrdinals {
  readonly kind: 'sorted';
  readonly count: number;
  readonly ordinals: Uint32Array;
}

/** Ordinal o is bit `o % 32` of word `o / 32`, the lowest bit being 0. What lies beyond the words is not in the set. */
export interface OrdinalBits {
  readonly kind: 'bits';
  readonly count: number;
  readonly words: Uint32Array;
}

/** A set of ordinals. It never changes; nor must its arrays be changed, for they are shared. */
export type OrdinalSet = SortedOrdinals | OrdinalBits;

// Up to this many ordinals of the range for one in the set, bits are cheaper than sorting (128 bytes an ordinal at the most).
const sparsest = 1024;

/** Whether a set of so many ordinals below `span` is better kept as bits. */
function preferBits(count: number, span: number): boolean {
  return count * sparsest >= span;
}

/** Ordinals that are in ascending order already. */
export function sortedSet(ordinals: Uint32Array): SortedOrdinals {
  return { kind: 'sorted', count: ordinals.length, ordinals };
}

function bitSet(words: Uint32Array): OrdinalBits {
  return { kind: 'bits', count: countBits(words), words };
}

/** The set as bits if they take no more memory than the list of its ordinals, all of which are below `span`. */
export function denseAsBits(set: OrdinalSet, span: number): OrdinalSet {
  return set.kind === 'sorted' && set.count * 32 >= span ? toBits(set.ordinals, span) : set;
}

/** Distinct ordinals below `span`, in any order. */
export function unsortedSet(ordinals: Uint32Array, span: number): OrdinalSet {
  if (!preferBits(ordinals.length, span)) return sortedSet(ordinals.slice().sort());
  return toBits(ordinals, span);
}

export function hasOrdinal(set: OrdinalSet, ordinal: number): boolean {
  if (set.kind === 'bits') return (((set.words[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1) === 1;
  return set.ordinals[firstAtLeast(set.ordinals, ordinal)] === ordinal;
}

/** The ordinals in ascending order. */
export function toOrdinals(set: OrdinalSet): Uint32Array {
  if (set.kind === 'sorted') return set.ordinals;
  const ordinals = new Uint32Array(set.count);
  let length = 0;
  for (let index = 0; index < set.words.length; index++) {
    for (let word = set.words[index]!; word !== 0; word &= word - 1) {
      ordinals[length++] = (index << 5) | (31 - Math.clz32(word & -word));
    }
  }
  return ordinals;
}

/** What is in both. */
export function intersect(a: OrdinalSet, b: OrdinalSet): OrdinalSet {
  const reach = Math.min(reachOf(a), reachOf(b));
  const [x, y] = [denseAsBits(below(a, reach), reach), denseAsBits(below(b, reach), reach)];
  if (x.kind === 'sorted' && (y.kind === 'bits' || x.count <= y.count)) return keep(x, y, true);
  if (y.kind === 'sorted') return keep(y, x, true);
  const words = new Uint32Array(Math.ceil(reach / 32));
  const [left, right] = [(x as OrdinalBits).words, y.words];
  for (let index = 0; index < words.length; index++) words[index] = left[index]! & right[index]!;
  return bitSet(words);
}

/** What is in `a` and not in `b`. */
export function subtract(a: OrdinalSet, b: OrdinalSet): OrdinalSet {
  const reach = reachOf(a);
  const from = denseAsBits(a, reach);
  if (from.kind === 'sorted') return keep(from, b, false);
  const words = from.words.slice();
  if (b.kind === 'bits') {
    const length = Math.min(words.length, b.words.length);
    for (let index = 0; index < length; index++) words[index]! &= ~b.words[index]!;
  } else {
    const inside = firstAtLeast(b.ordinals, reach);
    for (const ordinal of b.ordinals.subarray(0, inside)) words[ordinal >>> 5]! &= ~(1 << (ordinal & 31));
  }
  return bitSet(words);
}

/** What is in any of the sets, all of whose ordinals are below `span`. */
export function unite(sets: readonly OrdinalSet[], span: number): OrdinalSet {
  if (sets.length === 1) return sets[0]!;
  const total = sets.reduce((sum, { count }) => sum + count, 0);
  if (preferBits(total, span)) {
    const words = emptyWords(span);
    for (const set of sets) {
      if (set.kind === 'sorted') setBits(words, set.ordinals);
      else for (let index = 0; index < set.words.length; index++) words[index]! |= set.words[index]!;
    }
    return bitSet(words);
  }
  const ordinals = new Uint32Array(total);
  let length = 0;
  for (const set of sets) {
    ordinals.set(toOrdinals(set), length);
    length += set.count;
  }
  ordinals.sort();
  length = 0;
  for (const ordinal of ordinals) if (length === 0 || ordinals[length - 1] !== ordinal) ordinals[length++] = ordinal;
  return sortedSet(ordinals.subarray(0, length));
}

/** The set after changes: each ordinal named, all of them below `span`, is then in the set or not. */
export function patch(set: OrdinalSet, changes: ReadonlyMap<number, boolean>, span: number): OrdinalSet {
  if (set.kind === 'sorted' || !preferBits(set.count, span)) {
    const ordinals = new Uint32Array(set.count + changes.size);
    return sortedSet(ordinals.slice(0, mergeChanges(ordinals, toOrdinals(set), changes)));
  }
  const words = emptyWords(span);
  words.set(set.words.subarray(0, words.length));
  for (const [ordinal, added] of changes) {
    const bit = 1 << (ordinal & 31);
    if (added) words[ordinal >>> 5]! |= bit;
    else words[ordinal >>> 5]! &= ~bit;
  }
  return bitSet(words);
}

/** Writes ascending ordinals with changes made to them; gives their number. */
export function mergeChanges(target: Uint32Array, ordinals: Uint32Array, changes: ReadonlyMap<number, boolean>): number {
  let length = 0;
  let from = 0;
  for (const [ordinal, added] of [...changes].sort(([a], [b]) => a - b)) {
    const to = firstAtLeast(ordinals, ordinal, from);
    target.set(ordinals.subarray(from, to), length);
    length += to - from;
    from = ordinals[to] === ordinal ? to + 1 : to;
    if (added) target[length++] = ordinal;
  }
  target.set(ordinals.subarray(from), length);
  return length + ordinals.length - from;
}

/** The ordinals of `a` that are in `b`, or those that are not. */
function keep(a: SortedOrdinals, b: OrdinalSet, wanted: boolean): SortedOrdinals {
  const kept = new Uint32Array(a.count);
  let length = 0;
  let from = 0;
  for (const ordinal of a.ordinals) {
    if (b.kind === 'sorted') from = firstAtLeast(b.ordinals, ordinal, from);
    const found = b.kind === 'sorted' ? b.ordinals[from] === ordinal : hasOrdinal(b, ordinal);
    if (found === wanted) kept[length++] = ordinal;
  }
  return sortedSet(kept.slice(0, length));
}

/** More than the greatest ordinal. */
function reachOf(set: OrdinalSet): number {
  return set.kind === 'bits' ? set.words.length * 32 : set.count === 0 ? 0 : set.ordinals[set.count - 1]! + 1;
}

/** The part of a list that is below `reach`; bits as they are. */
function below(set: OrdinalSet, reach: number): OrdinalSet {
  return set.kind === 'bits' ? set : sortedSet(set.ordinals.subarray(0, firstAtLeast(set.ordinals, reach)));
}

/**
 * The index of the first ordinal that is not less, from `from` up to `to`, which is the answer if there is none.
 * Steps double until they have passed it (Bentley and Yao, 1976), so one that is near is found fast.
 */
export function firstAtLeast(ordinals: Uint32Array, ordinal: number, from = 0, to = ordinals.length): number {
  let low = from;
  let high = from;
  for (let step = 1; high < to && ordinals[high]! < ordinal; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > to) high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordinals[middle]! < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distinct ordinals, all below `span`, as bits. */
function toBits(ordinals: Uint32Array, span: number): OrdinalBits {
  const words = emptyWords(span);
  setBits(words, ordinals);
  return { kind: 'bits', count: ordinals.length, words };
}

function emptyWords(span: number): Uint32Array {
  return new Uint32Array(Math.ceil(span / 32));
}

function setBits(words: Uint32Array, ordinals: Uint32Array): void {
  for (let index = 0; index < ordinals.length; index++) words[ordinals[index]! >>> 5]! |= 1 << (ordinals[index]! & 31);
}
