// New segments: computed before a transaction, which gives them their numbers and writes them.
import type { SegmentEntry, Writes } from '../disk/database.ts';
import { deleteRows, putRows } from '../disk/row-blocks.ts';
import { seal } from '../disk/sealed.ts';
import type { EncodedCodes, Kernel } from '../kernels/kernel.ts';
import type { AnalyzedRow } from '../lexical/analyzer.ts';
import { encodeLexical } from '../lexical/encode.ts';
import type { LexicalBuffers } from '../lexical/layout.ts';
import { countRows, type Draft, joinParts, type Part, packHead } from './draft.ts';

/** Passages with what the lexical index needs of them. */
export interface AnalyzedPart extends Part {
  analyzed: readonly AnalyzedRow[];
}

/** Cuts parts, in order, into groups of at most `limit` rows. */
export function groupParts(parts: readonly AnalyzedPart[], dimension: number, limit: number): AnalyzedPart[][] {
  const groups: AnalyzedPart[][] = [];
  let room = 0;
  for (const part of parts) {
    for (let from = 0; from < countRows(part); ) {
      if (room === 0) {
        groups.push([]);
        room = limit;
      }
      const to = Math.min(countRows(part), from + room);
      groups.at(-1)!.push(slicePart(part, dimension, from, to));
      room -= to - from;
      from = to;
    }
  }
  return groups;
}

/** Rows `from` to before `to`, as views. */
function slicePart(part: AnalyzedPart, dimension: number, from: number, to: number): AnalyzedPart {
  return {
    ordinal: part.ordinal,
    chunk: part.chunk + from,
    spans: part.spans.subarray(from * 2, to * 2),
    rows: part.rows.subarray(from * dimension, to * dimension),
    scales: part.scales.subarray(from, to),
    analyzed: part.analyzed.slice(from, to),
  };
}

/** A segment without a number. */
export interface NewSegment {
  draft: Draft;
  codes: EncodedCodes;
  /** Missing where no passage has a word. */
  lexical?: LexicalBuffers;
}

/** A segment as it was written. */
export interface WrittenSegment {
  entry: SegmentEntry;
  head: ArrayBuffer;
}

/**
 * Ordinals from here on count the documents of a commit that have no number yet: the transaction puts the first number it has free
 * in place of this one.
 */
export const provisional = 2 ** 31;

/** Computes a segment of passages. */
export function createSegment(parts: readonly AnalyzedPart[], kernel: Kernel): NewSegment {
  const sorted = [...parts].sort((a, b) => a.ordinal - b.ordinal || a.chunk - b.chunk);
  const draft = joinParts(sorted, kernel.dimension);
  return {
    draft,
    codes: kernel.encodeCodes(draft.rows, draft.scales),
    lexical: encodeWords(sorted.flatMap((part) => part.analyzed)),
  };
}

/**
 * Writes a segment.
 * @param firstOrdinal what {@link provisional} stands for
 */
export function putSegment(
  tables: Writes,
  id: number,
  { draft, codes, lexical }: NewSegment,
  firstOrdinal: number,
): WrittenSegment {
  const ordinals = draft.table.ordinals.map((ordinal) =>
    ordinal >= provisional ? ordinal - provisional + firstOrdinal : ordinal,
  );
  const head = packHead(id, { ...draft, table: { ...draft.table, ordinals } }, codes);
  return { head, entry: putRecords(tables, id, codes.centroid.length, { head, rows: draft.rows, lexical }) };
}

/** What is on disk of a segment. */
export interface SegmentRecords {
  head: ArrayBuffer;
  rows: Int8Array;
  /** There only where there are words. */
  lexical?: { postings: ArrayBuffer | Uint8Array; positions: ArrayBuffer | Uint8Array };
}

/** Writes the records of a segment; gives what the manifest is to say of it. */
export function putRecords(tables: Writes, id: number, dimension: number, { head, rows, lexical }: SegmentRecords): SegmentEntry {
  tables.put('segments', id, head);
  const bytes = { vectors: head.byteLength + putRows(tables, id, dimension, rows), lexical: 0 };
  if (lexical) {
    for (const table of ['postings', 'positions'] as const) {
      const stored = lexical[table];
      const sealed = seal(stored instanceof Uint8Array ? stored : new Uint8Array(stored), id);
      tables.put(table, id, sealed);
      bytes.lexical += sealed.byteLength;
    }
  }
  return { id, rows: rows.length / dimension, deleted: 0, deletedAt: 0, bytes };
}

function encodeWords(rows: readonly AnalyzedRow[]): LexicalBuffers | undefined {
  return rows.some(({ text, title }) => text.terms.length + title.terms.length > 0) ? encodeLexical(rows) : undefined;
}

/** Deletes a segment. */
export function deleteSegment(tables: Writes, { id, rows }: SegmentEntry, dimension: number): void {
  tables.delete('segments', id);
  deleteRows(tables, id, dimension, rows);
  for (const table of ['live', 'postings', 'positions'] as const) tables.delete(table, id);
}
