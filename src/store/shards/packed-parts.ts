// The parts of a scan on their way to another thread: two arrays are cloned much faster than hundreds of objects.
import type { ShardPart } from './shard.ts';

/** Parts in two arrays, which can be moved. */
export interface PackedParts {
  /** Four a part: id, first, offset, words of its mask (0: none). */
  numbers: Float64Array<ArrayBuffer>;
  /** All masks, one after the other. */
  masks: Uint16Array<ArrayBuffer>;
}

const width = 4;

export function packParts(parts: readonly ShardPart[]): PackedParts {
  const numbers = new Float64Array(parts.length * width);
  const masks = new Uint16Array(parts.reduce((words, { mask }) => words + (mask?.length ?? 0), 0));
  let words = 0;
  for (const [index, { id, first, offset, mask }] of parts.entries()) {
    numbers.set([id, first, offset, mask?.length ?? 0], index * width);
    if (mask) masks.set(mask, words);
    words += mask?.length ?? 0;
  }
  return { numbers, masks };
}

/** The parts again; masks are views. */
export function unpackParts({ numbers, masks }: PackedParts): ShardPart[] {
  const parts: ShardPart[] = [];
  let words = 0;
  for (let at = 0; at < numbers.length; at += width) {
    const [id, first, offset, length] = numbers.subarray(at, at + width) as unknown as [number, number, number, number];
    parts.push({ id, first, offset, mask: length > 0 ? masks.subarray(words, words + length) : undefined });
    words += length;
  }
  return parts;
}
