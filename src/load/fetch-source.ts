// Fetches a document by its URL.
import type { CallOptions } from '../spec/call.ts';
import type { CapturedSource } from '../spec/document.ts';
import { InpageError, isAbort } from '../util/errors.ts';

type UrlSource = Extract<CapturedSource, { kind: 'url' }>;
type BlobSource = Extract<CapturedSource, { kind: 'blob' }>;

/**
 * Fetches a URL into a blob that is typed as the server says.
 * @throws InpageError `fetch-failed`, with `detail.status` where there was an answer; AbortError
 */
export async function fetchSource(
  { url, id, title, mediaType, metadata }: UrlSource,
  { signal }: CallOptions = {},
): Promise<BlobSource> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    throw failure(url, cause, signal, unreachable(url));
  }
  if (!response.ok) {
    await response.body?.cancel().catch(() => {});
    const { status, statusText } = response;
    throw new InpageError(
      'fetch-failed',
      `${url} could not be fetched: the server answered ${[status, statusText].join(' ').trimEnd()}. ${remedy(status)}`,
      {
        detail: { url, status, reason: statusText },
      },
    );
  }
  let blob: Blob;
  try {
    blob = await response.blob();
  } catch (cause) {
    throw failure(url, cause, signal, 'the connection broke in the middle. Try again.');
  }
  const { hostname, pathname } = new URL(url);
  return {
    kind: 'blob',
    blob,
    id: id ?? url.replace(/#.*$/s, ''),
    name: lastSegment(pathname) || hostname,
    ...(title !== undefined && { title }),
    ...(mediaType !== undefined && { mediaType }),
    ...(metadata !== undefined && { metadata }),
  };
}

function failure(url: string, cause: unknown, signal: AbortSignal | undefined, reason: string): unknown {
  if (signal?.aborted || isAbort(cause)) return cause;
  return new InpageError('fetch-failed', `${url} could not be fetched: ${reason}`, { cause, detail: { url, reason } });
}

function unreachable(url: string): string {
  const origin = globalThis.location?.origin;
  return origin && new URL(url).origin !== origin
    ? 'the server cannot be reached or does not allow other sites to read it (CORS). Check the address, or download the file and add that.'
    : 'the server cannot be reached. Check the address and the connection.';
}

function remedy(status: number): string {
  if (status === 404 || status === 410) return 'Check the address.';
  if (status === 401 || status === 403) return 'Sign in first, or download the file and add that.';
  return status >= 500 || status === 429 ? 'Try again later.' : 'Check the address, or download the file and add that.';
}

function lastSegment(pathname: string): string {
  const segment = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
