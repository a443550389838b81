// fetch for Node that reads files too: models are asked for by URL, and Node's own fetch knows no `file:`.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A `fetch` that answers for `file:` as a server would: 404 for what is not there. */
export function createFileFetch(other: typeof fetch): typeof fetch {
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!address.startsWith('file:')) return other(input, init);
    init?.signal?.throwIfAborted();
    const path = fileURLToPath(address);
    const entry = await stat(path).catch(() => undefined);
    if (!entry?.isFile()) return new Response(null, { status: 404 });
    const headers = { 'content-length': String(entry.size) };
    const body = init?.method === 'HEAD' ? null : (Readable.toWeb(createReadStream(path)) as ReadableStream);
    return new Response(body, { headers });
  };
}
