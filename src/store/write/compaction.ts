// Compaction: rewrites segments with deleted rows and merges small ones, a few at a time, beside searching and writing. A step
// commits only if nobody has touched its segments meanwhile, so it can be dropped at any moment.
import { nextTask } from '../../util/async.ts';
import { InpageError } from '../../util/errors.ts';
import { type Database, type Manifest, type Reads, readManifest, type SegmentEntry, type Writes } from '../disk/database.ts';
import { blockRows, countRowBlocks, openRowBlock, segmentRows } from '../disk/row-blocks.ts';
import { unseal } from '../disk/sealed.ts';
import { groupRows, type Kernel } from '../kernels/kernel.ts';
import { encodeWordless } from '../lexical/encode.ts';
import type { LexicalBuffers } from '../lexical/layout.ts';
import { type MergePart, mergeLexical } from '../lexical/merge.ts';
import { hasRow } from '../mask.ts';
import type { Segment } from '../segment.ts';
import type { Changes, View } from '../view.ts';
import { joinParts, type Part } from './draft.ts';
import { deleteSegment, type NewSegment, putSegment } from './new-segment.ts';

/** Segments of one step: what is left of them becomes one segment. */
export type Step = readonly SegmentEntry[];

/** A plan, which holds for one collection only: another of its name numbers its segments anew. */
export interface Plan {
  collection: string;
  steps: readonly Step[];
}

// Segments of one tier are merged when there are so many; a tier has eight times the rows of the one below.
const tierWidth = 8;
// In the background a segment is rewritten when more than this share of it is deleted.
const tolerated = 0.2;

/**
 * What is to be done.
 * @param thorough leaves nothing deleted and no two segments that fit into one
 * @param broken segments whose records cannot be read, which stay as they are
 */
export function planCompaction(view: View, dimension: number, thorough: boolean, broken: WeakSet<Segment> = new WeakSet()): Plan {
  const { collection, segments } = view.manifest;
  const full = segmentRows(dimension);
  // What is damaged stays as it is: it tells which documents have lost passages.
  const sound = segments.filter(({ id }) => {
    const segment = view.segments.get(id);
    return segment && !segment.damaged && !broken.has(segment);
  });
  const live = (entry: SegmentEntry) => entry.rows - entry.deleted;
  const dirty = (entry: SegmentEntry) => entry.deleted > (thorough ? 0 : entry.rows * tolerated);
  const small = sound.filter((entry) => live(entry) <= full / 2);
  const steps: Step[] = [];
  if (thorough) steps.push(...fill(small, live, full));
  else {
    const tiers = new Map<number, SegmentEntry[]>();
    for (const entry of small) {
      const tier = Math.floor(Math.log(Math.max(1, live(entry))) / Math.log(tierWidth));
      tiers.set(tier, [...(tiers.get(tier) ?? []), entry]);
    }
    for (const tier of tiers.values()) if (tier.length >= tierWidth) steps.push(...fill(tier, live, full));
  }
  const merged = new Set(steps.flat());
  for (const entry of sound) if (!merged.has(entry) && dirty(entry)) steps.push([entry]);
  return { collection, steps };
}

/** Puts neighbours together as long as they fit. */
function fill(entries: readonly SegmentEntry[], live: (entry: SegmentEntry) => number, full: number): SegmentEntry[][] {
  const steps: SegmentEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    if (live(entry) > room) {
      steps.push([]);
      room = full;
    }
    steps.at(-1)!.push(entry);
    room -= live(entry);
  }
  return steps.filter((step) => step.length > 1);
}

/**
 * Takes one step.
 * @returns what it does to the view; undefined where the segments have changed meanwhile
 * @throws InpageError `data-corrupt` for records that a search would report
 */
export async function compactStep(
  database: Database,
  view: View,
  { collection }: Plan,
  step: Step,
  kernel: Kernel,
): Promise<Changes | undefined> {
  if (view.manifest.collection !== collection) return undefined;
  const sources = step.flatMap((entry) => view.segments.get(entry.id) ?? []);
  if (sources.length < step.length || sources.some((segment) => segment.damaged)) return undefined;
  const read = await database.read(async (tables) =>
    (await isCurrent(tables, collection, step)) ? Promise.all(sources.map((source) => readSource(tables, source))) : undefined,
  );
  if (!read) return undefined;
  const segment = await merge(read, kernel);
  return database.write('relaxed', async (tables) => {
    const manifest = await readManifest(tables);
    if (!(await isCurrent(tables, collection, step))) return undefined;
    return writeStep(tables, manifest, step, segment, kernel.dimension);
  });
}

/** A segment as it is read to be rewritten. */
export interface Source extends LexicalBuffers {
  segment: Segment;
  rows: Int8Array;
  /** Whether it has words. */
  lexical: boolean;
}

/** @throws InpageError `data-corrupt` */
export async function readSource(tables: Reads, segment: Segment): Promise<Source> {
  const { id, dimension } = segment;
  const blocks = countRowBlocks(segment.rows, dimension);
  const [postings, positions, ...found] = await Promise.all([
    tables.get('postings', id),
    tables.get('positions', id),
    ...Array.from({ length: blocks }, (_, block) => tables.get('rows', [id, block])),
  ]);
  const rows = new Int8Array(segment.rows * dimension);
  for (const [block, buffer] of found.entries()) {
    const part = openRowBlock(buffer, id, block);
    // What is deleted need not be whole.
    if (!part && hasLiveRows(segment, block)) throw damaged(id);
    if (part) rows.set(part, block * blockRows(dimension) * dimension);
  }
  const lexical = segment.entry.bytes.lexical > 0;
  const words = lexical
    ? { postings: openRecord(postings, id), positions: openRecord(positions, id) }
    : encodeWordless(segment.rows);
  return { segment, rows, lexical, ...words };
}

function hasLiveRows({ live, dimension }: Segment, block: number): boolean {
  const words = blockRows(dimension) / groupRows;
  return !live || live.subarray(block * words, (block + 1) * words).some((word) => word !== 0);
}

/** Rows of one run that follow each other. */
interface Piece extends Part {
  source: Source;
  /** First row in the source. */
  row: number;
}

/** One segment of what is left of others. */
export async function merge(sources: readonly Source[], kernel: Kernel): Promise<NewSegment> {
  const pieces = sources.flatMap(liveRuns).sort((a, b) => a.ordinal - b.ordinal || a.chunk - b.chunk);
  const draft = joinParts(pieces, kernel.dimension);
  await nextTask();
  const codes = kernel.encodeCodes(draft.rows, draft.scales);
  await nextTask();
  return { draft, codes, lexical: sources.some(({ lexical }) => lexical) ? mergeLexical(lexicalParts(pieces)) : undefined };
}

/** What is left of a source, a piece a document. */
function liveRuns(source: Source): Piece[] {
  const { segment, rows } = source;
  const { dimension, runs, scales, live } = segment;
  const spans = segment.spans();
  const pieces: Piece[] = [];
  for (let run = 0; run < runs.ordinals.length; run++) {
    const [from, to] = [runs.starts[run]!, runs.starts[run + 1]!];
    // All rows of a document are deleted together.
    if (!hasRow(live, from)) continue;
    pieces.push({
      source,
      row: from,
      ordinal: runs.ordinals[run]!,
      chunk: runs.chunks[run]!,
      spans: spans.subarray(from * 2, to * 2),
      rows: rows.subarray(from * dimension, to * dimension),
      scales: scales.subarray(from, to),
    });
  }
  return pieces;
}

/** The lexical rows in the order of the pieces; neighbours from one source together. */
function lexicalParts(pieces: readonly Piece[]): MergePart[] {
  const parts: { source: Source; keep: number[] }[] = [];
  for (const { source, row, scales } of pieces) {
    const last = parts.at(-1);
    const follows = last?.source === source && last.keep.at(-1)! < row;
    const keep = follows ? last.keep : [];
    for (let index = 0; index < scales.length; index++) keep.push(row + index);
    if (!follows) parts.push({ source, keep });
  }
  return parts.map(({ source, keep }) => ({
    postings: source.postings,
    positions: source.positions,
    keep: Uint32Array.from(keep),
  }));
}

function writeStep(tables: Writes, manifest: Manifest, step: Step, segment: NewSegment, dimension: number): Changes {
  const gone = new Set(step.map(({ id }) => id));
  for (const entry of step) deleteSegment(tables, entry, dimension);
  const kept = manifest.segments.filter(({ id }) => !gone.has(id));
  const written = segment.draft.scales.length > 0 ? putSegment(tables, manifest.next, segment, 0) : undefined;
  const after: Manifest = {
    ...manifest,
    epoch: manifest.epoch + 1,
    next: manifest.next + 1,
    segments: written ? [...kept, written.entry] : kept,
  };
  tables.put('manifest', 'manifest', after);
  return { manifest: after, heads: new Map(written ? [[written.entry.id, written.head]] : []), live: new Map() };
}

async function isCurrent(tables: Reads, collection: string, step: Step): Promise<boolean> {
  const manifest = await readManifest(tables);
  const entries = new Map(manifest.segments.map((entry) => [entry.id, entry]));
  return manifest.collection === collection && step.every(({ id, deletedAt }) => entries.get(id)?.deletedAt === deletedAt);
}

function openRecord(buffer: ArrayBuffer | undefined, id: number): ArrayBuffer {
  const bytes = unseal(buffer, id);
  if (!bytes) throw damaged(id);
  return bytes.slice().buffer;
}

function damaged(id: number): InpageError {
  return new InpageError('data-corrupt', `A record of segment ${id} of the collection is damaged. Add its documents again.`, {
    detail: { segment: id },
  });
}
