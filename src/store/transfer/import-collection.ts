// Import: a file into a collection, all or nothing. Texts and segments are staged as they come; one transaction adds the documents.
import type { EmbeddingSpace } from '../../spec/embedder.ts';
import type { ImportOptions, StoreProgress } from '../../spec/store.ts';
import { abortError, InpageError } from '../../util/errors.ts';
import type { Database, Manifest, Reads, StoredDocument, Writes } from '../disk/database.ts';
import { blockUnits } from '../disk/text-blocks.ts';
import { checkSameSpace } from '../space.ts';
import { checkSpace } from '../validate.ts';
import type { View } from '../view.ts';
import type { Change } from '../write/commit.ts';
import type { Session } from '../write/staging.ts';
import { ByteSource, type FileSource } from './byte-source.ts';
import { unpackDocument } from './file-document.ts';
import { openSegment, type SegmentFrames } from './file-segment.ts';
import { damagedFile, type FileHeader, type FileTotals, frameKinds } from './format.ts';
import { type Frame, FrameReader, parseJson } from './frame-reader.ts';
import { ImportStage } from './import-stage.ts';

/** What an import needs of its store. */
export interface ImportHost {
  database: Database;
  session: Session;
  now: () => number;
  view: View;
  /** Reads in a transaction that the view is at. */
  read<T>(work: (tables: Reads) => Promise<T>): Promise<T>;
  /** The space that the store was bound to. */
  bound(): EmbeddingSpace | undefined;
  /** Commits what `plan` gives. */
  change(plan: (tables: Writes, manifest: Manifest) => Promise<Change>): Promise<unknown>;
}

/** No collection in a page has more. */
const mostDocuments = 2 ** 24;

/** What was imported. */
export interface Imported {
  documents: number;
  chunks: number;
}

/**
 * Adds what a file holds; documents of the same id are replaced.
 * @throws InpageError `invalid-document` for what is no such file, `format-unsupported`, `data-corrupt`, `embedding-mismatch`,
 *   `quota-exceeded`, `invalid-argument`; AbortError. Then nothing has changed
 */
export async function importCollection(
  host: ImportHost,
  file: FileSource,
  { signal, onProgress, origin: name }: ImportOptions,
): Promise<Imported> {
  const source = new ByteSource(file, signal);
  let stage: ImportStage | undefined;
  try {
    const frames = new FrameReader(source);
    await frames.begin();
    const header = checkHeader(await frames.next());
    const { documents, chunks, space } = header;
    const { origins, space: present } = await host.read(async (tables) => stateFor(tables, host.view.manifest, name));
    if (name !== undefined && origins?.[name] === header.id) return { documents, chunks };
    const wanted = host.bound() ?? present;
    if (wanted) checkSameSpace(wanted, space);
    const { database, session, now } = host;
    const origin = name === undefined ? undefined : { name, file: header.id };
    stage = new ImportStage({ database, session, now, documents, dimension: space.dimension, origin });
    await new Receiver(header, stage, onProgress).receive(frames);
    await frames.end();
    await stage.finish();
    await commit(host, stage, space, name, signal);
    onProgress?.({ done: header.bytes, total: header.bytes });
    return { documents, chunks };
  } catch (error) {
    await stage?.discard();
    throw error;
  } finally {
    source.close();
  }
}

async function commit(
  host: ImportHost,
  stage: ImportStage,
  space: EmbeddingSpace,
  origin: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  await host.change(async (tables, manifest) => {
    if (signal?.aborted) throw abortError(signal);
    const state = await stateFor(tables, manifest, origin);
    if (state.space) checkSameSpace(state.space, space);
    const change = { space, imported: stage.imported };
    if (state.clear) return { ...change, clear: true };
    const same = manifest.documents > 0 ? await stage.ids(tables) : [];
    return { ...change, removed: [...same, ...state.replaced] };
  });
}

/** What is in the way of a file. */
interface State {
  origins: Manifest['origins'];
  /** The space that the file must have; undefined where any will do. */
  space: EmbeddingSpace | undefined;
  /** Whether all there is came from the file's origin, and goes. */
  clear: boolean;
  /** Ids of the documents that came from there. */
  replaced: readonly string[];
}

async function stateFor(tables: Reads, { origins, space, documents }: Manifest, origin: string | undefined): Promise<State> {
  if (origin === undefined) return { origins, space, clear: false, replaced: [] };
  const own = (await tables.values('documents')).filter((document: StoredDocument) => document.origin === origin);
  const clear = own.length === documents;
  return { origins, space: clear ? undefined : space, clear, replaced: own.map(({ id }) => id) };
}

/** Takes in the frames between the header and the end. */
class Receiver {
  readonly #header: FileHeader;
  readonly #stage: ImportStage;
  readonly #onProgress: ((progress: StoreProgress) => void) | undefined;
  readonly #ids = new Set<string>();
  /** Of each document: length of its text, and number of passages that are still to come. */
  readonly #lengths: Uint32Array;
  readonly #missing: Int32Array;
  #documents = 0;
  /** Document and block that the next text must be. */
  #document = 0;
  #block = 0;
  #segments = 0;
  #chunks = 0;
  #open: SegmentFrames | undefined;
  #done = 0;

  constructor(header: FileHeader, stage: ImportStage, onProgress: ((progress: StoreProgress) => void) | undefined) {
    this.#header = header;
    this.#stage = stage;
    this.#onProgress = onProgress;
    this.#lengths = new Uint32Array(header.documents);
    this.#missing = new Int32Array(header.documents);
  }

  /** Reads to the end. @throws InpageError `data-corrupt` */
  async receive(frames: FrameReader): Promise<void> {
    let last = frameKinds.documents as number;
    let ahead = frames.next();
    for (;;) {
      const frame = await ahead;
      // The next one is unpacked meanwhile; a failure is met in its turn.
      if (frame.kind !== 'end') {
        ahead = frames.next();
        ahead.catch(() => {});
      }
      const kind = frameKinds[frame.kind];
      if (kind < Math.min(last, frameKinds.head) || kind === frameKinds.header)
        throw damagedFile('its parts are in the wrong order');
      if (kind > frameKinds.documents && last === frameKinds.documents) this.#checkDocuments();
      if (kind > frameKinds.text && last <= frameKinds.text) this.#checkTexts();
      last = kind;
      if (frame.kind === 'documents') await this.#takeDocuments(frame.payload);
      else if (frame.kind === 'text') await this.#takeTexts(frame.payload);
      else if (frame.kind === 'end') return this.#finish(parseJson(frame.payload) as FileTotals);
      else await this.#takePart(frame as Frame & { kind: keyof SegmentFrames });
      this.#done += frame.payload.length;
      const { bytes: total } = this.#header;
      this.#onProgress?.({ done: Math.min(this.#done, total), total });
    }
  }

  async #takeDocuments(payload: Uint8Array): Promise<void> {
    const packed = parseJson(payload);
    if (!Array.isArray(packed)) throw damagedFile('a list of documents is none');
    const documents = packed.map(unpackDocument);
    for (const { id, length, chunks, order } of documents) {
      const limit = this.#header.documents;
      if (this.#documents === limit || order >= limit || this.#ids.has(id))
        throw damagedFile('it has other documents than it says');
      this.#ids.add(id);
      this.#lengths[this.#documents] = length;
      this.#missing[this.#documents++] = chunks;
    }
    await this.#stage.documents(documents, JSON.stringify(packed));
  }

  #checkDocuments(): void {
    if (this.#documents < this.#header.documents) throw damagedFile('documents are missing');
    this.#skipEmpty();
  }

  async #takeTexts(payload: Uint8Array): Promise<void> {
    const texts = parseJson(payload);
    if (!Array.isArray(texts)) throw damagedFile('a list of texts is none');
    for (const [document, block, text] of texts) {
      const rest = (this.#lengths[this.#document] ?? 0) - this.#block * blockUnits;
      const expected = document === this.#document && block === this.#block && typeof text === 'string';
      if (!expected || text.length !== Math.min(rest, blockUnits)) throw damagedFile('a text is not the one that should follow');
      await this.#stage.text(document, block, text);
      this.#block++;
      if (rest > blockUnits) continue;
      this.#document++;
      this.#block = 0;
      this.#skipEmpty();
    }
  }

  #skipEmpty(): void {
    while (this.#lengths[this.#document] === 0) this.#document++;
  }

  #checkTexts(): void {
    if (this.#document < this.#documents) throw damagedFile('texts are missing');
  }

  async #takePart({ kind, payload }: { kind: keyof SegmentFrames; payload: Uint8Array }): Promise<void> {
    if (kind === 'head') {
      await this.#closeSegment();
      this.#open = {};
    }
    if (!this.#open || this.#open[kind]) throw damagedFile('its parts are in the wrong order');
    this.#open[kind] = payload;
  }

  async #closeSegment(): Promise<void> {
    if (!this.#open) return;
    const { dimension } = this.#header.space;
    const segment = openSegment(this.#open, { place: this.#segments++, dimension, lengths: this.#lengths });
    this.#open = undefined;
    const { ordinals, starts } = segment.table;
    for (const [run, document] of ordinals.entries()) this.#missing[document]! -= starts[run + 1]! - starts[run]!;
    this.#chunks += starts.at(-1)!;
    await this.#stage.segment(segment);
  }

  async #finish(totals: FileTotals): Promise<void> {
    await this.#closeSegment();
    const { documents, chunks, segments } = this.#header;
    const said = totals?.documents === documents && totals.chunks === chunks && totals.segments === segments;
    const came = this.#chunks === chunks && this.#segments === segments && this.#missing.every((count) => count === 0);
    if (!said || !came) throw damagedFile('it holds less or more than it says');
  }
}

function checkHeader(frame: Frame): FileHeader {
  if (frame.kind !== 'header') throw damagedFile('its header is missing');
  const header = parseJson(frame.payload) as FileHeader;
  const { documents, chunks, segments, bytes, id } = header ?? {};
  const counts = [documents, chunks, segments, bytes].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!counts || documents > mostDocuments || typeof id !== 'string') throw damagedFile('its header is incomplete');
  try {
    return { documents, chunks, segments, bytes, id, space: checkSpace(header.space) };
  } catch (error) {
    throw InpageError.is(error) ? damagedFile(error.message, error) : error;
  }
}
