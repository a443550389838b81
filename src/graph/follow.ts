// Keeps a passage graph with its collection: documents are compared by their version, and only what differs is read.
import type { ProgressOptions } from '../spec/call.ts';
import type { GraphProgress } from '../spec/graph.ts';
import type { DocumentRecord, Store } from '../spec/store.ts';
import { namesIn, titleKey } from './names.ts';
import type { DocumentNames, PassageGraph } from './passage-graph.ts';

/** What has changed in a graph. */
export interface GraphChanges {
  put: ReadonlyMap<string, DocumentNames>;
  removed: readonly string[];
}

/** Documents that are read before progress is told, and what has been done may be kept. */
const batch = 256;

/**
 * Brings a graph up to a collection.
 * @param keep is given what has changed, some documents at a time; what it has taken survives an abort
 */
export async function follow(
  graph: PassageGraph,
  documents: ReadonlyMap<string, DocumentRecord>,
  store: Pick<Store, 'passages' | 'text'>,
  keep: (changes: GraphChanges) => Promise<void>,
  { signal, onProgress }: ProgressOptions<GraphProgress> = {},
): Promise<void> {
  const removed = [...graph.documents.keys()].filter((id) => !documents.has(id));
  const changed = [...documents.values()].filter((record) => graph.documents.get(record.id)?.version !== versionOf(record));
  for (const id of removed) graph.remove(id);
  if (removed.length > 0) await keep({ put: new Map(), removed });
  for (let at = 0; at < changed.length; at += batch) {
    const put = new Map<string, DocumentNames>();
    for (const record of changed.slice(at, at + batch)) {
      signal?.throwIfAborted();
      put.set(record.id, await namesOfDocument(record, store));
    }
    for (const [id, names] of put) graph.add(id, names);
    await keep({ put, removed: [] });
    onProgress?.({ done: Math.min(at + batch, changed.length), total: changed.length });
  }
}

function versionOf({ hash, addedAt }: DocumentRecord): string {
  return `${hash}@${addedAt}`;
}

/** Names of each passage; the title's is one of each, and so are those of its headings. */
async function namesOfDocument(record: DocumentRecord, store: Pick<Store, 'passages' | 'text'>): Promise<DocumentNames> {
  const [passages, text] = await Promise.all([store.passages(record.id), store.text(record.id)]);
  const title = titleKey(record.title);
  return {
    version: versionOf(record),
    passages: passages.map(({ id, start, end, headings }) => {
      const names = new Set([title, ...headings.map(titleKey), ...namesIn(text.slice(start, end))]);
      names.delete('');
      return { id, names: [...names] };
    }),
  };
}
