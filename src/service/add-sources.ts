// Adding documents in the worker of the collection: read, cut, embed, store.
import { createChunker } from '../chunk/create-chunker.ts';
import { ingest } from '../ingest/ingest.ts';
import { sourceName } from '../load/capture-source.ts';
import { loadSource } from '../load/load-source.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { ChunkerSettings } from '../spec/chunker.ts';
import type { CapturedSource } from '../spec/document.ts';
import type { Embedder } from '../spec/embedder.ts';
import type { IngestProgress } from '../spec/ingest.ts';
import type { Store } from '../spec/store.ts';
import { serializeError } from '../util/errors.ts';

/** Adds sources; failures as plain data. */
export async function addSources(
  sources: readonly CapturedSource[],
  { chunker, ...parts }: { store: Store; embedder: Embedder; chunker: ChunkerSettings },
  options: ProgressOptions<IngestProgress>,
) {
  const { failed, ...result } = await ingest(
    sources,
    { ...parts, chunker: createChunker(chunker), load: loadSource, nameOf: sourceName },
    options,
  );
  return { ...result, failed: failed.map((failure) => ({ ...failure, error: serializeError(failure.error) })) };
}
