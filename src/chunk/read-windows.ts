// A document's text in windows of equal length, whatever pieces it comes in, so that chunks do not depend on the pieces;
// lets the event loop run in between, so that a worker stays responsive and an abort takes effect.
import type { ChunkOptions } from '../spec/chunker.ts';
import type { LoadedDocument } from '../spec/document.ts';
import { nextTask } from '../util/async.ts';

/** UTF-16 code units. */
export const windowLength = 16_384;

/** Longest stretch of work without letting the event loop run, in ms. */
const longestTurn = 12;

/** Gives windows of {@link windowLength}; the last one may be shorter. @throws AbortError */
export async function* readWindows(document: LoadedDocument, { signal, onText }: ChunkOptions = {}): AsyncGenerator<string> {
  let turnStart = performance.now();
  let parts: string[] = [];
  let length = 0;
  signal?.throwIfAborted();
  for await (const piece of document.text) {
    signal?.throwIfAborted();
    await onText?.(piece);
    for (let at = 0; at < piece.length; ) {
      const part = piece.slice(at, at + windowLength - length);
      parts.push(part);
      length += part.length;
      at += part.length;
      if (length < windowLength) continue;
      yield parts.join('');
      parts = [];
      length = 0;
      if (performance.now() - turnStart > longestTurn) {
        await nextTask();
        turnStart = performance.now();
        signal?.throwIfAborted();
      }
    }
  }
  signal?.throwIfAborted();
  if (length > 0) yield parts.join('');
}
