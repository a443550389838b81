// Workers that fail while they are needed, at seeded random moments: nothing hangs, no request is lost, the next one is answered.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/util/random.ts';
import { repeats } from '../support/repeats.ts';
import { openFaultyPage } from './faults/faulty-page.ts';
import type { Disturbance, Disturbed, Fault } from './faults/tell.ts';
import type { TestPage } from './page.ts';

const runs = repeats(3);
const timeout = 600_000;

let site: TestPage;
let page: Page;
beforeAll(async () => {
  ({ site, page } = await openFaultyPage());
});
afterAll(() => site.close());

/** Breaks the worker again and again while it is asked. `check` says what may come of it. */
async function repeat(
  kind: 'llm' | 'embed',
  phase: Disturbance['phase'],
  list: readonly Fault[],
  check: (outcome: Disturbed, phase: Disturbance['phase']) => void,
  times = runs,
): Promise<void> {
  const random = createRandom(7);
  for (let run = 0; run < times; run++) {
    const disturbance = { phase, moment: random(), fault: list[run % list.length]! };
    const outcome = await page.evaluate(([kind, disturbance]) => disturb(kind, disturbance), [kind, disturbance] as const);
    try {
      check(outcome, phase);
    } catch (error) {
      throw new Error(`run ${run}: ${JSON.stringify({ disturbance, outcome })}`, { cause: error });
    }
  }
}

/** One event tells of a failure: the request was answered by a new worker, or cut after its first token with a typed error. */
const whole = (text: string, code: string) => (outcome: Disturbed, phase: Disturbance['phase']) => {
  const { error, tokens, started, events } = outcome;
  if (error) {
    expect(error).toBe(code);
    expect(tokens).toBeGreaterThan(0);
    expect(text.startsWith(outcome.text)).toBe(true);
  } else expect(outcome.text).toBe(text);
  // A worker that fails after its answer leaves nothing to recover.
  const again = !error && started > (phase === 'start' || phase === 'load' ? 1 : 0);
  expect(events).toEqual([`${again ? 'recovered' : 'ended'} ${code}`]);
};

describe('a chat model whose worker ends', () => {
  let check: ReturnType<typeof whole>;
  beforeAll(async () => {
    const text = await page.evaluate(() => {
      globalThis.llm = inpage.transformersLlm({ device: 'wasm', ...callbacks });
      return measure('llm');
    });
    expect(text.length).toBeGreaterThan(6);
    check = whole(text, 'worker-died');
  });
  afterAll(() => page.evaluate(() => llm.close()));

  test(`while it loads, ${runs} times`, { timeout }, () => repeat('llm', 'load', ['kill', 'close'], check));
  test(`while it reads the prompt, ${runs} times`, { timeout }, () => repeat('llm', 'first', ['kill', 'close'], check));
  test(`between tokens, ${runs} times`, { timeout }, () => repeat('llm', 'decode', ['kill', 'close'], check));
  test('by an error that nobody caught', { timeout }, () => repeat('llm', 'decode', ['throw', 'reject'], check, 2));
});
