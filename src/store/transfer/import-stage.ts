// Import stage: what has come of a file, put on disk a few megabytes at a time and named by nothing until its commit. What an
// import that is killed leaves behind goes at the next open, see `staging.ts`.
import { InpageError } from '../../util/errors.ts';
import {
  type Database,
  type Reads,
  readManifest,
  type SegmentEntry,
  type Staged,
  type StoredDocument,
  type Writes,
} from '../disk/database.ts';
import { blockUnits, countBlocks, readSlice } from '../disk/text-blocks.ts';
import type { Imported } from '../write/commit.ts';
import { provisional, putRecords } from '../write/new-segment.ts';
import { deleteStaged, type Session } from '../write/staging.ts';
import { unpackDocument } from './file-document.ts';
import { type FileSegment, renumberHead } from './file-segment.ts';

/** Bytes that are put on disk together. */
const fullBatch = 6 << 20;

export interface StageOptions {
  database: Database;
  session: Session;
  now: () => number;
  dimension: number;
  /** How many there will be. */
  documents: number;
  /** Where the file is from, and its digest. */
  origin?: { name: string; file: string };
}

/** What is on disk under one number. */
interface StagedPart {
  number: number;
  /** Place of its first document in the file. */
  firstDocument: number;
  /** Its documents as JSON, an array a line: length in UTF-16 code units. */
  length: number;
}

export class ImportStage {
  readonly #options: StageOptions;
  /** Ordinal of the first document; the others follow it. */
  #first: number | undefined;
  readonly #parts: StagedPart[] = [];
  readonly #segments: SegmentEntry[] = [];
  #documents = 0;
  #units = 0;

  /** What waits for the disk, and what is on its way there. */
  #batch: Batch = emptyBatch(0);
  #writing: Promise<void> = Promise.resolve();

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** Takes documents in the order of their places, with the JSON that they came in. */
  async documents(documents: readonly StoredDocument[], json: string): Promise<void> {
    this.#documents += documents.length;
    for (const { length } of documents) this.#units += length;
    this.#batch.json.push(json);
    await this.#take(json.length * 2);
  }

  async text(document: number, block: number, text: string): Promise<void> {
    this.#batch.texts.push([document, block, text]);
    await this.#take(text.length * 2);
  }

  async segment(segment: FileSegment): Promise<void> {
    this.#batch.segments.push(segment);
    await this.#take(segment.head.byteLength + segment.rows.length + 2 * (segment.lexical?.postings.byteLength ?? 0));
  }

  /** Puts on disk what is still in memory. */
  async finish(): Promise<void> {
    if (this.#batch.bytes > 0) await this.#flush();
    await this.#writing;
  }

  /** Ids of all documents, inside the transaction that commits. */
  async ids(tables: Reads): Promise<string[]> {
    const ids: string[] = [];
    for (const part of this.#parts) for (const { id } of await readPart(tables, part)) ids.push(id);
    return ids;
  }

  /** What the commit has to name. */
  get imported(): Imported {
    return {
      documents: this.#documents,
      units: this.#units,
      segments: this.#segments,
      ...(this.#options.origin && { origin: this.#options.origin }),
      write: (tables, order) => this.#write(tables, order),
    };
  }

  /** Removes what is on disk; where that fails, the next open does it. */
  async discard(): Promise<void> {
    const { database, session } = this.#options;
    await this.#writing.catch(() => {});
    for (const { number } of this.#parts) {
      await database
        .write('relaxed', async (tables) => {
          const staged = await tables.get('staging', number);
          if (staged?.session === session.id) deleteStaged(tables, staged);
        })
        .catch(() => {});
    }
  }

  async #write(tables: Writes, order: number): Promise<void> {
    const { origin } = this.#options;
    for (const part of this.#parts) {
      await checkStaged(tables, part);
      let place = part.firstDocument;
      for (const document of await readPart(tables, part)) {
        const ordinal = this.#first! + place++;
        tables.put('documents', ordinal, { ...document, order: order + document.order, ...(origin && { origin: origin.name }) });
        tables.put('ids', document.id, ordinal);
      }
      for (let block = 0; block < countBlocks(part.length); block++) tables.delete('text', [part.number, block]);
      tables.delete('staging', part.number);
    }
  }

  async #take(bytes: number): Promise<void> {
    this.#batch.bytes += bytes;
    if (this.#batch.bytes >= fullBatch) await this.#flush();
  }

  /** Begins to write; more is read meanwhile, but no further batch is written. */
  async #flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#put(this.#batch);
    this.#batch = emptyBatch(this.#documents);
    // A failure is met by whoever waits for it next.
    this.#writing.catch(() => {});
  }

  async #put(batch: Batch): Promise<void> {
    const { database, session, now, dimension, documents } = this.#options;
    const json = batch.json.join('\n');
    await session.begin();
    const { number, first, segments } = await database.write('relaxed', async (tables) => {
      const manifest = await readManifest(tables);
      const last = this.#parts.at(-1);
      if (last) await checkStaged(tables, last);
      let { next } = manifest;
      const first = this.#first ?? next;
      if (this.#first === undefined) next += documents;
      const number = next++;
      const segments = batch.segments.map((segment) => putSegment(tables, next++, segment, first, dimension));
      if (next >= provisional)
        throw new InpageError(
          'storage-failed',
          'The collection has run out of numbers. Export it, and import it under another name.',
        );
      const texts = batch.texts.map(([document, block, text]) => {
        const key: [number, number] = [first + document, block];
        tables.put('text', key, text);
        return key;
      });
      const blocks = countBlocks(json.length);
      for (let block = 0; block < blocks; block++)
        tables.put('text', [number, block], json.slice(block * blockUnits, (block + 1) * blockUnits));
      const staged: Staged = { ordinal: number, session: session.id, at: now(), segments, dimension, blocks, texts };
      tables.put('staging', number, staged);
      tables.put('manifest', 'manifest', { ...manifest, next });
      return { number, first, segments };
    });
    this.#first = first;
    this.#parts.push({ number, firstDocument: batch.firstDocument, length: json.length });
    this.#segments.push(...segments);
  }
}

interface Batch {
  firstDocument: number;
  json: string[];
  texts: [document: number, block: number, text: string][];
  segments: FileSegment[];
  bytes: number;
}

function emptyBatch(firstDocument: number): Batch {
  return { firstDocument, json: [], texts: [], segments: [], bytes: 0 };
}

function putSegment(
  tables: Writes,
  id: number,
  { head, table, rows, lexical }: FileSegment,
  first: number,
  dimension: number,
): SegmentEntry {
  const ordinals = table.ordinals.map((place) => first + place);
  return putRecords(tables, id, dimension, { head: renumberHead(head, table, ordinals, id), rows, ...(lexical && { lexical }) });
}

async function readPart(tables: Reads, { number, length }: StagedPart): Promise<StoredDocument[]> {
  const json = await readSlice(tables, number, 0, length);
  return json === '' ? [] : json.split('\n').flatMap((line) => (JSON.parse(line) as unknown[]).map(unpackDocument));
}

async function checkStaged(tables: Reads, { number }: StagedPart): Promise<void> {
  if (await tables.get('staging', number)) return;
  throw new InpageError('storage-failed', 'The collection was deleted while a file was imported. Import it again.');
}
