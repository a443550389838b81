// What the worker of the collection offers without an embedder.

import type { Store } from '../spec/store.ts';
import type { StoreServer } from '../spec/store-server.ts';
import type { CollectionApi } from '../spec/worker-api.ts';
import { openCollection } from '../store/open-collection.ts';
import { InpageError } from '../util/errors.ts';
import { shardStarter } from './start-shard.ts';
import { transferService } from './transfer-service.ts';

/** Makes the methods, and a way to the store that `open` has opened. */
export function collectionService(): { api: CollectionApi; store: () => Store; name: () => string } {
  let opened: Store | undefined;
  let opening = '';
  let closed: () => void = () => {};
  const store = () => {
    if (!opened) throw new InpageError('closed', 'The collection is not open. Open it first.');
    return opened;
  };
  const api: CollectionApi = {
    async open({ server, ...settings }, { onProgress, signal }) {
      opening = settings.name;
      opened = server
        ? await openServer(settings.name, server)
        : await openCollection({
            ...settings,
            signal,
            shards: { start: shardStarter() },
            onChange: () => onProgress?.({ type: 'collection-changed' }),
            onEvent: (event) => onProgress?.(event),
          });
      onProgress?.({ type: 'opened' });
      await new Promise<void>((resolve) => {
        closed = resolve;
      });
    },
    bind: (space) => store().bind(space),
    put: (documents, { signal }) => store().add(documents, { signal }),
    find: (queries, { signal }) => store().search(queries.map((query) => ({ ...query, signal }))),
    list: () => store().list(),
    hash: (document) => store().hash(document),
    text: (document, { start, end }) => store().text(document, start, end),
    passages: (document, wanted) => store().passages(document, wanted),
    remove: (documents) => store().remove(documents),
    clear: () => store().clear(),
    compact: (options) => store().compact(options),
    stats: () => store().stats(),
    ...transferService(store),
    async close() {
      await opened?.close();
      closed();
    },
  };
  return { api, store, name: () => opening };
}

/** A collection on a server; what speaks with servers is loaded only where there is one. */
async function openServer(name: string, server: StoreServer): Promise<Store> {
  if (server.kind === 'chroma') return (await import('../remote/chroma.ts')).chroma({ ...server, name });
  if (server.kind === 'qdrant') return (await import('../remote/qdrant.ts')).qdrant({ ...server, name });
  const { kind } = server as { kind: unknown };
  throw new InpageError('invalid-argument', `The server is of the kind "${kind}"; it must be 'chroma' or 'qdrant'.`);
}
