// The embedding model in Node, in several threads, as the WASM runtime has threads of its own only in a page. The batches, and so
// the vectors, are those of a page that adds the same documents.
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import type { EmbeddingSettings } from '../embed/transformers-embedder.ts';
import type { ModelRequest } from '../runtime/model-request.ts';
import { Connection } from '../runtime/rpc.ts';
import type { ProgressOptions } from '../spec/call.ts';
import type { Embedder, EmbedderInfo, Vectors } from '../spec/embedder.ts';
import type { LoadProgress } from '../spec/model.ts';
import { InpageError } from '../util/errors.ts';
import type { ThreadStart } from './embed-thread.ts';

const mostThreads = 8;

export interface ThreadedEmbedderOptions {
  request: ModelRequest;
  settings: EmbeddingSettings;
  /** @default the number of cores, 8 at most */
  threads?: number;
  /** Folder for files that are downloaded. */
  cache?: string;
}

interface Lane {
  thread: Thread;
  connection: Connection;
}

/** Makes the embedder; nothing is loaded before the first call. */
export function createThreadedEmbedder({ request, settings, cache, ...options }: ThreadedEmbedderOptions): Embedder {
  const count = options.threads ?? Math.min(mostThreads, availableParallelism());
  const lanes: Lane[] = [];
  let loading: Promise<EmbedderInfo> | undefined;

  const start = async (call: ProgressOptions<LoadProgress>): Promise<EmbedderInfo> => {
    const lane = startThread(cache);
    lanes.push(lane);
    await lane.connection.call('configure', [{ backend: 'transformers', request, settings }, {}]);
    return lane.connection.call<EmbedderInfo>('load', [{}], call);
  };
  const load = async (call: ProgressOptions<LoadProgress> = {}): Promise<EmbedderInfo> => {
    // The first downloads; the others find what it has.
    loading ??= start(call).then(async (info) => {
      await Promise.all(Array.from({ length: count - 1 }, () => start({ signal: call.signal })));
      return info;
    });
    return loading;
  };

  return {
    load,
    async embed(texts, { kind, signal } = {}) {
      const { dimension } = (await load({ signal })).space;
      const data = new Float32Array(texts.length * dimension);
      const shares = await Promise.all(
        lanes.map(({ connection }, number) =>
          connection.call<Vectors>('embed', [texts, { kind, share: { number, of: lanes.length } }], { signal }),
        ),
      );
      // What is not a thread's share is zero.
      for (const share of shares) for (let i = 0; i < data.length; i++) data[i]! += share.data[i]!;
      return { data, rows: texts.length, dimension };
    },
    async close() {
      await Promise.all(lanes.splice(0).map(({ thread }) => thread.terminate()));
    },
  };
}

function startThread(cache: string | undefined): Lane {
  // Both are built into one folder.
  const thread = new Thread(join(dirname(fileURLToPath(import.meta.url)), 'embed-thread.js'));
  const { port1, port2 } = new MessageChannel();
  const connection = new Connection(port1);
  const fail = (cause?: Error) =>
    connection.fail(
      new InpageError(
        'worker-died',
        `A thread that embeds ended: ${cause?.message ?? 'perhaps for want of memory'}. Use fewer --threads.`,
        {
          cause,
        },
      ),
    );
  thread.once('error', fail);
  thread.once('exit', () => {
    fail();
    port1.close();
  });
  const first: ThreadStart = { port: port2, ...(cache !== undefined && { cache }) };
  thread.postMessage(first, [port2 as never]);
  return { thread, connection };
}
