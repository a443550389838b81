// Upgrade: converts a collection of format 1 (float vectors in segments, no lexical index) step by step. Each step is one
// transaction, so one that is cut off goes on at the next opening.

import { murmur3 } from '../../util/hash.ts';
import { headingPaths } from '../../util/heading-path.ts';
import { type Database, formatVersion, type Manifest, type Reads, readManifest, type SegmentEntry } from '../disk/database.ts';
import { readSlice } from '../disk/text-blocks.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { prepareKernels } from '../kernels/open-kernel.ts';
import type { AnalyzedRow, Analyzer } from '../lexical/analyzer.ts';
import { documentLanguage } from '../lexical/guess-language.ts';
import { packSpans } from './draft.ts';
import { type AnalyzedPart, createSegment, putSegment } from './new-segment.ts';

/** An entry of format 1. */
interface OldEntry {
  id: number;
  rows: number;
  bytes: number;
  checksum: number;
}

/** The manifest while it is converted. */
interface OldManifest extends Omit<Manifest, 'segments' | 'documents' | 'units'> {
  /** Those still to be converted. */
  segments: readonly OldEntry[];
  converted?: readonly SegmentEntry[];
}

/** Brings a collection to the present format. */
export async function upgradeCollection(database: Database, analyzer: Analyzer): Promise<void> {
  for (;;) {
    const manifest = await database.read(readManifest);
    if (manifest.format >= formatVersion) return;
    const old = manifest as unknown as OldManifest;
    const [entry] = old.segments;
    if (entry) await convertSegment(database, old, entry, analyzer);
    else await finish(database);
  }
}

async function convertSegment(database: Database, old: OldManifest, entry: OldEntry, analyzer: Analyzer): Promise<void> {
  const { dimension } = old.space!;
  const { kernel } = (await prepareKernels())(dimension);
  const found = await database.read((tables) => readOldSegment(tables, entry, dimension));
  // What fails its checksum stays where it is, so that the loss is reported when the collection is opened.
  const segment = found && createSegment(await toParts(found, kernel, analyzer), kernel);
  await database.write('strict', async (tables) => {
    const manifest = (await readManifest(tables)) as unknown as OldManifest;
    // Another tab may have been faster.
    if (manifest.format >= formatVersion || manifest.segments[0]?.id !== entry.id) return;
    let { next } = manifest;
    const lost = { id: entry.id, rows: entry.rows, deleted: 0, deletedAt: 0, bytes: { vectors: entry.bytes, lexical: 0 } };
    if (segment) tables.delete('segments', entry.id);
    const converted = segment ? putSegment(tables, next++, segment, 0).entry : lost;
    const after = {
      ...manifest,
      next,
      segments: manifest.segments.slice(1),
      converted: [...(manifest.converted ?? []), converted],
    };
    tables.put('manifest', 'manifest', after as unknown as Manifest);
  });
}

/** Numbers of documents by id, counts, and the new manifest. */
async function finish(database: Database): Promise<void> {
  await database.write('strict', async (tables) => {
    const { converted = [], ...manifest } = (await readManifest(tables)) as unknown as OldManifest;
    if (manifest.format >= formatVersion || manifest.segments.length > 0) return;
    const [ordinals, documents] = await Promise.all([tables.keys('documents'), tables.values('documents')]);
    let units = 0;
    for (const [index, ordinal] of ordinals.entries()) {
      units += documents[index]!.length;
      tables.put('ids', documents[index]!.id, ordinal);
    }
    for (const staged of await tables.values('staging')) {
      // Its writer ran the old version and is gone.
      for (const { id } of staged.segments) tables.delete('segments', id);
      for (let block = 0; block < staged.blocks; block++) tables.delete('text', [staged.ordinal, block]);
      tables.delete('staging', staged.ordinal);
    }
    tables.put('manifest', 'manifest', {
      ...manifest,
      format: formatVersion,
      epoch: manifest.epoch + 1,
      segments: [...converted].sort((a, b) => a.id - b.id),
      documents: documents.length,
      units,
    });
  });
}

/** A passage of an old segment. */
interface OldRow {
  ordinal: number;
  chunk: number;
  start: number;
  end: number;
  vector: Float32Array;
  text: string;
  title: string;
}

/** Header of six words (magic, version, dimension, rows, payload bytes, checksum), four words a row, then the vectors. */
async function readOldSegment(tables: Reads, entry: OldEntry, dimension: number): Promise<OldRow[] | undefined> {
  const buffer = await tables.get('segments', entry.id);
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== entry.bytes || entry.bytes % 4 !== 0) return undefined;
  const words = new Uint32Array(buffer);
  if (words[1] !== 1 || words[3] !== entry.rows || murmur3(words.subarray(6)) !== entry.checksum) return undefined;
  const vectors = new Float32Array(buffer, (6 + entry.rows * 4) * 4);
  const rows: OldRow[] = [];
  for (let row = 0; row < entry.rows; row++) {
    const [ordinal, chunk, start, end] = words.subarray(6 + row * 4, 10 + row * 4) as unknown as [number, number, number, number];
    const document = await tables.get('documents', ordinal);
    if (!document) continue;
    const title = [document.title, ...headingPaths(document.sections)(start, end)].join('\n');
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    // A text that is damaged has no words; reading it tells.
    const text = await readSlice(tables, ordinal, start, end).catch(() => '');
    rows.push({ ordinal, chunk, start, end, vector, title, text });
  }
  return rows.sort((a, b) => a.ordinal - b.ordinal || a.chunk - b.chunk);
}

/** A part a document, or more where passages between are in another segment. */
async function toParts(rows: readonly OldRow[], kernel: Kernel, analyzer: Analyzer): Promise<AnalyzedPart[]> {
  const groups: OldRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.at(-1);
    if (last?.ordinal === row.ordinal && last.chunk + 1 === row.chunk) groups.at(-1)!.push(row);
    else groups.push([row]);
  }
  return Promise.all(
    groups.map(async (group) => {
      const vectors = new Float32Array(group.length * kernel.dimension);
      for (const [index, { vector }] of group.entries()) vectors.set(vector, index * kernel.dimension);
      return {
        ordinal: group[0]!.ordinal,
        chunk: group[0]!.chunk,
        spans: packSpans(group),
        ...kernel.encodeRows(vectors),
        analyzed: await analyze(group, analyzer),
      };
    }),
  );
}

async function analyze(group: readonly OldRow[], analyzer: Analyzer): Promise<AnalyzedRow[]> {
  const language = documentLanguage(group.map(({ text }) => text).join('\n'));
  await analyzer.load([language]);
  return group.map(({ text, title }) => analyzer.row(language, text, title));
}
