// Commit: writes one change of a collection inside a transaction; the manifest, which makes it visible, comes last.
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import { nextTask } from '../../util/async.ts';
import { InpageError } from '../../util/errors.ts';
import type { Manifest, SegmentEntry, Staged, StoredDocument, Writes } from '../disk/database.ts';
import { segmentRows } from '../disk/row-blocks.ts';
import { seal } from '../disk/sealed.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { allRows, clearBits, countBits } from '../mask.ts';
import type { Segment } from '../segment.ts';
import { checkSameSpace } from '../space.ts';
import type { Changes, View } from '../view.ts';
import { createSegment, deleteSegment, groupParts, type NewSegment, provisional, putSegment } from './new-segment.ts';
import { deleteText, stagedDataGone } from './staging.ts';
import type { PendingDocument } from './writer.ts';

/** A document to add, with what it has staged. */
export interface Addition {
  document: PendingDocument;
  staged?: Staged;
}

/** A change of a collection. */
export interface Change {
  additions?: readonly Addition[];
  /** The passages of the additions that are not staged. */
  segments?: readonly NewSegment[];
  /** Ids of documents to remove; those that an addition replaces are added to them. */
  removed?: readonly string[];
  /** Removes everything, the space too, before anything is added. */
  clear?: boolean;
  /** Sets the space. */
  space?: EmbeddingSpace;
  /** What an import has staged. */
  imported?: Imported;
}

/** The documents of an import, whose texts and segments are on disk. */
export interface Imported {
  documents: number;
  /** Length of their texts, UTF-16 code units. */
  units: number;
  segments: readonly SegmentEntry[];
  /** Where the file is from, and its digest. */
  origin?: { name: string; file: string };
  /** Writes their records, which no document has by then. @param order of the first; the others follow it */
  write(tables: Writes, order: number): Promise<void>;
}

/** What a commit did. */
export interface Committed {
  changes: Changes;
  added: readonly StoredDocument[];
  /** Number of documents that are gone, replaced ones included. */
  removed: number;
}

/** Computes the segments of documents that are committed together, which ordinals count from {@link provisional}. */
export async function createSegments(documents: readonly PendingDocument[], kernel: Kernel): Promise<NewSegment[]> {
  const parts = documents.flatMap((document, index) =>
    document.parts.map((part) => ({ ...part, ordinal: document.ordinal ?? provisional + index })),
  );
  const segments: NewSegment[] = [];
  for (const group of groupParts(parts, kernel.dimension, segmentRows(kernel.dimension))) {
    segments.push(createSegment(group, kernel));
    await nextTask();
  }
  return segments;
}

/** The documents that can be committed together; the errors of the others go to `refused` by document id. */
export async function acceptAdditions(
  tables: Writes,
  manifest: Manifest,
  documents: readonly PendingDocument[],
  refused: Map<string, unknown>,
): Promise<Addition[]> {
  const additions: Addition[] = [];
  let { space } = manifest;
  for (const document of documents) {
    try {
      const staged = document.ordinal === undefined ? undefined : await tables.get('staging', document.ordinal);
      if (document.ordinal !== undefined && !staged) throw stagedDataGone(document.head.id);
      space ??= document.space;
      checkSameSpace(space, document.space);
      additions.push({ document, staged });
    } catch (error) {
      if (!InpageError.is(error)) throw error;
      refused.set(document.head.id, error);
    }
  }
  return additions;
}

/**
 * Writes a change on top of `manifest`, at which `view` must be.
 * @returns what it does to the view, to be applied once the transaction is durable
 */
export async function writeCommit(
  tables: Writes,
  view: View,
  manifest: Manifest,
  { additions = [], segments = [], removed: idsToRemove = [], clear = false, space, imported }: Change,
  addedAt: number,
): Promise<Committed> {
  const epoch = manifest.epoch + 1;
  const removed = await findDocuments(
    tables,
    clear ? undefined : [...idsToRemove, ...additions.map(({ document }) => document.head.id)],
  );
  for (const [ordinal, { id, length }] of removed) {
    deleteText(tables, ordinal, length);
    tables.delete('documents', ordinal);
    tables.delete('ids', id);
  }
  const dimension = manifest.space?.dimension ?? 1;
  const live = new Map<number, Uint16Array>();
  const kept = clear ? [] : deleteRowsOf(tables, view, manifest, new Set(removed.keys()), epoch, live);
  const keptIds = new Set(kept.map(({ id }) => id));
  for (const entry of manifest.segments) if (!keptIds.has(entry.id)) deleteSegment(tables, entry, dimension);

  const firstOrdinal = manifest.next;
  let next = manifest.next + additions.length + (imported?.documents ?? 0);
  let units = manifest.units + (imported?.units ?? 0);
  const added = additions.map(({ document, staged }, index): StoredDocument => {
    const order = firstOrdinal + index;
    const ordinal = staged?.ordinal ?? order;
    for (const [block, text] of document.blocks.entries()) tables.put('text', [ordinal, document.firstBlock + block], text);
    if (staged) tables.delete('staging', ordinal);
    const { length, chunks } = document;
    const stored = { ...document.head, length, chunks, addedAt, order };
    units += length;
    tables.put('documents', ordinal, stored);
    tables.put('ids', stored.id, ordinal);
    return stored;
  });
  for (const { length } of removed.values()) units -= length;
  const written = segments.map((segment) => putSegment(tables, next++, segment, firstOrdinal));
  await imported?.write(tables, firstOrdinal + additions.length);
  const staged = [...additions.flatMap((addition) => addition.staged?.segments ?? []), ...(imported?.segments ?? [])];
  const entries = [...kept, ...staged, ...written.map(({ entry }) => entry)];
  const after: Manifest = {
    ...manifest,
    epoch,
    next,
    space: clear ? space : (space ?? manifest.space ?? additions[0]?.document.space),
    segments: entries.sort((a, b) => a.id - b.id),
    documents: manifest.documents + added.length + (imported?.documents ?? 0) - removed.size,
    units,
    origins: originsAfter(clear ? undefined : manifest.origins, imported),
  };
  tables.put('manifest', 'manifest', after);
  const heads = new Map(written.map(({ entry, head }) => [entry.id, head]));
  return { changes: { manifest: after, heads, live, removed: new Set(removed.keys()) }, added, removed: removed.size };
}

function originsAfter(before: Manifest['origins'], imported: Imported | undefined): Manifest['origins'] {
  return imported?.origin ? { ...before, [imported.origin.name]: imported.origin.file } : before;
}

/** Documents by ordinal; without ids all. */
async function findDocuments(tables: Writes, ids: readonly string[] | undefined): Promise<Map<number, StoredDocument>> {
  if (!ids) {
    const [ordinals, documents] = await Promise.all([tables.keys('documents'), tables.values('documents')]);
    return new Map(ordinals.map((ordinal, index) => [ordinal, documents[index]!]));
  }
  const found = new Map<number, StoredDocument>();
  await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const ordinal = await tables.get('ids', id);
      const document = ordinal === undefined ? undefined : await tables.get('documents', ordinal);
      if (document) found.set(ordinal!, document);
    }),
  );
  return found;
}

/** Marks the rows of documents as deleted; gives the segments that still have others. */
function deleteRowsOf(
  tables: Writes,
  view: View,
  manifest: Manifest,
  removed: ReadonlySet<number>,
  epoch: number,
  live: Map<number, Uint16Array>,
): SegmentEntry[] {
  // What a damaged segment has lost is known only as long as it is named, so it goes with the last document that misses it.
  const missed = [...view.incomplete.keys()].some((ordinal) => !removed.has(ordinal));
  return manifest.segments.flatMap((entry) => {
    const segment = view.segments.get(entry.id);
    if (!segment) return missed ? [entry] : [];
    const mask = removed.size > 0 ? withoutDocuments(segment, removed) : undefined;
    if (!mask) return [entry];
    const rows = countBits(mask);
    if (rows === 0) return [];
    live.set(entry.id, mask);
    tables.put('live', entry.id, seal(new Uint8Array(mask.buffer), entry.id));
    return [{ ...entry, deleted: entry.rows - rows, deletedAt: epoch }];
  });
}

/** The live rows of a segment without some documents; undefined where it has none of them. */
function withoutDocuments({ runs, live, rows }: Segment, removed: ReadonlySet<number>): Uint16Array | undefined {
  let mask: Uint16Array | undefined;
  for (let run = 0; run < runs.ordinals.length; run++) {
    if (!removed.has(runs.ordinals[run]!)) continue;
    mask ??= live?.slice() ?? allRows(rows);
    clearBits(mask, runs.starts[run]!, runs.starts[run + 1]!);
  }
  return mask;
}
