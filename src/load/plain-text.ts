// Plain text of any size: decoded as it is read, never one string.
import type { Loader } from '../spec/loader.ts';
import { type ReadableSource, readable, textPieces } from './decode-text.ts';
import { baseType, emptyDocument, identify } from './identify.ts';

/** Reads text as it is. */
export const plainTextLoader: Loader = {
  name: 'plain-text',
  async *load(captured, { signal } = {}) {
    const source = readable(captured);
    if (!(await hasText(source, signal))) throw emptyDocument(source);
    const mediaType = baseType(source.mediaType ?? '') || 'text/plain';
    yield { ...(await identify(source, { mediaType }, signal)), text: textPieces(source, signal) };
  },
};

async function hasText(source: ReadableSource, signal?: AbortSignal): Promise<boolean> {
  for await (const piece of textPieces(source, signal)) if (/\S/.test(piece)) return true;
  return false;
}
