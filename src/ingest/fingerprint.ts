// A digest of everything that decides what the store keeps of a document: equal means that there is nothing to do.
import type { LoadedDocument } from '../spec/document.ts';
import { createDigest } from '../util/sha256.ts';

/** Version of the way documents are read and embedded; raise it when the same source would be stored otherwise. */
const version = 1;

/**
 * Reads the whole document.
 * @param keep most UTF-16 units to keep in memory
 * @returns the digest, and the pieces of the text unless it is longer than `keep`
 */
export async function fingerprint(
  document: LoadedDocument,
  chunkerId: string,
  keep: number,
): Promise<{ hash: string; pieces?: string[] }> {
  const { id, title, url, mediaType, metadata } = document;
  const digest = createDigest().update(JSON.stringify([version, chunkerId, id, title, url, mediaType, metadata]));
  let length = 0;
  let pieces: string[] | undefined = [];
  for await (const piece of document.text) {
    digest.update(piece);
    length += piece.length;
    pieces?.push(piece);
    if (length > keep) pieces = undefined;
  }
  return { hash: digest.hex(), ...(pieces && { pieces }) };
}
