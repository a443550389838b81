// Commit: writes one change of a collection inside a transaction; the manifest, which makes it visible, comes last.
import type { EmbeddingSpace } from '../spec/embedder.ts';
import { InpageError } from '../util/errors.ts';
import type { Manifest, Staged, StoredDocument, Writes } from './database.ts';
import {
  countRows,
  encodeSegment,
  joinRows,
  type Rows,
  rowsPerSegment,
  type Segment,
  setOrdinal,
  sliceRows,
  withoutDocuments,
} from './segment.ts';
import { checkSameSpace } from './space.ts';
import { deleteText, stagedDataGone } from './staging.ts';
import { type Changes, hasRowsOf, type View } from './view.ts';
import type { PendingDocument } from './writer.ts';

/** A document to add, with what it has staged. */
export interface Addition {
  document: PendingDocument;
  staged?: Staged;
}

/** A change of a collection. */
export interface Change {
  additions?: readonly Addition[];
  /** Ordinals of documents to remove; those that an addition replaces are added to them. */
  removed?: ReadonlySet<number>;
  /** Sets the space; `null` resets it. */
  space?: EmbeddingSpace | null;
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
export function writeCommit(
  tables: Writes,
  view: View,
  manifest: Manifest,
  { additions = [], removed: toRemove = new Set(), space }: Change,
  addedAt: number,
): Changes {
  let { next } = manifest;
  const removed = new Set(toRemove);
  const documents = new Map<number, StoredDocument>();
  const rows: Rows[] = [];
  const staged = additions.flatMap((addition) => addition.staged?.segments ?? []);
  const newSpace = space === undefined ? (manifest.space ?? additions[0]?.document.space) : (space ?? undefined);

  for (const { document, staged } of additions) {
    const order = next++;
    const ordinal = staged?.ordinal ?? order;
    const replaced = view.ordinal(document.head.id);
    if (replaced !== undefined) removed.add(replaced);
    setOrdinal(document.rows, ordinal);
    rows.push(document.rows);
    for (const [index, block] of document.blocks.entries()) tables.put('text', [ordinal, document.firstBlock + index], block);
    if (staged) tables.delete('staging', ordinal);
    const { length, chunks } = document;
    const stored = { ...document.head, length, chunks, addedAt, order };
    documents.set(ordinal, stored);
    tables.put('documents', ordinal, stored);
  }
  // Looked up before anything goes: which passages are lost can be told only from all documents together.
  const incomplete = new Set(view.incomplete);
  for (const ordinal of removed) {
    deleteText(tables, ordinal, view.documents.get(ordinal)?.length ?? 0);
    tables.delete('documents', ordinal);
    incomplete.delete(ordinal);
  }

  const plan = planSegments(view, manifest, newSpace?.dimension ?? 0, removed, rows, incomplete.size > 0);
  for (const id of plan.dropped) tables.delete('segments', id);
  const segments: Segment[] = [];
  for (const part of plan.parts) {
    const { segment, buffer } = encodeSegment(next++, newSpace!.dimension, part);
    tables.put('segments', segment.entry.id, buffer);
    segments.push(segment);
  }
  const written: Manifest = {
    ...manifest,
    epoch: manifest.epoch + 1,
    next,
    space: newSpace,
    segments: [...plan.kept, ...staged, ...segments.map((segment) => segment.entry)],
  };
  tables.put('manifest', 'manifest', written);
  return { manifest: written, documents, removed, segments };
}

/**
 * Chooses which segments stay, which go, and how the rows of the latter and the new ones are packed. Small segments no more than
 * twice as large as what is written are merged into it, so that their number stays logarithmic and each row is rewritten seldom.
 */
function planSegments(
  view: View,
  manifest: Manifest,
  dimension: number,
  removed: ReadonlySet<number>,
  added: readonly Rows[],
  keepDamaged: boolean,
) {
  const dropped: number[] = [];
  const pending: Rows[] = [...added];
  let kept = manifest.segments.filter(({ id }) => {
    const segment = view.segments.get(id);
    const keep = segment ? removed.size === 0 || !hasRowsOf(segment, removed) : keepDamaged;
    if (!keep) dropped.push(id);
    if (!keep && segment) pending.push(withoutDocuments(segment, segment.vectors.length / segment.entry.rows, removed));
    return keep;
  });
  let count = pending.reduce((sum, rows) => sum + countRows(rows), 0);
  const full = rowsPerSegment(dimension);
  const small = kept.filter(({ id, rows }) => rows < full && view.segments.has(id)).sort((a, b) => a.rows - b.rows);
  for (const { id, rows } of small) {
    if (count === 0 || rows > 2 * count) break;
    pending.push(view.segments.get(id)!);
    count += rows;
    dropped.push(id);
    kept = kept.filter((entry) => entry.id !== id);
  }
  const rows = joinRows(pending, dimension);
  const parts: Rows[] = [];
  for (let from = 0; from < count; from += full) parts.push(sliceRows(rows, dimension, from, Math.min(from + full, count)));
  return { kept, dropped, parts };
}
