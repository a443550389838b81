// Exact search: the dot product of every row, the best k kept in a bounded heap.
import { dot } from './kernels/scalar.ts';
import { rowWords, type Segment } from './segment.ts';

/** A row with its score. */
export interface Found {
  score: number;
  /** Of the document. */
  ordinal: number;
  /** Number of the passage in the document. */
  chunk: number;
  start: number;
  end: number;
}

/**
 * The `k` best rows, best first; equal scores go by ordinal, then by passage, so that the order does not depend on where rows lie.
 * @param allowed whether a document takes part
 */
export function scan(
  segments: Iterable<Segment>,
  query: Float32Array,
  k: number,
  allowed: (ordinal: number) => boolean,
): Found[] {
  const heap: Found[] = [];
  let ordinal = -1;
  let takesPart = false;
  for (const { table, vectors } of segments) {
    for (let word = 0, offset = 0; word < table.length; word += rowWords, offset += query.length) {
      // The rows of a document lie together, so this is asked once a document and segment.
      if (table[word] !== ordinal) {
        ordinal = table[word]!;
        takesPart = allowed(ordinal);
      }
      if (!takesPart) continue;
      const score = dot(query, vectors, offset);
      if (heap.length === k && score < heap[0]!.score) continue;
      const found = { score, ordinal, chunk: table[word + 1]!, start: table[word + 2]!, end: table[word + 3]! };
      if (heap.length < k) push(heap, found);
      else if (isBetter(found, heap[0]!)) replaceWorst(heap, found);
    }
  }
  return heap.sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

function isBetter(a: Found, b: Found): boolean {
  if (a.score !== b.score) return a.score > b.score;
  return a.ordinal !== b.ordinal ? a.ordinal < b.ordinal : a.chunk < b.chunk;
}

// A binary heap with the worst at the top.
function push(heap: Found[], found: Found): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBetter(heap[parent]!, found)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = found;
}

function replaceWorst(heap: Found[], found: Found): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBetter(heap[child]!, heap[child + 1]!)) child++;
    if (!isBetter(found, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = found;
}
