// Batches of documents: few messages, none of them large.
import type { VectorDocument } from '../spec/store.ts';

const mostBytes = 4 << 20;
const mostUnits = 1 << 20;
const mostDocuments = 256;

/** Groups documents as they come, by size of vectors and text, and by number. */
export async function* batches(
  documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
): AsyncGenerator<VectorDocument[]> {
  let batch: VectorDocument[] = [];
  let bytes = 0;
  let units = 0;
  for await (const document of documents) {
    batch.push(document?.vectors instanceof Float32Array ? { ...document, vectors: compact(document.vectors) } : document);
    bytes += document?.vectors?.byteLength ?? 0;
    units += document?.text?.length ?? 0;
    if (bytes < mostBytes && units < mostUnits && batch.length < mostDocuments) continue;
    yield batch;
    batch = [];
    bytes = 0;
    units = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Vectors in a buffer of their own: a message would take all of the buffer that a view is of. */
export function compact(vectors: Float32Array): Float32Array {
  return vectors.byteLength === vectors.buffer?.byteLength ? vectors : vectors.slice();
}
