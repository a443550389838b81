// Export: one state of a collection as a file, read a piece at a time beside searching and writing.

import type { ProgressOptions } from '../../spec/call.ts';
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import type { StoreProgress } from '../../spec/store.ts';
import { InpageError } from '../../util/errors.ts';
import { lastFitting } from '../../util/search.ts';
import { createDigest } from '../../util/sha256.ts';
import { formatVersion, type Manifest, type Reads, type SegmentEntry, type StoredDocument } from '../disk/database.ts';
import { decodeRowTable } from '../disk/row-table.ts';
import { decodeHead } from '../disk/segment-head.ts';
import { blockUnits, countBlocks } from '../disk/text-blocks.ts';
import type { LexicalBuffers } from '../lexical/layout.ts';
import { invalid } from '../validate.ts';
import type { View } from '../view.ts';
import { merge, readSource, type Source } from '../write/compaction.ts';
import { packHead } from '../write/draft.ts';
import { packDocument } from './file-document.ts';
import { renumberHead } from './file-segment.ts';
import type { FileHeader } from './format.ts';
import { FrameWriter } from './frame-writer.ts';

/** What an export needs of its store. */
export interface ExportHost {
  view: View;
  /** Reads in a transaction that the view is at. */
  read<T>(work: (tables: Reads) => Promise<T>): Promise<T>;
}

/** Documents read at once, and UTF-16 code units of a frame of text. */
const documentsAtOnce = 256;
const unitsAtOnce = 1 << 18;

/** The state that is exported. */
interface Snapshot {
  manifest: Manifest;
  space: EmbeddingSpace;
  /** Of its documents, ascending. */
  ordinals: Uint32Array;
  /** Length of each document's text, UTF-16 code units. */
  lengths: Uint32Array;
  /** Of each document among the others, in the order of the commits, from 0. */
  ranks: Uint32Array;
  /** Digest of what is in it. */
  id: string;
}

/**
 * Bytes of a file, see `format.ts`, in pieces of at most 1 MiB. Nobody may compact meanwhile.
 * @throws InpageError `invalid-argument` for a collection without a space; `not-found` where a document is removed before it was
 *   read; `data-corrupt`, naming the documents that have lost something
 */
export async function* exportCollection(
  host: ExportHost,
  { signal, onProgress }: ProgressOptions<StoreProgress>,
): AsyncGenerator<Uint8Array> {
  const snapshot = await takeSnapshot(host, signal);
  const { manifest, space, id } = snapshot;
  const { segments, documents, units } = manifest;
  // A byte a component, a bit of its code; and the share of the words.
  const live = ({ rows, deleted, bytes }: SegmentEntry) => (rows - deleted) * (space.dimension * 1.125 + bytes.lexical / rows);
  const total = Math.round(units + segments.reduce((sum, entry) => sum + live(entry), 0));
  const chunks = segments.reduce((sum, { rows, deleted }) => sum + rows - deleted, 0);
  const totals = { documents, chunks, segments: segments.length };
  const header: FileHeader = { ...totals, id, space, bytes: total };

  let done = 0;
  const advance = (bytes: number) => {
    signal?.throwIfAborted();
    done += bytes;
    onProgress?.({ done: Math.min(total, Math.round(done)), total });
  };
  const file = new FrameWriter();
  yield file.begin();
  yield* file.json('header', header);
  let place = 0;
  for await (const group of readDocuments(host, snapshot)) {
    const packed = group.map((document) => packDocument({ ...document, order: snapshot.ranks[place++]! }));
    yield* file.json('documents', packed);
    advance(0);
  }
  for await (const group of readTexts(host, snapshot)) {
    yield* file.json('text', group);
    advance(group.reduce((sum, [, , text]) => sum + text.length, 0));
  }
  for (const [number, entry] of segments.entries()) {
    const { head, rows, lexical } = await readSegment(host, snapshot, entry, number);
    yield* file.frame('head', new Uint8Array(head));
    yield* file.frame('rows', new Uint8Array(rows.buffer, rows.byteOffset, rows.length));
    if (lexical) {
      yield* file.frame('postings', new Uint8Array(lexical.postings));
      yield* file.frame('positions', new Uint8Array(lexical.positions));
    }
    advance(live(entry));
  }
  yield* file.json('end', totals);
}

async function takeSnapshot({ view, read }: ExportHost, signal: AbortSignal | undefined): Promise<Snapshot> {
  const { manifest, ordinals } = await read(async (tables) => {
    if (view.incomplete.size > 0) throw damaged([...view.incomplete.values()]);
    return { manifest: view.manifest, ordinals: Uint32Array.from(await tables.keys('documents')).sort() };
  });
  const { space } = manifest;
  if (!space)
    throw invalid('The collection is empty and has no embedding model yet: there is nothing to export. Add documents first.');
  const lengths = new Uint32Array(ordinals.length);
  const orders = new Float64Array(ordinals.length);
  const digest = createDigest().update(JSON.stringify([formatVersion, space]));
  let place = 0;
  for await (const group of readDocuments({ view, read }, { manifest, ordinals })) {
    signal?.throwIfAborted();
    for (const { id, hash, length, order } of group) {
      digest.update(JSON.stringify([id, hash]));
      orders[place] = order;
      lengths[place++] = length;
    }
  }
  const ranks = new Uint32Array(ordinals.length);
  const sorted = Array.from(orders.keys()).sort((a, b) => orders[a]! - orders[b]!);
  for (const [rank, at] of sorted.entries()) ranks[at] = rank;
  return { manifest, space, ordinals, lengths, ranks, id: digest.hex().slice(0, 32) };
}

async function* readDocuments(
  { view, read }: ExportHost,
  { manifest, ordinals }: Pick<Snapshot, 'manifest' | 'ordinals'>,
): AsyncGenerator<StoredDocument[]> {
  for (let from = 0; from < ordinals.length; from += documentsAtOnce) {
    yield await read(async (tables) => {
      checkCollection(view, manifest);
      const documents = await Promise.all(
        Array.from(ordinals.subarray(from, from + documentsAtOnce), (ordinal) => tables.get('documents', ordinal)),
      );
      return documents.map((document) => document ?? changed());
    });
  }
}

type TextBlock = [document: number, block: number, text: string];

async function* readTexts({ view, read }: ExportHost, { manifest, ordinals, lengths }: Snapshot): AsyncGenerator<TextBlock[]> {
  let wanted: [document: number, block: number][] = [];
  const readWanted = () =>
    read((tables) => {
      checkCollection(view, manifest);
      return Promise.all(
        wanted.map(async ([document, block]): Promise<TextBlock> => {
          const ordinal = ordinals[document]!;
          const text = await tables.get('text', [ordinal, block]);
          if (text !== undefined) return [document, block, text];
          const lost = await tables.get('documents', ordinal);
          throw lost ? damaged([lost.id]) : changed();
        }),
      );
    });
  for (const [document, length] of lengths.entries()) {
    for (let block = 0; block < countBlocks(length); block++) {
      wanted.push([document, block]);
      if (wanted.length * blockUnits < unitsAtOnce) continue;
      yield await readWanted();
      wanted = [];
    }
  }
  if (wanted.length > 0) yield await readWanted();
}

interface ReadSegment {
  head: ArrayBuffer;
  rows: Int8Array;
  lexical?: LexicalBuffers | undefined;
}

/** A segment without its deleted rows, its documents named by their places. */
async function readSegment(host: ExportHost, snapshot: Snapshot, entry: SegmentEntry, place: number): Promise<ReadSegment> {
  const { view, read } = host;
  const { source, head } = await read(async (tables) => {
    checkCollection(view, snapshot.manifest);
    const segment = view.segments.get(entry.id);
    if (!segment || segment.entry.deletedAt !== entry.deletedAt)
      throw view.damaged.has(entry.id) ? damaged([...view.incomplete.values()]) : changed();
    const [source, head] = await Promise.all([readSource(tables, segment), tables.get('segments', entry.id)]);
    return { source, head };
  });
  return entry.deleted > 0
    ? rewrite(source, entry.rows - entry.deleted, snapshot, view, place)
    : copy(source, head, snapshot, place);
}

function copy(
  { segment, rows, lexical, postings, positions }: Source,
  head: ArrayBuffer | undefined,
  snapshot: Snapshot,
  place: number,
): ReadSegment {
  const { id, rows: count, dimension } = segment;
  const opened = decodeHead(head, { id, rows: count, dimension });
  if (!opened) throw damaged([]);
  const { runs, spans } = decodeRowTable(opened.table);
  return {
    head: renumberHead(head!, { ...runs, spans: spans() }, places(runs.ordinals, snapshot), place),
    rows,
    lexical: lexical ? { postings, positions } : undefined,
  };
}

async function rewrite(source: Source, rows: number, snapshot: Snapshot, { kernel }: View, place: number): Promise<ReadSegment> {
  const { draft, codes, lexical } = await merge([source], kernel!);
  // More may have been deleted since it was read.
  if (draft.scales.length !== rows) changed();
  const ordinals = places(draft.table.ordinals, snapshot);
  return { head: packHead(place, { ...draft, table: { ...draft.table, ordinals } }, codes), rows: draft.rows, lexical };
}

/** Places of documents among all of the file. */
function places(ordinals: Uint32Array, { ordinals: all }: Snapshot): Uint32Array {
  return ordinals.map((ordinal) => {
    const place = lastFitting(all.length, (index) => all[index]! <= ordinal);
    return all[place] === ordinal ? place : changed();
  });
}

function checkCollection(view: View, { collection }: Manifest): void {
  if (view.manifest.collection !== collection) changed();
}

function changed(): never {
  throw new InpageError('not-found', 'A document was removed or replaced while the collection was exported. Export again.');
}

function damaged(documents: readonly string[]): InpageError {
  return new InpageError(
    'data-corrupt',
    `Parts of ${documents.length} documents fail their checksum, so the collection cannot be exported whole. ` +
      'Add these documents again or remove them, then export.',
    { detail: { documents } },
  );
}
