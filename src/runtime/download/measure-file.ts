// Size of a file that no manifest knows, from the server.

/**
 * Size and, where a hub tells it, SHA-256 of a file; nothing where the server does not answer. An `ETag` is not taken for a
 * digest: hubs give other hashes of 64 digits there.
 */
export async function measureFile(url: string, signal?: AbortSignal): Promise<{ bytes?: number; sha256?: string }> {
  // A request with a range is not answered in a compressed form, so the length is that of the file.
  const options: RequestInit = { method: 'HEAD', headers: { Range: 'bytes=0-' }, cache: 'no-store' };
  const response = await fetch(url, { ...options, signal: signal ?? null }).catch(() => undefined);
  signal?.throwIfAborted();
  if (!response?.ok) return {};
  const { headers } = response;
  const bytes = Number(headers.get('x-linked-size') ?? headers.get('content-length'));
  const sha256 = /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1];
  return { ...(bytes > 0 && { bytes }), ...(sha256 && { sha256 }) };
}
