// Passages of a document as they are stored, with their vectors taken back from rows.
import type { StoredPassage } from '../spec/store.ts';
import { headingPaths } from '../util/heading-path.ts';
import type { Reads, StoredDocument } from './disk/database.ts';
import { blockRows, openRowBlock } from './disk/row-blocks.ts';
import { rowScale } from './kernels/kernel.ts';
import { createRotation, type Rotation, unrotate } from './kernels/rotation.ts';
import { hasRow } from './mask.ts';
import type { Segment } from './segment.ts';

let rotation: Rotation | undefined;

/** Passages of a document in order, but those that are lost with a damaged record. @param vectors whether vectors are wanted */
export async function storedPassages(
  tables: Reads,
  segments: Iterable<Segment>,
  ordinal: number,
  { id, sections }: StoredDocument,
  vectors: boolean,
): Promise<StoredPassage[]> {
  const headings = headingPaths(sections);
  const found: (StoredPassage & { chunk: number })[] = [];
  for (const segment of segments) {
    const { ordinals, starts, chunks } = segment.runs;
    const run = ordinals.indexOf(ordinal);
    if (run < 0) continue;
    const [from, to] = [starts[run]!, starts[run + 1]!];
    const spans = segment.spans();
    const read = vectors ? await readVectors(tables, segment, from, to) : undefined;
    for (let row = from; row < to; row++) {
      const vector = read?.(row);
      if (!hasRow(segment.visible, row) || (read && !vector)) continue;
      const [start, end] = [spans[row * 2]!, spans[row * 2 + 1]!];
      const chunk = chunks[run]! + row - from;
      found.push({ chunk, id: `${id}#${chunk}`, start, end, headings: headings(start, end), ...(vector && { vector }) });
    }
  }
  return found.sort((a, b) => a.chunk - b.chunk).map(({ chunk: _, ...passage }) => passage);
}

/** Gives the vector of each row of a range; undefined for one that cannot be read. */
async function readVectors(
  tables: Reads,
  { id, dimension, scales }: Segment,
  from: number,
  to: number,
): Promise<(row: number) => Float32Array | undefined> {
  const size = blockRows(dimension);
  const first = Math.floor(from / size);
  const numbers = Array.from({ length: Math.ceil(to / size) - first }, (_, i) => first + i);
  const blocks = await Promise.all(numbers.map(async (block) => openRowBlock(await tables.get('rows', [id, block]), id, block)));
  if (rotation?.dimension !== dimension) rotation = createRotation(dimension);
  const back = rotation;
  return (row) => {
    const block = Math.floor(row / size);
    const at = (row - block * size) * dimension;
    const bytes = blocks[block - first]?.subarray(at, at + dimension);
    if (!bytes) return undefined;
    const vector = Float32Array.from(bytes, (byte) => byte * rowScale(scales[row]!));
    unrotate(vector, back);
    return vector;
  };
}
