// Adds documents that come with their vectors, several at a time, so that they share transactions.
import type { ProgressOptions } from '../../spec/call.ts';
import type { Store, VectorDocument, VectorProgress } from '../../spec/store.ts';
import { type InFlightOptions, inFlight } from '../../util/in-flight.ts';
import { checkVectorDocument } from '../validate.ts';

/** Passages, and documents, on their way to the disk before the source has to wait. */
const mostRows = 1 << 15;
const mostDocuments = 512;

/** See `Store.add`. */
export async function addDocuments(
  store: Pick<Store, 'write'>,
  documents: Iterable<VectorDocument> | AsyncIterable<VectorDocument>,
  { signal, onProgress }: ProgressOptions<VectorProgress> = {},
): Promise<VectorProgress> {
  const durable: VectorProgress = { documents: 0, chunks: 0 };
  const options: InFlightOptions<VectorDocument> = {
    namesOf: ({ id }) => [id],
    weightOf: (document) => Math.max(checkVectorDocument(document), mostRows / mostDocuments),
    most: mostRows,
    signal,
  };
  await inFlight(documents, options, async (document) => {
    const passages = await writeDocument(store, document);
    durable.documents++;
    durable.chunks += passages;
    onProgress?.({ ...durable });
  });
  return durable;
}

/** @returns the number of its passages */
async function writeDocument(store: Pick<Store, 'write'>, document: VectorDocument): Promise<number> {
  const { id, text = '', vectors, passages = [{ start: 0, end: text.length }], ...head } = document;
  const writer = await store.write({ title: '', mediaType: 'text/plain', metadata: {}, hash: '', ...head, id });
  try {
    await writer.text(text);
    await writer.chunks(passages, vectors);
    await writer.commit();
    return passages.length;
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
