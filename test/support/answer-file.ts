// Answers for one file as a server would, with or without ranges and validators, and breaks the connection where a test wants it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseRange } from '../../demo/terminal/serve.mjs';

export interface FileAnswer {
  content: Buffer;
  etag?: string;
  /** @default true */
  ranges?: boolean;
  /** Breaks the connection after so many bytes of the body. @default never */
  cutAfter?: number;
}

/** Answers, and gives the number of bytes of the body that were sent. */
export function answerFile(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { content, etag, ranges = true, cutAfter = Number.POSITIVE_INFINITY }: FileAnswer,
): number {
  const range = ranges && method === 'GET' ? parseRange(headers.range, content.length) : undefined;
  if (range === null) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end();
    return 0;
  }
  const body = range ? content.subarray(range.start, range.end + 1) : content;
  if (etag) response.setHeader('ETag', etag);
  if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${content.length}`);
  response.writeHead(range ? 206 : 200, { 'Content-Length': body.length, 'Content-Type': 'application/octet-stream' });
  if (method === 'HEAD') {
    response.end();
    return 0;
  }
  if (cutAfter >= body.length) {
    response.end(body);
    return body.length;
  }
  response.flushHeaders();
  response.write(body.subarray(0, cutAfter), () => response.destroy());
  return cutAfter;
}

/** The content with one byte changed. */
export function altered(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at]! ^= 1;
  return copy;
}
