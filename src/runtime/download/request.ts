// One request of a file or a range of it (RFC 9110, section 14), with a watchdog for connections that say nothing more.
// `If-Range` is not sent: across origins it needs a preflight that hubs refuse. The validators of the answers are compared instead.
import { InpageError } from '../../util/errors.ts';
import { readRetryAfter } from '../retry.ts';
import type { Piece } from './pieces.ts';

/** A connection without a byte for so long is given up, in milliseconds. */
export const stallMs = 20_000;

/** The file is not there, or not for this reader; another try would not help. */
export class NotFound extends Error {
  readonly status: number;

  constructor(reason: string, status: number) {
    super(reason);
    this.status = status;
  }
}

/** A connection broke or a server is busy: another try may succeed (see `../retry.ts`). The message is the reason alone. */
export function interrupted(reason: string, cause?: unknown, retryAfterMs?: number): InpageError {
  const detail = { transient: true, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return new InpageError('model-download-failed', reason, { cause, detail });
}

/** Whether an error is one that {@link interrupted} has made. */
export function isInterruption(error: unknown): error is InpageError {
  return InpageError.is(error, 'model-download-failed') && error.detail.transient === true;
}

/** What has come is not the file that was expected: it has changed, or was altered. What there is of it is of no use. */
export class Unfit extends Error {}

/** An answer with a body. */
export interface Answer {
  /** The range that was asked for; otherwise the whole file. */
  ranged: boolean;
  /** Bytes of the whole file, where the server tells and the page may read it. */
  total?: number;
  /** Differs when the content differs (`ETag` or `Last-Modified`), where the server tells and the page may read it. */
  validator?: string;
  /** The body; to be read once. Rejects with `interrupted` when the connection breaks. Leaving the loop ends the request. */
  chunks: AsyncIterable<Uint8Array>;
  /** Ends the request; for an answer that is not read. */
  cancel(): void;
}

/**
 * Asks for a file, or a range of it.
 * @throws NotFound, Unfit, what `interrupted` makes, or the signal's reason
 */
export async function request(url: string, range: Piece | undefined, signal: AbortSignal | undefined): Promise<Answer> {
  const watch = new Watch(signal);
  try {
    const headers: Record<string, string> = range ? { Range: `bytes=${range.start}-${range.end - 1}` } : {};
    // What is stored here need not be in the browser's own cache too.
    const response = await fetch(url, { headers, cache: 'no-store', signal: watch.signal });
    watch.touch();
    refuse(response);
    return { ...describe(response, range), chunks: read(response, watch), cancel: () => watch.end() };
  } catch (error) {
    const failure = watch.failure(error, 'the server cannot be reached');
    watch.end();
    throw failure;
  }
}

/** Ends a request after too long a silence, and says afterwards why it ended. */
class Watch {
  readonly #own = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.signal = outer ? AbortSignal.any([outer, this.#own.signal]) : this.#own.signal;
    this.touch();
  }

  /** A sign of life. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#own.abort(interrupted(`nothing came for ${stallMs / 1000} seconds`)), stallMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#own.abort();
  }

  /** What an error of the request means. */
  failure(error: unknown, reason: string): unknown {
    if (this.#outer?.aborted) return this.#outer.reason;
    if (this.#own.signal.aborted) return this.#own.signal.reason;
    const known = error instanceof NotFound || error instanceof Unfit || InpageError.is(error);
    return known ? error : interrupted(reason, error);
  }
}

function refuse(response: Response): void {
  const { status, headers } = response;
  if (headers.get('content-type')?.includes('text/html')) {
    // A page for a file that is missing; but a busy server's own page of an error is another matter.
    if (response.ok) throw new NotFound('the server answered with a web page', status);
  }
  if (response.ok) return;
  const reason = `the server answered ${status}`;
  if (status === 416) throw new Unfit('it is shorter than expected');
  if (status >= 500 || status === 408 || status === 429) {
    throw interrupted(reason, undefined, readRetryAfter(headers.get('retry-after')));
  }
  throw new NotFound(reason, status);
}

function describe({ status, headers }: Response, range: Piece | undefined): Omit<Answer, 'chunks' | 'cancel'> {
  const validator = headers.get('etag') ?? headers.get('last-modified') ?? undefined;
  if (status !== 206 || !range) {
    // With a content encoding the length is that of the encoded bytes.
    const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
    return { ranged: false, validator, total: length || undefined };
  }
  // Across origins a server must allow reading this header.
  const given = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  if (given && Number(given[1]) !== range.start)
    throw new Unfit(`the server sent it from byte ${given[1]} on, not ${range.start}`);
  return { ranged: true, validator, total: given ? Number(given[3]) : undefined };
}

async function* read(response: Response, watch: Watch): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) return;
      watch.touch();
      yield next.value;
    }
  } catch (error) {
    throw watch.failure(error, 'the connection broke');
  } finally {
    watch.end();
  }
}
