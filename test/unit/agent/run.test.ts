// A run: its steps are plain data, its budgets hold, an abort ends it, and it goes on from stored steps.
import { describe, expect, test } from 'vitest';
import { runAgent } from '../../../src/agent/run.ts';
import type { AgentPattern, AgentStep } from '../../../src/spec/agent.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { isAbort } from '../../../src/util/errors.ts';
import { calling, endOf, only, recorder, stepsOf } from '../../support/agent-scene.ts';

/** Asks the model, calls, asks again, calls twice at the same time. */
const mixed: AgentPattern = {
  name: 'mixed',
  async *run(run) {
    const say = async (content: string) => {
      for await (const event of run.llm.generate([{ role: 'user', content }])) if (event.type === 'done') return event.text;
      return '';
    };
    run.round();
    yield { type: 'thought', text: await say('one') };
    yield* run.call('a', { n: 1 });
    run.round();
    const text = await say('two');
    yield* run.callAll([
      { tool: 'a', input: { n: 2, text } },
      { tool: 'a', input: { n: 3 } },
    ]);
    return { reason: 'finished', answer: await say('three') };
  },
};

describe('resuming', () => {
  test('from any step: nothing is asked or called again that was answered, and the rest is the same', async () => {
    let asked = 0;
    const llm = {
      reply: (messages: readonly { content: string }[]) => {
        asked++;
        return `said ${messages.at(-1)!.content}`;
      },
    };
    const first = recorder();
    const trusted = { ...first.tool, trusted: true };
    const whole = await stepsOf('Do it.', { tools: { a: trusted }, pattern: mixed }, llm);
    expect(structuredClone(whole)).toEqual(whole);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
    expect(asked).toBe(3);
    for (let at = 0; at <= whole.length; at++) {
      const resume = JSON.parse(JSON.stringify(whole.slice(0, at))) as AgentStep[];
      asked = 0;
      const again = recorder();
      const tools = { a: { ...again.tool, trusted: true } };
      const rest = await stepsOf('Do it.', { tools, pattern: mixed, resume, approve: () => true }, llm);
      expect(asked).toBe(3 - only('generation', resume).length);
      expect(again.inputs).toHaveLength(3 - only('result', resume).length);
      const kinds = (steps: readonly AgentStep[]) =>
        steps
          .filter(({ type }) => type !== 'approval')
          .map(({ type }) => type)
          .sort();
      expect(kinds([...resume, ...rest])).toEqual(kinds(whole));
      if (rest.length > 0) {
        const { usage, ...end } = endOf(rest);
        expect(end).toMatchObject({ reason: 'finished', answer: 'said three' });
        expect(usage).toMatchObject({ steps: 2, calls: 3, generations: 3 });
      }
    }
  });

  test('a call that may have taken place is asked about before it is made again', async () => {
    const { tool, inputs } = recorder();
    const pattern = calling({ tool: 'a', input: { n: 1 } });
    const call = { id: 'c1', tool: 'a', input: { n: 1 } };
    const steps = await stepsOf('Do it.', { tools: { a: tool }, pattern, resume: [{ type: 'call', call }] });
    expect(only('approval', steps)).toMatchObject([{ rule: 'unfinished', approved: false }]);
    expect(inputs).toEqual([]);
  });

  test('what was read before still counts as read', async () => {
    const tools = { read: recorder({ readOnly: true }).tool, write: recorder().tool };
    const pattern = calling({ tool: 'read', input: {} }, { tool: 'write', input: {} });
    const [call, result] = await stepsOf('Do it.', { tools, pattern });
    const rest = await stepsOf('Do it.', { tools, pattern, resume: [call!, result!] });
    expect(only('approval', rest)).toMatchObject([{ rule: 'untrusted', approved: false }]);
  });

  test('steps of another run are refused', async () => {
    const tools = { a: recorder().tool, b: recorder().tool };
    const resume = await stepsOf('Do it.', { tools, pattern: calling({ tool: 'a', input: {} }) });
    const other = stepsOf('Do it.', { tools, pattern: calling({ tool: 'b', input: {} }), resume: resume.slice(0, 2) });
    await expect(other).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('another run') });
  });
});

describe('budgets', () => {
  const endless: AgentPattern = {
    name: 'endless',
    async *run(run) {
      for (let n = 0; ; n++) {
        run.round();
        yield { type: 'thought', text: String(n) };
        for await (const _ of run.llm.generate([{ role: 'user', content: 'one two three' }], run.generation));
        yield* run.call('a', { n });
      }
    },
  };
  const tools = { a: recorder({ trusted: true }).tool };

  test('of steps', async () => {
    const steps = await stepsOf('Do it.', { tools, pattern: endless, maxSteps: 3 });
    expect(endOf(steps)).toMatchObject({ reason: 'budget', detail: '3 steps are used up.', usage: { steps: 3, calls: 3 } });
  });

  test('a larger one lets a run go on', async () => {
    const { tool, inputs } = recorder({ trusted: true });
    const pattern = calling(...[1, 2, 3].map((n) => ({ tool: 'a', input: { n } })));
    const first = await stepsOf('Do it.', { tools: { a: tool }, pattern, maxSteps: 2 });
    expect(endOf(first).reason).toBe('budget');
    const rest = await stepsOf('Do it.', { tools: { a: tool }, pattern, maxSteps: 3, resume: first });
    expect(endOf(rest)).toMatchObject({ reason: 'finished', usage: { calls: 3 } });
    expect(inputs).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('of calls, where they are made at the same time', async () => {
    const calls = Array.from({ length: 9 }, (_, n) => ({ tool: 'a', input: { n } }));
    const { tool, inputs } = recorder({ trusted: true });
    const steps = await stepsOf('Do it.', { tools: { a: tool }, pattern: calling(calls), maxSteps: 4 });
    expect(endOf(steps)).toMatchObject({ reason: 'budget', usage: { calls: 4 } });
    expect(inputs).toHaveLength(4);
  });

  test('of tokens: the last answer is cut to what is left', async () => {
    const steps = await stepsOf('Do it.', { tools, pattern: endless, maxTokens: 14 });
    const { reason, usage } = endOf(steps);
    expect(reason).toBe('budget');
    // Three in and three out a time; what the last prompt takes can only be known afterwards.
    expect(usage.promptTokens + usage.completionTokens).toBeLessThanOrEqual(14 + 3);
  });

  test('of time, in a tool, in the model, and in a pattern that waits for ever', async () => {
    const hang = recorder({ execute: () => new Promise(() => {}) });
    const waiting: AgentPattern = {
      name: 'waiting',
      async *run() {
        await new Promise(() => {});
        return { reason: 'finished', answer: '' };
      },
    };
    for (const pattern of [calling({ tool: 'hang', input: {} }), waiting]) {
      const end = endOf(await stepsOf('Do it.', { tools: { hang: hang.tool }, pattern, maxMs: 30 }));
      expect(end).toMatchObject({ reason: 'budget', detail: '30 ms are used up.' });
      expect(end.usage.ms).toBeLessThan(1000);
    }
    const talking = { reply: 'word '.repeat(10_000) };
    const options = { tools, pattern: endless, maxMs: 30, generation: { maxTokens: 10_000 } };
    expect(endOf(await stepsOf('Do it.', options, talking))).toMatchObject({ reason: 'budget' });
  });

  test.each([{ maxSteps: 0 }, { maxSteps: 101 }, { maxSteps: 1.5 }, { maxTokens: 0 }, { maxMs: -1 }])(
    '%j is refused',
    async (wrong) => {
      await expect(stepsOf('Do it.', { tools, pattern: endless, ...wrong })).rejects.toMatchObject({ code: 'invalid-argument' });
    },
  );
});

describe('an abort', () => {
  test('before the start, and at each step, ends it: no more tokens, no more calls', async () => {
    const gone = AbortSignal.abort();
    expect(await stepsOf('Do it.', { signal: gone, pattern: mixed }).catch(isAbort)).toBe(true);
    for (let at = 0; at < 9; at++) {
      const controller = new AbortController();
      const { tool, inputs } = recorder({ trusted: true });
      let tokens = 0;
      const inner = mockLlm({ reply: 'a b c d e f' });
      const llm: typeof inner = {
        ...inner,
        async *generate(messages, options) {
          for await (const event of inner.generate(messages, options)) {
            tokens++;
            yield event;
          }
        },
      };
      const context = { llm, embedder: mockEmbedder() };
      const run = runAgent('Do it.', context, { tools: { a: tool }, pattern: mixed, signal: controller.signal });
      const seen: AgentStep[] = [];
      let before = [0, 0];
      const ended = await (async () => {
        for await (const step of run) {
          seen.push(step);
          if (seen.length > at && !controller.signal.aborted) {
            before = [tokens, inputs.length];
            controller.abort();
          }
        }
      })().catch((error) => error);
      if (seen.at(-1)?.type !== 'done') expect(isAbort(ended)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(tokens - before[0]!).toBeLessThanOrEqual(1);
      expect(inputs.length - before[1]!).toBeLessThanOrEqual(1);
    }
  });

  test('reaches a tool that runs, and one that does not listen is left', async () => {
    const controller = new AbortController();
    let told = false;
    const { tool } = recorder({
      execute: (_input, { signal }) => {
        signal.addEventListener('abort', () => {
          told = true;
        });
        setTimeout(() => controller.abort(), 10);
        return new Promise(() => {});
      },
    });
    const steps = stepsOf('Do it.', {
      tools: { a: tool },
      pattern: calling({ tool: 'a', input: {} }),
      signal: controller.signal,
    });
    expect(await steps.catch(isAbort)).toBe(true);
    expect(told).toBe(true);
  });

  test('leaving the loop is one, too', async () => {
    const { tool, inputs } = recorder({ trusted: true });
    for await (const step of runAgent(
      'Do it.',
      { llm: mockLlm(), embedder: mockEmbedder() },
      { tools: { a: tool }, pattern: calling({ tool: 'a', input: 1 }, { tool: 'a', input: 2 }) },
    )) {
      if (step.type === 'call') break;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(inputs).toEqual([]);
  });
});

describe('what is refused', () => {
  const pattern = calling();
  test.each([
    ['an empty task', ' ', {}, /task is empty/],
    ['an unknown pattern', 'Do it.', { pattern: 'clairvoyant' }, /no pattern "clairvoyant"\. There are .*react/],
    ['a name that is none', 'Do it.', { pattern, tools: { 'a b': recorder().tool } }, /"a b" is no name/],
    [
      'a tool without a description',
      'Do it.',
      { pattern, tools: { a: { ...recorder().tool, description: '' } } },
      /"a" has no description/,
    ],
    [
      'a schema of something else',
      'Do it.',
      { pattern, tools: { a: { ...recorder().tool, inputSchema: { type: 'string' } } } },
      /"string"; it must be "object"/,
    ],
  ])('%s', async (_what, task, options, message) => {
    await expect(stepsOf(task, options)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });

  test('a failure of the model reaches the caller as it is', async () => {
    const reply = () => {
      throw new Error('no model');
    };
    await expect(stepsOf('Do it.', { pattern: mixed, tools: { a: recorder().tool } }, { reply })).rejects.toThrow('no model');
  });
});
