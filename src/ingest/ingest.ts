// document → load → chunk → embed → store, as a stream: passages of several documents share a batch of the embedder,
// nothing is visible before its document is complete, and one bad source does not stop the others.
import type { ProgressOptions } from '../spec/call.ts';
import type { Chunk, Chunker } from '../spec/chunker.ts';
import type { CapturedSource, LoadedDocument } from '../spec/document.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { AddResult, IngestFailure, IngestProgress } from '../spec/ingest.ts';
import type { DocumentWriter, Store } from '../spec/store.ts';
import { InpageError, isAbort } from '../util/errors.ts';
import { fingerprint } from './fingerprint.ts';
import { passageText } from './passage-text.ts';

/** What ingestion works with. */
export interface IngestParts {
  store: Store;
  embedder: Embedder;
  chunker: Chunker;
  load: (source: CapturedSource, options: { signal?: AbortSignal }) => AsyncIterable<LoadedDocument>;
  /** Name of a source, for messages. */
  nameOf: (source: CapturedSource) => string;
}

/** Passages that are embedded together; a call of the embedder sorts them by length. */
const batchSize = 32;
/** Longer documents are read twice rather than kept in memory: once for the digest, once for the passages. UTF-16 units. */
const keepLength = 2_000_000;

/** Failures of the whole rather than of one source: going on would fail again. */
const fatal = new Set([
  'quota-exceeded',
  'storage-failed',
  'embedding-mismatch',
  'worker-died',
  'worker-failed',
  'closed',
  'generation-failed',
]);

/** A document whose passages are not all embedded yet. */
interface OpenDocument {
  title: string;
  writer: DocumentWriter;
  /** Passages waiting for their vectors. */
  waiting: number;
  complete: boolean;
}

/**
 * Adds sources to a store.
 * @returns what was added and what failed, by source
 * @throws the error of a failure that concerns all of them, with `detail.added`; an abort as `AbortError`
 */
export async function ingest(
  sources: readonly CapturedSource[],
  { store, embedder, chunker, load, nameOf }: IngestParts,
  { signal, onProgress }: ProgressOptions<IngestProgress> = {},
): Promise<AddResult & { failed: IngestFailure[] }> {
  const result: AddResult & { failed: IngestFailure[] } = { added: [], unchanged: [], failed: [] };
  const open = new Set<OpenDocument>();
  let waiting: { document: OpenDocument; chunk: Chunk }[] = [];
  const started = performance.now();
  let chunksDone = 0;
  let sourcesDone = 0;
  let doomed = false;

  const report = (phase: IngestProgress['phase'], document: string) =>
    onProgress?.({
      phase,
      document,
      sourcesDone,
      sourcesTotal: sources.length,
      chunksDone,
      chunksPerSecond: chunksDone / Math.max(0.001, (performance.now() - started) / 1000),
    });

  const drop = async (document: OpenDocument) => {
    open.delete(document);
    waiting = waiting.filter((entry) => entry.document !== document);
    await document.writer.abort();
  };

  const commitComplete = async () => {
    const ready = [...open].filter((document) => document.complete && document.waiting === 0);
    // Together, so that they share one transaction.
    const outcomes = await Promise.allSettled(ready.map((document) => document.writer.commit()));
    outcomes.forEach((outcome, i) => {
      open.delete(ready[i]!);
      if (outcome.status === 'fulfilled') result.added.push(outcome.value);
    });
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    if (ready.length > 0) report('store', ready.at(-1)!.title);
  };

  /** What fails here concerns the passages of several documents, so it ends the whole. */
  const flush = async () => {
    try {
      await embedWaiting();
    } catch (error) {
      doomed = true;
      throw error;
    }
  };

  const embedWaiting = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) {
      report('embed', batch[0]!.document.title);
      const texts = batch.map(({ document, chunk }) => passageText(document.title, chunk.headings, chunk.text));
      const { data, dimension } = await embedder.embed(texts, { kind: 'passage', signal });
      for (let from = 0; from < batch.length; ) {
        const { document } = batch[from]!;
        let to = from;
        while (to < batch.length && batch[to]!.document === document) to++;
        const spans = batch.slice(from, to).map(({ chunk: { start, end } }) => ({ start, end }));
        await document.writer.chunks(spans, data.slice(from * dimension, to * dimension));
        document.waiting -= spans.length;
        from = to;
      }
      chunksDone += batch.length;
      report('embed', batch.at(-1)!.document.title);
    }
    await commitComplete();
  };

  const addDocument = async (loaded: LoadedDocument, reload: () => Promise<LoadedDocument>) => {
    report('read', loaded.title);
    const { hash, pieces } = await fingerprint(loaded, chunker.id, keepLength);
    if ((await store.hash(loaded.id)) === hash) {
      result.unchanged.push(loaded.id);
      return;
    }
    const document = pieces ? { ...loaded, text: fromArray(pieces) } : await reload();
    const { id, title, url, mediaType, metadata, sections } = document;
    const writer = await store.write({ id, title, url, mediaType, metadata, hash, sections });
    const entry: OpenDocument = { title, writer, waiting: 0, complete: false };
    open.add(entry);
    try {
      for await (const chunk of chunker.chunk(document, { signal, onText: (piece) => writer.text(piece) })) {
        waiting.push({ document: entry, chunk });
        entry.waiting++;
        if (waiting.length >= batchSize) await flush();
      }
      entry.complete = true;
    } catch (error) {
      await drop(entry);
      throw error;
    }
  };

  try {
    await store.bind((await embedder.load({ signal })).space);
    for (const [index, source] of sources.entries()) {
      signal?.throwIfAborted();
      try {
        let position = 0;
        for await (const document of load(source, { signal })) {
          const at = position++;
          await addDocument(document, () => nth(load(source, { signal }), at));
        }
      } catch (error) {
        if (doomed || isAbort(error) || (InpageError.is(error) && fatal.has(error.code))) throw error;
        result.failed.push({ source: index, name: nameOf(source), error: error as Error });
      }
      sourcesDone++;
      report('read', nameOf(source));
    }
    await flush();
    return result;
  } catch (error) {
    await Promise.allSettled([...open].map(drop));
    if (isAbort(error)) throw error;
    const { code, message, detail } = InpageError.is(error) ? error : unnamed(error);
    const added = result.added.map(({ id }) => id);
    throw new InpageError(code, message, {
      cause: error,
      detail: { ...detail, added, unchanged: result.unchanged },
    });
  }
}

/** An error from an embedder that is not inpage's own. */
function unnamed(error: unknown): InpageError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InpageError(
    'generation-failed',
    `The embedder failed: ${reason}. Documents that are complete were added; add the rest again.`,
  );
}

async function* fromArray(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function nth<T>(items: AsyncIterable<T>, position: number): Promise<T> {
  let at = 0;
  for await (const item of items) if (at++ === position) return item;
  throw new InpageError('invalid-document', 'The source changed while it was read. Add it again.');
}
