// A thread that embeds: the service of the page's embedding worker, on a port.
import { parentPort } from 'node:worker_threads';
import { expose } from '../runtime/rpc.ts';
import { embedService } from '../service/embed-service.ts';
import { createFileCache } from './file-cache.ts';
import { createFileFetch } from './file-fetch.ts';

/** The first message of a thread. */
export interface ThreadStart {
  port: MessagePort;
  /** Folder for files that are downloaded. */
  cache?: string;
}

parentPort!.once('message', ({ port, cache }: ThreadStart) => {
  globalThis.fetch = createFileFetch(globalThis.fetch);
  if (cache !== undefined) Object.assign(globalThis, { caches: createFileCache(cache) });
  expose(embedService(), port);
});
