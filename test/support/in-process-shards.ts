// Shards in the same thread: the service of the worker behind a real port, without the worker.
import { Connection, expose } from '../../src/runtime/rpc.ts';
import { scanService } from '../../src/service/scan-service.ts';
import { connectedShard } from '../../src/service/start-shard.ts';
import type { Shard, StartShard } from '../../src/store/shards/shard.ts';

/** What a test sees of a shard, and does to it. */
export interface InProcessShard {
  scans: number;
  /** Codes that it holds. */
  held: Set<number>;
  ended: boolean;
  /** It ends by itself: running calls reject, and its owner learns of it. */
  die(): void;
  /** Called when a scan was posted. */
  onScan?: (() => void) | undefined;
}

/** @param wrap changes what a shard does */
export function inProcessShards(wrap: (shard: Shard) => Shard = (shard) => shard): {
  start: StartShard;
  started: InProcessShard[];
} {
  const started: InProcessShard[] = [];
  const start: StartShard = async (dimension, onDeath) => {
    const { port1, port2 } = new MessageChannel();
    expose(scanService(), port1 as unknown as MessagePort);
    const connection = new Connection(port2 as unknown as MessagePort);
    await connection.call('open', [dimension, {}]);
    const end = () => {
      seen.ended = true;
      connection.fail(new Error('The shard has ended.'));
      port1.close();
      port2.close();
    };
    const seen: InProcessShard = {
      scans: 0,
      held: new Set(),
      ended: false,
      die() {
        end();
        onDeath();
      },
    };
    started.push(seen);
    const shard = connectedShard(connection, end);
    return wrap({
      ...shard,
      put(id, rows, bytes) {
        seen.held.add(id);
        return shard.put(id, rows, bytes);
      },
      drop(ids) {
        for (const id of ids) seen.held.delete(id);
        return shard.drop(ids);
      },
      scan(query, capacity, parts) {
        seen.scans++;
        const found = shard.scan(query, capacity, parts);
        seen.onScan?.();
        return found;
      },
    });
  };
  return { start, started };
}
