// Adds documents that come with their vectors, several at a time, so that they share transactions.
import type { ProgressOptions } from '../../spec/call.ts';
import type { Store, VectorDocument, VectorProgress } from '../../spec/store.ts';
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
  const running = new Map<Promise<void>, string>();
  let rows = 0;
  let failure: { error: unknown } | undefined;

  const add = async (document: VectorDocument, passages: number) => {
    try {
      await writeDocument(store, document);
      durable.documents++;
      durable.chunks += passages;
      onProgress?.({ ...durable });
    } catch (error) {
      failure ??= { error };
    }
    rows -= passages;
  };

  try {
    for await (const document of documents) {
      signal?.throwIfAborted();
      if (failure) break;
      const passages = checkVectorDocument(document);
      // Versions of one document must not overtake each other.
      for (const [earlier, id] of running) if (id === document.id) await earlier;
      const work = add(document, passages).finally(() => running.delete(work));
      running.set(work, document.id);
      rows += passages;
      while (rows > mostRows || running.size > mostDocuments) await Promise.race(running.keys());
    }
  } finally {
    await Promise.all(running.keys());
  }
  if (failure) throw failure.error;
  signal?.throwIfAborted();
  return durable;
}

async function writeDocument(store: Pick<Store, 'write'>, document: VectorDocument): Promise<void> {
  const { id, text = '', vectors, passages = [{ start: 0, end: text.length }], ...head } = document;
  const writer = await store.write({ title: '', mediaType: 'text/plain', metadata: {}, hash: '', ...head, id });
  try {
    await writer.text(text);
    await writer.chunks(passages, vectors);
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
