// Ordinal set: documents by number, as a sorted list where they are few and as bits where they are many.

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
  if (a.kind === 'sorted' || b.kind === 'sorted') {
    const sorted =
      a.kind === 'bits' || (b.kind === 'sorted' && b.count < a.count) ? (b as SortedOrdinals) : (a as SortedOrdinals);
    return keep(sorted, sorted === a ? b : a, 1);
  }
  const words = new Uint32Array(Math.min(a.words.length, b.words.length));
  for (let index = 0; index < words.length; index++) words[index] = a.words[index]! & b.words[index]!;
  return bitSet(words);
}

/** What is in `a` and not in `b`. */
export function subtract(a: OrdinalSet, b: OrdinalSet): OrdinalSet {
  if (a.kind === 'sorted') return keep(a, b, 0);
  const words = a.words.slice();
  if (b.kind === 'bits') {
    const length = Math.min(words.length, b.words.length);
    for (let index = 0; index < length; index++) words[index]! &= ~b.words[index]!;
  } else {
    const { ordinals } = b;
    const inside = firstAtLeast(ordinals, words.length * 32);
    for (let index = 0; index < inside; index++) words[ordinals[index]! >>> 5]! &= ~(1 << (ordinals[index]! & 31));
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

/** The ordinals of `a` that are in `b` (`wanted` 1) or are not (0). */
function keep({ ordinals }: SortedOrdinals, b: OrdinalSet, wanted: 0 | 1): SortedOrdinals {
  const last = ordinals[ordinals.length - 1];
  if (last === undefined) return sortedSet(ordinals);
  const kept = new Uint32Array(ordinals.length);
  let length = 0;
  // Without a branch on what the data says, which no processor could foresee.
  const filter = (words: Uint32Array) => {
    for (let index = 0; index < ordinals.length; index++) {
      const ordinal = ordinals[index]!;
      kept[length] = ordinal;
      length += ((words[ordinal >>> 5]! >>> (ordinal & 31)) & 1) ^ wanted ^ 1;
    }
  };
  if (b.kind === 'bits') {
    filter(atLeast(b.words, (last >>> 5) + 1));
  } else if (b.count < 16 * ordinals.length && preferBits(b.count, last)) {
    filter(toBits(b.ordinals.subarray(0, firstAtLeast(b.ordinals, last + 1)), last + 1).words);
  } else {
    let from = 0;
    for (const ordinal of ordinals) {
      from = firstAtLeast(b.ordinals, ordinal, from);
      if ((b.ordinals[from] === ordinal) === (wanted === 1)) kept[length++] = ordinal;
    }
  }
  return sortedSet(kept.slice(0, length));
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

function atLeast(words: Uint32Array, length: number): Uint32Array {
  if (words.length >= length) return words;
  const longer = new Uint32Array(length);
  longer.set(words);
  return longer;
}

/** Number of bits set. */
export function countBits(words: Uint32Array | Uint16Array): number {
  let count = 0;
  for (let index = 0; index < words.length; index++) {
    // Adds neighbouring bits, pairs, half bytes and bytes in place (Warren, Hacker's Delight, ch. 5).
    let word = words[index]!;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
