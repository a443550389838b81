// Workers that fail while they are needed, at seeded random moments: nothing hangs, no request is lost, the next one is answered.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/util/random.ts';
import { repeats } from '../support/repeats.ts';
import { openFaultyPage } from './faults/faulty-page.ts';
import type { Disturbance, Disturbed, Fault, Moment } from './faults/tell.ts';
import type { TestPage } from './page.ts';

type Kind = 'llm' | 'embed';
type Phase = Moment['phase'];

const timeout = 900_000;
const runs = repeats(3);
/** On a GPU that is emulated, which takes its time. */
const gpuRuns = repeats(1);

let site: TestPage;
let page: Page;
beforeAll(async () => {
  ({ site, page } = await openFaultyPage());
});
afterAll(() => site.close());

/** Does something at random moments of a phase, again and again. */
async function repeat<T>(
  phase: Phase,
  act: (moment: Moment, run: number) => Promise<T>,
  check: (outcome: T) => void,
  times = runs,
): Promise<void> {
  const random = createRandom(7);
  for (let run = 0; run < times; run++) {
    const moment = { phase, moment: random() };
    const outcome = await act(moment, run);
    try {
      check(outcome);
    } catch (error) {
      throw new Error(`run ${run}: ${JSON.stringify({ moment, outcome })}`, { cause: error });
    }
  }
}

/**
 * Breaks the worker again and again while it is asked. One event tells of each failure: the request was answered by a new worker, or
 * cut after its first token with a typed error.
 */
function disturb(
  kind: Kind,
  phase: Phase,
  faults: readonly Fault[],
  { code, text, times }: { code: string; text: string; times?: number },
) {
  const act = (moment: Moment, run: number): Promise<Disturbed> => {
    const disturbance: Disturbance = { ...moment, fault: faults[run % faults.length]! };
    return page.evaluate(([kind, disturbance]) => globalThis.disturb(kind, disturbance), [kind, disturbance] as const);
  };
  const check = (outcome: Disturbed) => {
    const { error, tokens, started, events } = outcome;
    if (error) {
      expect(error).toBe(code);
      expect(tokens).toBeGreaterThan(0);
      expect(text.startsWith(outcome.text)).toBe(true);
    } else expect(outcome.text).toBe(text);
    // A worker that fails after its answer leaves nothing to recover.
    const again = !error && started > (phase === 'load' ? 1 : 0);
    expect(events).toEqual([`${again ? 'recovered' : 'ended'} ${code}`]);
  };
  return repeat(phase, act, check, times);
}

/** Leaves a request at random moments, and makes another at once: that is answered, and no worker was ended for it. */
function interrupt(kind: Kind, phase: Phase, text: string) {
  const act = (moment: Moment) => page.evaluate(([kind, moment]) => globalThis.interrupt(kind, moment), [kind, moment] as const);
  return repeat(phase, act, ({ aborted, next, events }) => {
    if (aborted.error) expect(aborted.error).toBe('AbortError');
    else expect(aborted.text).toBe(text);
    expect(text.startsWith(aborted.text)).toBe(true);
    expect(next.error).toBeUndefined();
    expect(next.text).toBe(text);
    expect(events).toEqual([]);
  });
}

/** The undisturbed answer of a model that `make` puts in its place on the page. */
async function measure(kind: Kind, make: () => void): Promise<string> {
  await page.evaluate(make);
  return page.evaluate((kind) => globalThis.measure(kind), kind);
}

describe('a chat model whose worker ends, or whose user leaves', () => {
  let text: string;
  beforeAll(async () => {
    text = await measure('llm', () => {
      globalThis.llm = inpage.transformersLlm({ device: 'wasm', ...callbacks });
    });
    expect(text.length).toBeGreaterThan(6);
  });
  afterAll(() => page.evaluate(() => llm.close()));

  const died = ['kill', 'close'] as const;
  const check = () => ({ code: 'worker-died', text });
  test(`ended while it loads, ${runs} times`, { timeout }, () => disturb('llm', 'load', died, check()));
  test(`ended while it reads the prompt, ${runs} times`, { timeout }, () => disturb('llm', 'first', died, check()));
  test(`ended between tokens, ${runs} times`, { timeout }, () => disturb('llm', 'decode', died, check()));
  test(`left while it loads, ${runs} times`, { timeout }, () => interrupt('llm', 'load', text));
  test(`left while it reads the prompt, ${runs} times`, { timeout }, () => interrupt('llm', 'first', text));
  test(`left between tokens, ${runs} times`, { timeout }, () => interrupt('llm', 'decode', text));
});

describe('a tiny chat model that falls silent, or fails by an error that nobody caught', () => {
  let text: string;
  beforeAll(async () => {
    text = await measure('llm', () => {
      const watchdog = { start: 5_000, load: 4_000, prefill: 2_500, decode: 2_500 };
      globalThis.llm = inpage.wllama({ model: 'tiny-llama-f16', watchdog, ...callbacks });
    });
    expect(text).not.toBe('');
  });
  afterAll(() => page.evaluate(() => llm.close()));

  const silent = ['hang', 'deaf'] as const;
  const uncaught = ['throw', 'reject'] as const;
  test(`silent while it loads, ${runs} times`, { timeout }, () => disturb('llm', 'load', silent, { code: 'no-progress', text }));
  test(`silent while it reads the prompt, ${runs} times`, { timeout }, () =>
    disturb('llm', 'first', silent, { code: 'no-progress', text }),
  );
  test(`silent between tokens, ${runs} times`, { timeout }, () =>
    disturb('llm', 'decode', silent, { code: 'no-progress', text }),
  );
  test(`uncaught between tokens, ${runs} times`, { timeout }, () =>
    disturb('llm', 'decode', uncaught, { code: 'worker-died', text }),
  );
});

describe('a GPU that is taken away', () => {
  const lost: readonly Fault[] = ['lose device'];

  describe('from a chat model', () => {
    let text: string;
    beforeAll(async () => {
      text = await measure('llm', () => {
        globalThis.llm = inpage.webLlm({ model: 'tiny-llama-q0f32', source: { base: '/models/' }, ...callbacks });
      });
      expect(text).not.toBe('');
    }, 300_000);
    afterAll(() => page.evaluate(() => llm.close()));

    test.each(['load', 'first', 'decode'] as const)(`during: %s, ${gpuRuns} times`, { timeout }, (phase) =>
      disturb('llm', phase, lost, { code: 'device-lost', text, times: gpuRuns }),
    );
  });

  describe('from an embedding model', () => {
    let text: string;
    beforeAll(async () => {
      text = await measure('embed', () => {
        globalThis.embedder = inpage.transformersEmbedder({ device: 'webgpu', ...callbacks });
      });
    }, 300_000);
    afterAll(() => page.evaluate(() => embedder.close()));

    test.each(['load', 'first'] as const)(`during: %s, ${gpuRuns} times`, { timeout }, (phase) =>
      disturb('embed', phase, lost, { code: 'device-lost', text, times: gpuRuns }),
    );
  });
});
