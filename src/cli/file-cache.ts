// Cache Storage for Node, as far as the files of models need it: a folder with a file for each address.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';

/** A `CacheStorage` that keeps everything in one folder. */
export function createFileCache(folder: string): Pick<CacheStorage, 'open'> {
  const pathOf = (url: RequestInfo | URL) => join(folder, createHash('sha256').update(String(url)).digest('hex'));
  const cache = {
    async match(url: RequestInfo | URL) {
      const path = pathOf(url);
      const entry = await stat(path).catch(() => undefined);
      if (!entry) return undefined;
      const headers = { 'content-length': String(entry.size) };
      return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, { headers });
    },
    async put(url: RequestInfo | URL, response: Response) {
      await mkdir(folder, { recursive: true });
      const path = pathOf(url);
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        const body = response.body ? Readable.fromWeb(response.body as NodeStream) : Readable.from([]);
        await pipeline(body, createWriteStream(temporary));
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async delete(url: RequestInfo | URL) {
      const path = pathOf(url);
      const found = await stat(path).catch(() => undefined);
      await rm(path, { force: true });
      return found !== undefined;
    },
  };
  return { open: async () => cache as unknown as Cache };
}
