// Starts shards as workers of the store worker.
import { createScanWorker } from '../runtime/spawn-scan.ts';
import { spawnWorker } from '../runtime/spawn-worker.ts';
import type { StartShard } from '../store/shards/shard.ts';
import { InpageError } from '../util/errors.ts';

/**
 * @param create starts the worker in another way
 * @throws InpageError `device-unavailable` without Web Locks: nobody would notice that a shard has died; `worker-failed`
 */
export function shardStarter(create: () => Worker = createScanWorker): StartShard {
  return async (dimension, onDeath) => {
    if (!globalThis.navigator?.locks) throw new InpageError('device-unavailable', 'Several threads need Web Locks: use https.');
    const { connection, terminate } = await spawnWorker('scan', { create, onDeath });
    const end = () => terminate(new InpageError('closed', 'The shard was ended.'));
    try {
      await connection.call('open', [dimension, {}]);
    } catch (error) {
      end();
      throw error;
    }
    return {
      put: (id, rows, bytes) =>
        connection.call('put', [id, rows, bytes, {}], { transfer: [bytes.codes.buffer, bytes.factors.buffer] }),
      read: (id) => connection.call('read', [id, {}]),
      drop: (ids) => connection.call('drop', [ids, {}]),
      scan: (query, capacity, parts) => connection.call('scan', [query, capacity, parts, {}]),
      end,
    };
  };
}
