// Opens a collection in a worker that was just started.
import type { Connection } from '../runtime/rpc.ts';
import type { CollectionSettings, StoreNotice } from '../spec/worker-api.ts';

/** The call that opens lasts until the collection is closed, and carries its notices. */
export function openRemote(
  connection: Connection,
  settings: CollectionSettings,
  onNotice: (notice: StoreNotice) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onProgress = (notice: StoreNotice | { type: 'opened' }) => {
      if (notice.type === 'opened') resolve();
      else onNotice(notice);
    };
    connection.call('open', [settings, {}], { onProgress }).then(() => resolve(), reject);
  });
}
