// A worker with a store that starts its own workers to scan, as inpage's store worker does; beside it a store that scans alone.
import { expose } from 'comlink';
import { createScanWorker } from '../../src/runtime/spawn-scan.ts';
import { shardStarter } from '../../src/service/start-shard.ts';
import type { Store } from '../../src/spec/store.ts';
import { openCollection } from '../../src/store/open-collection.ts';
import { ShardHistory } from '../support/shard-history.ts';

const started: Worker[] = [];
let sharded: Store;
let single: Store;
let history: ShardHistory;

const peer = {
  /** @param script of the workers; default: the real one */
  async open(name: string, seed: number, script?: string): Promise<void> {
    const create = () => {
      const worker = script ? new Worker(script, { type: 'module' }) : createScanWorker();
      started.push(worker);
      return worker;
    };
    sharded = await openCollection({ name, shards: { start: shardStarter(create), cores: 3, rows: 4000, trial: 0 } });
    single = await openCollection({ name });
    history = new ShardHistory(seed, { sharded, single });
    await history.begin();
  },
  add: (passages: number) => history.add(passages),
  remove: (share: number) => history.remove(share),
  compact: () => history.compact(),
  check: (count: number) => history.check(count),
  kernel: async () => (await sharded.stats()).kernel,
  /** Ends one of the workers from outside, in the middle of searches; gives their numbers of hits. */
  async kill(index: number): Promise<number[]> {
    const searches = Array.from({ length: 4 }, () => sharded.search(history.query()));
    started[index]!.terminate();
    return (await Promise.all(searches)).map((hits) => hits.length);
  },
  started: () => started.length,
  async close(): Promise<void> {
    await sharded.close();
    await single.close();
  },
};

export type ShardPeer = typeof peer;

expose(peer);
