// Builds an index from files: the page's own way of adding documents, over a collection in memory, which is then exported.
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createChunker } from '../chunk/create-chunker.ts';
import { ingest } from '../ingest/ingest.ts';
import { loadSource } from '../load/load-source.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { ChunkerSettings } from '../spec/chunker.ts';
import type { CapturedSource, LoadedDocument } from '../spec/document.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { IngestProgress } from '../spec/ingest.ts';
import { deleteCollection } from '../store/collections.ts';
import { openCollection } from '../store/open-collection.ts';
import { InpageError } from '../util/errors.ts';
import type { DocumentFile } from './find-documents.ts';

export interface BuildOptions extends ProgressOptions<IngestProgress> {
  files: readonly DocumentFile[];
  /** Path of the index. */
  output: string;
  embedder: Embedder;
  chunker: ChunkerSettings;
  /** Put in front of the documents' paths; absolute. */
  baseUrl?: string;
  /** Whether documents that cannot be read are left out. */
  keepGoing: boolean;
}

/** What was built. */
export interface BuildSummary {
  output: string;
  bytes: number;
  documents: number;
  /** Passages. */
  chunks: number;
  /** Documents that were left out, and why. */
  failed: { document: string; message: string }[];
}

/**
 * Builds an index; what was at its place before stays until it is complete.
 * @throws InpageError `add-incomplete` naming the documents that cannot be read, `document-empty` where none can
 */
export async function buildIndex({
  files,
  output,
  embedder,
  chunker,
  baseUrl,
  keepGoing,
  ...call
}: BuildOptions): Promise<BuildSummary> {
  const name = `build ${output}`;
  const store = await openCollection({ name });
  try {
    const ids = new Map(files.map(({ path, id }) => [pathToFileURL(path).href, { path, id }]));
    const sources = [...ids.keys()].map((url): CapturedSource => ({ kind: 'url', url }));
    const fileOf = (source: CapturedSource) => ids.get((source as { url: string }).url)!;
    const load = (source: CapturedSource, options: { signal?: AbortSignal }) => loadFile(fileOf(source), baseUrl, options.signal);
    const parts = {
      store,
      embedder,
      chunker: createChunker(chunker),
      load,
      nameOf: (source: CapturedSource) => fileOf(source).id,
    };
    const result = await ingest(sources, parts, call);
    const failed = result.failed.map(({ name, error }) => ({ document: name, message: error.message }));
    if (failed.length > 0 && !keepGoing) throw incomplete(failed);
    if (result.added.length === 0)
      throw new InpageError('document-empty', 'None of the documents could be read, so there is nothing to write.');
    await store.compact({ signal: call.signal });
    const { documents, chunks } = await store.stats();
    const bytes = await write(store.export({ signal: call.signal }), output);
    return { output, bytes, documents, chunks, failed };
  } finally {
    await store.close();
    await deleteCollection(name);
  }
}

async function* loadFile(
  { path, id }: DocumentFile,
  baseUrl: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<LoadedDocument> {
  const blob = new Blob([await readFile(path, { signal })]);
  const address = id.split('/').map(encodeURIComponent).join('/');
  for await (const document of loadSource({ kind: 'blob', blob, id, name: basename(path) }, { signal })) {
    // A page that names its own address knows best.
    yield { ...document, url: document.url ?? (baseUrl === undefined ? address : new URL(address, baseUrl).href) };
  }
}

/** Writes a file at once; gives its bytes. */
async function write(pieces: AsyncIterable<Uint8Array>, output: string): Promise<number> {
  const temporary = `${output}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(temporary));
    const { size } = await stat(temporary);
    await rename(temporary, output);
    return size;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || InpageError.is(error)) throw error;
    throw new InpageError(
      'storage-failed',
      `${output} could not be written: ${message}. Check the folder and the space on the disk.`,
      { cause: error },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}

function incomplete(failed: BuildSummary['failed']): InpageError {
  const list = failed.map(({ document, message }) => `  ${document}: ${message}`).join('\n');
  return new InpageError(
    'add-incomplete',
    `${failed.length} documents could not be read, and nothing was written. Correct them, or leave them out with --keep-going.\n${list}`,
    { detail: { failed } },
  );
}
