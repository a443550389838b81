import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Watchdog } from '../../../src/runtime/watchdog.ts';

const barked: number[] = [];
let dog: Watchdog;
beforeEach(() => {
  vi.useFakeTimers();
  barked.length = 0;
  dog = new Watchdog((ms) => barked.push(ms));
});
afterEach(() => {
  dog.reset();
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('Watchdog', () => {
  test('barks once, when there was no progress for the limit', async () => {
    dog.watch(5000);
    await pass(4900);
    expect(barked).toEqual([]);
    await pass(10_000);
    expect(barked).toEqual([5000]);
  });

  test('progress starts the time anew, with another limit where one is given', async () => {
    const work = dog.watch(5000);
    await pass(4000);
    work.progress(1000);
    await pass(900);
    work.progress();
    await pass(900);
    expect(barked).toEqual([]);
    await pass(200);
    expect(barked).toHaveLength(1);
  });

  test('work that has ended is not watched, nor is anything when nothing is running', async () => {
    const work = dog.watch(1000);
    await pass(500);
    work.end();
    work.end();
    await pass(10_000);
    expect(barked).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    dog.watch(1000);
    await pass(900);
    expect(barked).toEqual([]);
  });

  test('progress of one is progress of all, and the most patient decides', async () => {
    dog.watch(1000);
    const other = dog.watch(3000);
    await pass(2500);
    other.progress();
    await pass(2500);
    other.end();
    await pass(900);
    expect(barked).toEqual([]);
    await pass(200);
    expect(barked).toHaveLength(1);
  });

  test('progress of work that has ended counts no more', async () => {
    dog.watch(1000);
    const left = dog.watch(1000);
    left.end();
    await pass(900);
    left.progress();
    await pass(200);
    expect(barked).toHaveLength(1);
  });

  test('time in which the page stood still is not silence', async () => {
    dog.watch(5000);
    await pass(1000);
    // The timer comes an hour late: the machine was asleep.
    vi.setSystemTime(Date.now() + 3_600_000);
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
    await pass(3000);
    expect(barked).toEqual([]);
    await pass(1000);
    expect(barked).toHaveLength(1);
    clock.mockRestore();
  });

  test('reset forgets everything', async () => {
    const work = dog.watch(1000);
    dog.reset();
    work.progress();
    work.end();
    await pass(5000);
    expect(barked).toEqual([]);
  });

  test('an infinite limit never barks', async () => {
    dog.watch(Number.POSITIVE_INFINITY);
    await pass(1e7);
    expect(barked).toEqual([]);
  });
});
