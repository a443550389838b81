// The file of a collection, from wherever a page says it is.
import type { CallOptions } from '../spec/call.ts';
import { InpageError } from '../util/errors.ts';

/** An absolute URL, a file, or its bytes. */
export type FilePlace = string | Blob | ReadableStream<Uint8Array>;

/**
 * Opens a file; a URL is fetched, and asked for anew where the browser has an older copy.
 * @throws InpageError `fetch-failed`, with `detail.status` where there was an answer; AbortError
 */
export async function openFile(place: FilePlace, { signal }: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
  if (typeof place !== 'string') return place instanceof Blob ? place.stream() : place;
  let response: Response;
  try {
    response = await fetch(place, { signal, cache: 'no-cache' });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw failed(place, 'the server cannot be reached, or does not allow other sites to read it (CORS)', { cause });
  }
  const { status, body } = response;
  // Servers of applications answer every address with the same page.
  const page = response.headers.get('content-type')?.includes('text/html');
  if (response.ok && body && !page) return body;
  await body?.cancel().catch(() => {});
  throw failed(place, response.ok && page ? 'the server answered with a web page' : `the server answered ${status}`, { status });
}

function failed(url: string, reason: string, { cause, status }: { cause?: unknown; status?: number }): InpageError {
  return new InpageError(
    'fetch-failed',
    `The index ${url} could not be fetched: ${reason}. Check the address, and that "npx inpage build" has written the file there.`,
    { cause, detail: { url, ...(status !== undefined && { status }) } },
  );
}
