// The main thread must not block for longer than 50 ms.
import { expect } from 'vitest';

/**
 * @param longTasks durations of the page's long tasks (Long Tasks API: 50 ms and more), ms
 * Durations are wall-clock time. With models on all cores the scheduler may take the page's turn away once; a task of ours
 * that blocks does so again and again, or for long.
 */
export function expectResponsive(longTasks: readonly number[]): void {
  const text = `long tasks: ${longTasks.map(Math.round).join(', ')} ms`;
  expect(longTasks.length, text).toBeLessThanOrEqual(1);
  for (const duration of longTasks) expect(duration, text).toBeLessThan(100);
}
