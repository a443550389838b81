// Tries again after failures that may pass: exponential backoff with jitter, or the wait that the server asks for.
import type { CallOptions } from '../spec/call.ts';
import { abortable } from '../util/async.ts';
import { InpageError } from '../util/errors.ts';

/** When to try again, and when to give up. */
export interface RetryOptions {
  /** Further tries after a failure that may pass: no connection, a broken one, or status 408, 429 or 5xx. @default 2 */
  retries?: number;
  /** Longest wait before a try, in ms. A server that asks for more fails the call at once. @default 30_000 */
  maxRetryDelay?: number;
}

/** Defaults of {@link RetryOptions}. */
export const retryDefaults = { retries: 2, maxRetryDelay: 30_000 } satisfies RetryOptions;

/** Wait before the second try in ms, on average; doubled for each one after it. */
const firstDelay = 500;

/**
 * Settles like the last attempt. Only errors whose detail says `transient` are tried again; `retryAfterMs` in it is the wait
 * that the server asked for.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { retries, maxRetryDelay, signal }: Required<RetryOptions> & CallOptions,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!InpageError.is(error) || error.detail.transient !== true || failures === retries) throw error;
      const asked = error.detail.retryAfterMs as number | undefined;
      const delay = asked ?? Math.min(firstDelay * 2 ** failures * (0.5 + Math.random()), maxRetryDelay);
      if (delay > maxRetryDelay) throw error;
      await abortable(new Promise((resolve) => setTimeout(resolve, delay)), signal);
    }
  }
}

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date. Across origins a page sees it only where the
 * server exposes it (`Access-Control-Expose-Headers`).
 * @returns milliseconds, undefined where there is none
 */
export function readRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (!value) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
