import { describe, expect, test } from 'vitest';
import { abortable, Channel, nextTask, Shared, Turnstile } from '../../../src/util/async.ts';

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('Turnstile', () => {
  test('one at a time, urgent ones first', async () => {
    const turns = new Turnstile();
    const order: string[] = [];
    let inside = 0;
    const task = (name: string) => async () => {
      expect(++inside).toBe(1);
      await later(5);
      order.push(name);
      inside--;
    };
    const first = turns.run(task('first'), { priority: 1 });
    const second = turns.run(task('second'), { priority: 1 });
    const urgent = turns.run(task('urgent'), { priority: 0 });
    await Promise.all([first, second, urgent]);
    expect(order).toEqual(['first', 'urgent', 'second']);
  });

  test('a failed task lets the next one in; an aborted one leaves the line', async () => {
    const turns = new Turnstile();
    const controller = new AbortController();
    const failing = turns.run(async () => {
      await later(5);
      throw new Error('no');
    });
    const aborted = turns.run(async () => 'never', { signal: controller.signal });
    const outcomes = Promise.allSettled([failing, aborted]);
    const last = turns.run(async () => 'last');
    controller.abort();
    expect(await outcomes).toMatchObject([{ reason: { message: 'no' } }, { reason: { name: 'AbortError' } }]);
    expect(await last).toBe('last');
  });

  test('as many at a time as there are places', async () => {
    const turns = new Turnstile(2);
    let inside = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++inside);
      await later(5);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => turns.run(task)));
    expect(most).toBe(2);
  });

  test('a stream keeps its turn until its end, and gives it up when the reader leaves', async () => {
    const turns = new Turnstile();
    const order: string[] = [];
    const count = async function* (name: string) {
      try {
        for (let n = 1; n <= 3; n++) {
          await later(1);
          order.push(name + n);
          yield n;
        }
      } finally {
        order.push(`${name} left`);
      }
    };
    const read = async (name: string, enough: number) => {
      for await (const n of turns.stream(() => count(name))) if (n === enough) break;
    };
    await Promise.all([read('a', 2), read('b', 4)]);
    expect(order).toEqual(['a1', 'a2', 'a left', 'b1', 'b2', 'b3', 'b left']);
    const waiting = turns.stream(() => count('c'), { signal: AbortSignal.abort() });
    await expect(waiting.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(await turns.run(async () => 'free')).toBe('free');
  });
});

describe('Shared', () => {
  test('several callers share one run and its progress', async () => {
    let runs = 0;
    const shared = new Shared<number, string>(async ({ onProgress }) => {
      runs++;
      await later(5);
      onProgress('half');
      await later(5);
      return 7;
    });
    const seen: string[] = [];
    const results = await Promise.all([
      shared.get({ onProgress: (p) => seen.push(`a ${p}`) }),
      shared.get({ onProgress: (p) => seen.push(`b ${p}`) }),
    ]);
    expect(results).toEqual([7, 7]);
    expect(await shared.get()).toBe(7);
    expect(runs).toBe(1);
    expect(seen).toEqual(['a half', 'b half']);
  });

  test('is aborted only when all have left', async () => {
    let aborted = 0;
    const shared = new Shared<string>(
      ({ signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted++;
            reject(signal.reason);
          });
          setTimeout(() => resolve('done'), 30);
        }),
    );
    const one = new AbortController();
    const two = new AbortController();
    const first = shared.get({ signal: one.signal });
    const second = shared.get({ signal: two.signal });
    one.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(await second).toBe('done');
    expect(aborted).toBe(0);
    shared.reset();
    const third = shared.get({ signal: two.signal });
    two.abort();
    await expect(third).rejects.toMatchObject({ name: 'AbortError' });
    expect(aborted).toBe(1);
    expect(await shared.get()).toBe('done');
  });

  test('a failure is not kept', async () => {
    let runs = 0;
    const shared = new Shared(async () => {
      if (++runs === 1) throw new Error('first');
      return runs;
    });
    await expect(shared.get()).rejects.toThrow('first');
    expect(await shared.get()).toBe(2);
  });
});

test('Channel hands items on in order and then the end', async () => {
  const channel = new Channel<number>();
  channel.push(1);
  setTimeout(() => {
    channel.push(2);
    channel.end(new Error('over'));
    channel.push(3);
  }, 5);
  const seen: number[] = [];
  await expect(async () => {
    for await (const item of channel) seen.push(item);
  }).rejects.toThrow('over');
  expect(seen).toEqual([1, 2, 3]);
});

test('abortable rejects at once', async () => {
  const controller = new AbortController();
  const promise = abortable(later(10_000), controller.signal);
  controller.abort();
  await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
});

test('nextTask lets timers run', async () => {
  let ran = false;
  setTimeout(() => {
    ran = true;
  }, 0);
  const started = performance.now();
  while (!ran && performance.now() - started < 1000) await nextTask();
  expect(ran).toBe(true);
});
