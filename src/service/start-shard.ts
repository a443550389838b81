// Starts shards as workers of the store worker.
import type { Connection } from '../runtime/rpc.ts';
import { createScanWorker } from '../runtime/spawn-scan.ts';
import { spawnWorker } from '../runtime/spawn-worker.ts';
import { packParts } from '../store/shards/packed-parts.ts';
import type { Shard, StartShard } from '../store/shards/shard.ts';
import { InpageError } from '../util/errors.ts';

/**
 * @param create starts the worker in another way
 * @throws InpageError `device-unavailable` without Web Locks: nobody would notice that a shard has died; `worker-failed`
 */
export function shardStarter(create: () => Worker = createScanWorker): StartShard {
  return async (dimension, onDeath) => {
    if (!globalThis.navigator?.locks) throw new InpageError('device-unavailable', 'Several threads need Web Locks: use https.');
    const { connection, ready, terminate } = spawnWorker('scan', { create, onDeath });
    const end = () => terminate(new InpageError('closed', 'The shard was ended.'));
    try {
      await ready;
      await connection.call('open', [dimension, {}]);
    } catch (error) {
      end();
      throw error;
    }
    return connectedShard(connection, end);
  };
}

/** The shard at the other end of a connection, which is open. @param end ends it */
export function connectedShard(connection: Connection, end: () => void): Shard {
  return {
    put: (id, rows, bytes) =>
      connection.call('put', [id, rows, bytes, {}], { transfer: [bytes.codes.buffer, bytes.factors.buffer] }),
    read: (id) => connection.call('read', [id, {}]),
    drop: (ids) => connection.call('drop', [ids, {}]),
    scan(query, capacity, parts) {
      const packed = packParts(parts);
      return connection.call('scan', [query, capacity, packed, {}], { transfer: [packed.numbers.buffer, packed.masks.buffer] });
    },
    end,
  };
}
