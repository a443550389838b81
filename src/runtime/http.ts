// JSON and server-sent events over fetch, with typed errors that never hold what was sent, headers and keys included.
import { createParser } from 'eventsource-parser';
import type { CallOptions } from '../spec/call.ts';
import { abortError, InpageError } from '../util/errors.ts';
import { withDefaults } from '../util/options.ts';
import { type RetryOptions, readRetryAfter, retry, retryDefaults } from './retry.ts';

/** How to reach a server. */
export interface HttpOptions extends RetryOptions {
  /** Requests are relative to this; a query in it goes with each of them. Relative to the page. */
  baseUrl: string | URL;
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte from the server after which it counts as stuck: `no-progress`. @default 300_000 */
  timeout?: number;
  /** Added to the message where the server cannot be reached, as a sentence. */
  unreachable?: string;
}

/** A server. All of its errors are `remote-failed` or `no-progress`; `detail` has `status`, `url` and what the server said. */
export interface Http {
  /** Asks for JSON, by POST where there is a body and no other method is named; tries again. */
  json(path: string, body?: unknown, options?: CallOptions & { method?: string }): Promise<unknown>;
  /** Posts JSON and gives the data of each event as it comes; a plain JSON answer counts as one event. Does not try again. */
  events(path: string, body: unknown, options?: CallOptions): AsyncGenerator<string>;
  /** Tries again as `json` does. */
  retry<T>(attempt: () => Promise<T>, options?: CallOptions): Promise<T>;
}

interface Answer {
  url: string;
  response: Response;
  text: AsyncGenerator<string>;
}

/** Makes a client; nothing is sent. @throws InpageError `invalid-argument` for an address or a header that cannot be */
export function createHttp(options: HttpOptions): Http {
  const { retries, maxRetryDelay, timeout, unreachable } = withDefaults(
    { ...retryDefaults, timeout: 300_000, unreachable: '' },
    options,
  );
  const base = readBase(options.baseUrl);
  const headers = readHeaders(options.headers);
  const secrets = [...headers.values()].flatMap((value) => value.split(/\s+/)).filter((value) => value.length >= 8);
  const clean = (text: string) => secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '…'), text);
  headers.set('Content-Type', 'application/json');

  const open = async (
    path: string,
    body: unknown,
    { accept, method = body === undefined ? 'GET' : 'POST', signal }: CallOptions & { accept: string; method?: string },
  ): Promise<Answer> => {
    const address = new URL(path, base);
    for (const [name, value] of base.searchParams) address.searchParams.set(name, value);
    // A query may hold a key.
    const url = address.origin + address.pathname;
    const watch = createWatch(timeout, url, signal);
    const fail = (reason: string, cause: unknown) =>
      watch.signal.aborted
        ? abortError(watch.signal)
        : new InpageError('remote-failed', `${url} ${reason}`, { cause, detail: { url, transient: true } });
    let response: Response;
    try {
      response = await watch.over(
        fetch(address, {
          method,
          headers: { ...Object.fromEntries(headers), Accept: accept },
          body: body === undefined ? null : JSON.stringify(body),
          signal: watch.signal,
        }),
      );
    } catch (cause) {
      throw fail(
        'cannot be reached. Is the server running, and does it allow this page (CORS)? The Content Security Policy of the page ' +
          `must name it (connect-src), and the browser may ask before a page reaches the local network. ${unreachable}`.trim(),
        cause,
      );
    }
    const read = async function* () {
      if (!response.body) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      try {
        for (;;) {
          const { done, value } = await watch.over(reader.read());
          if (done) return;
          yield value;
        }
      } catch (cause) {
        throw fail('ended the connection before its answer was complete.', cause);
      } finally {
        await reader.cancel().catch(() => {});
      }
    };
    const answer = { url, response, text: read() };
    if (!response.ok) throw await refusal(answer, clean);
    if (response.headers.get('content-type')?.includes('text/html')) {
      throw await refusal(answer, clean, 'answered with a web page. Check `baseUrl`; it mostly ends in /v1.');
    }
    return answer;
  };

  const attempt: Http['retry'] = (work, { signal } = {}) => retry(work, { retries, maxRetryDelay, signal });
  return {
    retry: attempt,
    json: (path, body, { signal, method } = {}) =>
      attempt(
        async () => {
          const { text, url } = await open(path, body, { accept: 'application/json', method, signal });
          return parseJson(await collect(text), url);
        },
        { signal },
      ),
    async *events(path, body, { signal } = {}) {
      const { response, text } = await open(path, body, { accept: 'text/event-stream', signal });
      if (!response.headers.get('content-type')?.includes('text/event-stream')) {
        yield await collect(text);
        return;
      }
      const found: string[] = [];
      const parser = createParser({ onEvent: ({ data }) => found.push(data) });
      for await (const piece of text) {
        parser.feed(piece);
        yield* found.splice(0);
      }
    },
  };
}

/** @throws InpageError `remote-failed` if the text is not JSON */
export function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text.slice(0, 80);
    throw new InpageError('remote-failed', `${url} answered with what is not JSON: "${start}".`, { cause, detail: { url } });
  }
}

function readBase(baseUrl: string | URL): URL {
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  // The address itself is in no message: it may hold a key.
  const wrong = (reason: string) => new InpageError('invalid-argument', `\`baseUrl\` ${reason}`);
  if (!URL.canParse(String(baseUrl), page)) throw wrong("must be the address of a server's API.");
  const url = new URL(baseUrl, page);
  if (url.username || url.password) throw wrong('must not hold a name or a password: put them into `headers` (Authorization).');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function readHeaders(headers: HttpOptions['headers'] = {}): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    try {
      read.set(name, value);
    } catch {
      // The platform's message holds the value.
      throw new InpageError('invalid-argument', `The header "${name}" has a name or a value that cannot be sent.`);
    }
  }
  return read;
}

/** Ends what waits for the server too long. */
function createWatch(timeout: number, url: string, signal: AbortSignal | undefined) {
  const stuck = new AbortController();
  const message = `${url} has sent nothing for ${timeout / 1000} s. Try again, or set a longer \`timeout\`.`;
  return {
    signal: signal ? AbortSignal.any([signal, stuck.signal]) : stuck.signal,
    async over<T>(promise: Promise<T>): Promise<T> {
      const timer = setTimeout(() => stuck.abort(new InpageError('no-progress', message, { detail: { url, timeout } })), timeout);
      return promise.finally(() => clearTimeout(timer));
    },
  };
}

/** The error of an answer that is none. */
async function refusal({ url, response, text }: Answer, clean: (text: string) => string, reason?: string): Promise<InpageError> {
  const { status, headers } = response;
  const said = await collect(text).catch((error) => {
    if (InpageError.is(error, 'remote-failed')) return '';
    throw error;
  });
  const { message, code } = readFailure(clean(said));
  const retryAfterMs = readRetryAfter(headers.get('retry-after'));
  return new InpageError(
    'remote-failed',
    `${url} ${reason ?? `answered ${status}${message && `: ${message}`}${remedy(status)}`}`,
    {
      detail: {
        status,
        url,
        serverMessage: message,
        ...(code !== undefined && { serverCode: code }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        transient: status === 408 || status === 429 || (status >= 500 && status !== 501),
      },
    },
  );
}

function remedy(status: number): string {
  if (status === 401 || status === 403) return '. Check `apiKey` and what it may be used for.';
  if (status === 404 || status === 405) return '. Check `baseUrl` (it mostly ends in /v1) and `model`.';
  if (status === 429) return '. Wait, or send less at once.';
  return '.';
}

/** What a server says of a failure: `{ error: { message, code, type } }`, `{ error }`, `{ message }`, `{ detail }`, or plain text. */
export function readFailure(text: string): { message: string; code?: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: text.trimStart().startsWith('<') ? '' : text.trim().slice(0, 300) };
  }
  const outer = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const inner = typeof outer.error === 'object' && outer.error !== null ? (outer.error as Record<string, unknown>) : outer;
  const said = inner.message ?? inner.error ?? inner.detail ?? '';
  // The most telling name: servers put numbers, or nothing, into `code`.
  const code = [inner.code, inner.type].find((name) => typeof name === 'string' && name !== '') as string | undefined;
  const message = (typeof said === 'string' ? said : JSON.stringify(said)).trim().replace(/\.$/, '').slice(0, 1000);
  return { message, ...(code !== undefined && { code }) };
}

async function collect(text: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}
