// Loads and cuts documents for `load.test.ts`, as the store worker does.
import { createChunker } from '../../src/chunk/create-chunker.ts';
import { loadSource } from '../../src/load/load-source.ts';
import type { CapturedSource } from '../../src/spec/document.ts';

export interface LoadRequest {
  id: number;
  /** `ping` answers at once, `read` gives the texts, `cut` only numbers, `abort` ends the call of that id. */
  type: 'ping' | 'read' | 'cut' | 'abort';
  source?: CapturedSource;
}

export interface CutReport {
  length: number;
  pieces: number;
  longestPiece: number;
  chunks: number;
}

const running = new Map<number, AbortController>();

async function read(source: CapturedSource, signal: AbortSignal) {
  const documents = [];
  for await (const document of loadSource(source, { signal })) {
    let text = '';
    for await (const piece of document.text) text += piece;
    documents.push({ ...document, text });
  }
  return documents;
}

async function cut(source: CapturedSource, signal: AbortSignal): Promise<CutReport> {
  const report = { length: 0, pieces: 0, longestPiece: 0, chunks: 0 };
  const onText = (piece: string) => {
    report.length += piece.length;
    report.pieces++;
    report.longestPiece = Math.max(report.longestPiece, piece.length);
  };
  for await (const document of loadSource(source, { signal })) {
    for await (const _ of createChunker().chunk(document, { signal, onText })) report.chunks++;
  }
  return report;
}

addEventListener('message', async ({ data }: MessageEvent<LoadRequest>) => {
  const { id, type, source } = data;
  if (type === 'abort') {
    running.get(id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const value = type === 'ping' ? 'pong' : await (type === 'read' ? read : cut)(source!, controller.signal);
    postMessage({ id, value });
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    postMessage({ id, error: { name, message, code } });
  } finally {
    running.delete(id);
  }
});
