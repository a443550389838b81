import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRetryAfter, retry } from '../../../src/runtime/retry.ts';
import { InpageError } from '../../../src/util/errors.ts';

const failure = (detail: object) => new InpageError('remote-failed', 'It failed.', { detail: { ...detail } });

describe('retry', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Runs attempts that fail in these ways, then succeed; gives the waits between them in ms. */
  async function run(failures: unknown[], { retries = 4, maxRetryDelay = 10_000 } = {}) {
    const times: number[] = [];
    const left = [...failures];
    const outcome = retry(
      async () => {
        times.push(Date.now());
        if (left.length > 0) throw left.shift();
        return 'done';
      },
      { retries, maxRetryDelay },
    ).catch((error) => error);
    await vi.runAllTimersAsync();
    return { outcome: await outcome, waits: times.slice(1).map((time, i) => time - times[i]!) };
  }

  test('waits longer each time, within bounds', async () => {
    const { outcome, waits } = await run(Array(4).fill(failure({ transient: true })), { maxRetryDelay: 3000 });
    expect(outcome).toBe('done');
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(250 * 2 ** i);
      expect(wait).toBeLessThanOrEqual(Math.min(750 * 2 ** i, 3000) + 1);
    }
  });

  test('waits as long as it is asked to, or fails at once where that is too long', async () => {
    expect((await run([failure({ transient: true, retryAfterMs: 7000 })])).waits).toEqual([7000]);
    const error = failure({ transient: true, retryAfterMs: 11_000 });
    expect(await run([error])).toEqual({ outcome: error, waits: [] });
  });

  test('gives up with the last error', async () => {
    const errors = [1, 2, 3].map((n) => failure({ transient: true, retryAfterMs: 0, n }));
    const { outcome, waits } = await run(errors, { retries: 2 });
    expect(outcome).toBe(errors[2]);
    expect(waits).toHaveLength(2);
  });

  test('does not try again what will not pass, an abort included', async () => {
    for (const error of [failure({ transient: false }), new DOMException('', 'AbortError'), new TypeError('no')]) {
      expect(await run([error])).toEqual({ outcome: error, waits: [] });
    }
  });
});

test('Retry-After: seconds, a date, nothing', () => {
  const now = Date.parse('2026-11-26T10:00:00Z');
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter('0.5', now)).toBe(500);
  expect(readRetryAfter('Thu, 26 Nov 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(readRetryAfter('Thu, 26 Nov 2026 09:00:00 GMT', now)).toBe(0);
  for (const value of [null, '', 'soon']) expect(readRetryAfter(value, now)).toBeUndefined();
});
