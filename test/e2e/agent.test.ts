// Agents on the script-tag build, with the chat model itself: every pattern comes to an end, an abort ends it, a run goes on after a
// reload, and no injected text gets through.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentStep, Assistant, RunOptions } from '../../src/index.ts';
import { openPage, type TestPage } from './page.ts';

declare global {
  var agentAssistant: Assistant;
  /** Calls that took place in this page. */
  var weatherCalls: unknown[];
}

let site: TestPage;

beforeAll(async () => {
  site = await openPage();
  await open();
});
afterAll(() => site?.close());

async function open(): Promise<void> {
  await site.page.evaluate(async () => {
    globalThis.weatherCalls = [];
    globalThis.agentAssistant = await inpage.createAssistant({ name: 'agent', device: 'wasm', preload: false });
  });
}

interface Run {
  pattern: string;
  resume?: readonly AgentStep[];
  /** Leave, or abort, after the first step of this type. */
  leaveAt?: AgentStep['type'];
  abortAt?: AgentStep['type'];
}

/** Runs a small task; verifiers and tools are made in the page. */
function run(settings: Run): Promise<{ steps: AgentStep[]; calls: number; error?: string; afterAbort: number }> {
  return site.page.evaluate(async ({ pattern, resume, leaveAt, abortAt }) => {
    const controller = new AbortController();
    const city = {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 20 } },
      required: ['city'],
      additionalProperties: false,
    };
    const common = { inputSchema: city, trusted: true, readOnly: true } as const;
    const tools = {
      get_weather: {
        ...common,
        description: 'Gets the weather of a city.',
        execute: (input: unknown) => {
          weatherCalls.push(input);
          return { sky: 'clear', celsius: 21 };
        },
      },
      get_time: { ...common, description: 'Gets the local time of a city.', execute: () => '12:30' },
    };
    const options = {
      ...{ tools, pattern, resume, signal: controller.signal, maxSteps: 3, maxMs: 20_000 },
      generation: { maxTokens: 96 },
      verifiers: [{ name: 'short', verify: (text: unknown) => (String(text).length < 400 ? [] : ['It is too long.']) }],
    } satisfies RunOptions;
    const steps: AgentStep[] = [];
    let error: string | undefined;
    let aborted = 0;
    try {
      for await (const step of agentAssistant.run('What is the weather in Oslo?', options)) {
        steps.push(step);
        if (step.type === leaveAt) break;
        if (step.type === abortAt) {
          aborted = performance.now();
          controller.abort();
        }
      }
    } catch (thrown) {
      error = (thrown as Error).name;
    }
    const afterAbort = aborted ? performance.now() - aborted : 0;
    return { steps, calls: weatherCalls.length, afterAbort, ...(error && { error }) };
  }, settings);
}

test.each(['direct', 'react', 'rewoo', 'reflect', 'depth-first', 'roles', 'modulo'])('%s comes to an end', async (pattern) => {
  const { steps, error } = await run({ pattern });
  expect(error).toBeUndefined();
  const end = steps.at(-1)!;
  expect(end).toMatchObject({ type: 'done', reason: expect.stringMatching(/^(?:finished|gave-up|budget|no-tool)$/) });
  for (const step of steps) {
    // What was called was valid: a call that is not is told as an input that is not valid.
    if (step.type === 'result') expect(step.outcome).toMatchObject({ status: expect.stringMatching(/^(?:done|refused)$/) });
  }
  if (pattern === 'direct') {
    expect(end).toMatchObject({ reason: 'finished', value: { sky: 'clear' } });
    expect(steps.find(({ type }) => type === 'call')).toMatchObject({ call: { tool: 'get_weather', input: { city: 'Oslo' } } });
  }
});

test('an abort ends it at once', async () => {
  const { steps, error, afterAbort } = await run({ pattern: 'react', abortAt: 'tools' });
  expect(error).toBe('AbortError');
  expect(steps.at(-1)!.type).toBe('tools');
  expect(afterAbort).toBeLessThan(2000);
});

test('a run goes on after a reload, and calls nothing again', async () => {
  const before = await run({ pattern: 'direct', leaveAt: 'result' });
  expect(before.steps.at(-1)!.type).toBe('result');
  await site.page.reload();
  await open();
  const after = await run({ pattern: 'direct', resume: before.steps });
  expect(after.calls).toBe(0);
  expect(after.steps).toHaveLength(1);
  expect(after.steps[0]).toMatchObject({ type: 'done', reason: 'finished', value: { sky: 'clear' } });
});

test('no injected text gets through: npm run eval -- injection', async () => {
  const root = join(import.meta.dirname, '../..');
  const command = [join(root, 'demo/terminal/eval.mjs'), 'injection', '--n', '6', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(result).toMatchObject({ suite: 'injection', acted: 0, widened: 0, leaked: 0 });
  // Seven ways with the model that obeys, one with the chat model.
  expect(result.runs).toBe(8 * result.cases);
});
