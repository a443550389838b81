// Batches of documents: few messages, none of them large.
import type { VectorDocument } from '../spec/store.ts';

const mostRows = 4096;
const mostUnits = 1 << 20;
const mostDocuments = 256;

/** Groups documents as they come, by passages, length of text and number. */
export async function* batches(
  documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
): AsyncGenerator<VectorDocument[]> {
  let batch: VectorDocument[] = [];
  let rows = 0;
  let units = 0;
  for await (const document of documents) {
    batch.push(document);
    rows += document?.passages?.length ?? 1;
    units += document?.text?.length ?? 0;
    if (rows < mostRows && units < mostUnits && batch.length < mostDocuments) continue;
    yield batch;
    batch = [];
    rows = 0;
    units = 0;
  }
  if (batch.length > 0) yield batch;
}
