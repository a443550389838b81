// What is particular to each pattern.
import { describe, expect, test } from 'vitest';
import { depthFirst } from '../../../src/agent/patterns/depth-first.ts';
import { modulo } from '../../../src/agent/patterns/modulo.ts';
import { rewoo } from '../../../src/agent/patterns/rewoo.ts';
import { type Role, roles } from '../../../src/agent/patterns/roles.ts';
import { referencesOf, resolve, withReferences } from '../../../src/agent/references.ts';
import { runAgent } from '../../../src/agent/run.ts';
import { stepSchema } from '../../../src/agent/step-schema.ts';
import { subAgent } from '../../../src/agent/sub-agent.ts';
import type { AgentStep, RunOptions } from '../../../src/spec/agent.ts';
import type { ChatMessage, Llm } from '../../../src/spec/llm.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { scriptedLlm } from '../../../src/testing/scripted-llm.ts';
import { compileSchema } from '../../../src/util/json-schema/validate.ts';
import { endOf, only, recorder } from '../../support/agent-scene.ts';

async function stepsOf(llm: Llm, options: RunOptions, task = 'Do it.'): Promise<AgentStep[]> {
  const steps: AgentStep[] = [];
  for await (const step of runAgent(task, { llm, embedder: mockEmbedder() }, options)) steps.push(step);
  return steps;
}

/** Says one thing after the other, as JSON where it is no text. */
const saying = (...replies: unknown[]) =>
  mockLlm({
    reply: () => {
      const next = replies.length > 1 ? replies.shift() : replies[0];
      return typeof next === 'string' ? next : JSON.stringify(next);
    },
  });

const trusted = { trusted: true };

describe('rewoo', () => {
  const add = recorder(
    { ...trusted, inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } } },
    ({ a, b }: { a: number; b: number }) => a + b,
  );
  const fail = recorder({
    ...trusted,
    execute: () => {
      throw new Error('broken');
    },
  });

  test('makes calls with what earlier ones gave, and asks the model twice', async () => {
    const calls = [
      { tool: 'add', input: { a: 1, b: 2 } },
      { tool: 'add', input: { a: 10, b: 20 } },
      { tool: 'add', input: { a: '#E1', b: '#E2' } },
    ];
    const llm = scriptedLlm({ calls, answer: '33' });
    const steps = await stepsOf(llm, { tools: { add: add.tool }, pattern: rewoo() });
    expect(only('result', steps).map(({ outcome }) => outcome)).toMatchObject([{ output: 3 }, { output: 30 }, { output: 33 }]);
    // The first two at the same time: both are begun before one has ended.
    expect(steps.map(({ type }) => type).filter((type) => type === 'call' || type === 'result')).toEqual([
      'call',
      'call',
      'result',
      'result',
      'call',
      'result',
    ]);
    expect(llm.asked).toBe(2);
    expect(endOf(steps).answer).toBe('33');
  });

  test('goes on where a call fails; what needs it is not made', async () => {
    const calls = [
      { tool: 'fail', input: {} },
      { tool: 'add', input: { a: 1, b: 2 } },
      { tool: 'add', input: { a: '#E1', b: 2 } },
      { tool: 'add', input: { a: '#E6', b: 2 } },
    ];
    let seen = '';
    const llm = scriptedLlm({
      calls: (messages) => {
        seen = messages.at(-1)!.content;
        return calls;
      },
    });
    const steps = await stepsOf(llm, { tools: { add: add.tool, fail: fail.tool }, pattern: rewoo() });
    expect(only('call', steps)).toHaveLength(2);
    expect(endOf(steps).reason).toBe('finished');
    expect(seen).toContain('It needs #E1, which gave nothing.');
    expect(seen).toMatch(/<data[^>]*>\nbroken\n<\/data/);
  });

  test('references', () => {
    const outcomes = [
      { status: 'done', output: { n: 4 } },
      { status: 'done', output: 'x' },
      { status: 'failed', error: 'no' },
    ] as const;
    const input = { whole: '#E1', inside: 'a #E2 b', list: ['#E2'], other: '#E10 #Ex', n: 1 };
    expect(resolve(input, outcomes)).toEqual({ whole: { n: 4 }, inside: 'a x b', list: ['x'], other: 'null #Ex', n: 1 });
    expect(referencesOf(input)).toEqual([0, 1, 9]);
    const schema = withReferences({ type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }, 3);
    const validate = compileSchema(schema);
    expect([{ n: 1 }, { n: '#E3' }, { n: '#E4' }, { n: 'x' }].map((value) => validate(value).length === 0)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('modulo', () => {
  const even = { name: 'even', verify: (n: unknown) => (Number(n) % 2 === 0 ? [] : ['It is odd.']) };
  const small = {
    name: 'small',
    verify: async (n: unknown) => (Number(n) < 10 ? [] : ['It is too large.', 'Take less than 10.']),
  };
  const pattern = modulo({ output: { schema: { type: 'integer' } } });

  test('hands all complaints back until a candidate passes', async () => {
    const prompts: (readonly ChatMessage[])[] = [];
    const replies = ['13', '12', '3', '4'];
    const llm = mockLlm({
      reply: (messages) => {
        prompts.push(messages);
        return replies.shift()!;
      },
    });
    const steps = await stepsOf(llm, { pattern, verifiers: [even, small] });
    expect(endOf(steps)).toMatchObject({ reason: 'finished', answer: '4', value: 4 });
    expect(only('critique', steps).map(({ complaints }) => complaints.length)).toEqual([3, 2, 1]);
    for (const words of ['odd', 'too large', 'less than 10']) expect(prompts[1]!.at(-1)!.content).toContain(words);
  });

  test('gives nothing that is refused, and says so; a verifier that fails lets nothing pass', async () => {
    const throwing = {
      name: 'calendar',
      verify: () => {
        throw new Error('is closed');
      },
    };
    for (const verifiers of [[even], [throwing]]) {
      const end = endOf(await stepsOf(mockLlm({ reply: '7' }), { pattern, verifiers }));
      expect(end).toMatchObject({ reason: 'gave-up', answer: '' });
      expect(end).not.toHaveProperty('value');
    }
    const end = endOf(await stepsOf(mockLlm({ reply: '8' }), { pattern, verifiers: [even, throwing] }));
    expect(end).toMatchObject({ reason: 'gave-up', detail: expect.stringContaining('calendar could not check it: is closed') });
  });

  test('a verifier cannot change what it checks', async () => {
    const meddling = {
      name: 'meddling',
      verify: (value: unknown) => {
        (value as { n: number }).n = 2;
        return [];
      },
    };
    const check = { name: 'check', verify: (value: unknown) => ((value as { n: number }).n === 2 ? [] : ['n must be 2']) };
    const objects = modulo({ output: { schema: { type: 'object' } } });
    const end = endOf(await stepsOf(mockLlm({ reply: '{"n":1}' }), { pattern: objects, verifiers: [meddling, check] }));
    expect(end.reason).toBe('gave-up');
  });

  test('without verifiers it is refused', async () => {
    await expect(stepsOf(mockLlm(), { pattern })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('depth-first', () => {
  const step = (tool: string, input: unknown = {}) => ({ thought: 'So.', tool, input });
  const doors = (open: string) =>
    recorder(trusted, ({ door }: { door: string }) => {
      if (door !== open) throw new Error('closed');
      return 'a room';
    });

  test('goes back from a dead end and tries another call', async () => {
    const { tool, inputs } = doors('b');
    const prompts: string[] = [];
    const replies = [step('open', { door: 'a' }), step('open', { door: 'b' }), step('finish', { answer: 'inside' })];
    const llm = mockLlm({
      reply: (messages) => {
        prompts.push(messages.at(-1)!.content);
        return JSON.stringify(replies.shift());
      },
    });
    const steps = await stepsOf(llm, { tools: { open: tool }, pattern: depthFirst() });
    expect(inputs).toHaveLength(2);
    expect(endOf(steps)).toMatchObject({ reason: 'finished', answer: 'inside' });
    expect(prompts[1]).toContain('Tried here without success');
  });

  test('gives up a way where the model does, or a verifier refuses its end', async () => {
    const { tool } = doors('a');
    const llm = saying(step('open', { door: 'a' }), step('give_up'), step('open', { door: 'x' }), step('open', { door: 'x' }));
    const steps = await stepsOf(llm, { tools: { open: tool }, pattern: depthFirst() });
    expect(endOf(steps)).toMatchObject({ reason: 'gave-up' });
    const refusing = { name: 'no', verify: () => ['no'] };
    const finishing = saying(step('finish', { answer: 'inside' }));
    const end = endOf(await stepsOf(finishing, { tools: { open: tool }, pattern: depthFirst(), verifiers: [refusing] }));
    expect(end).toMatchObject({ reason: 'gave-up', answer: '' });
  });

  test('its depth and width are bounded', async () => {
    let n = 0;
    const llm = mockLlm({ reply: () => JSON.stringify(step('open', { door: `a${n++}` })) });
    const { tool, inputs } = recorder(trusted);
    const steps = await stepsOf(llm, { tools: { open: tool }, pattern: depthFirst({ depth: 1, width: 2 }), maxSteps: 100 });
    expect(endOf(steps).reason).toBe('gave-up');
    expect(inputs.length).toBeLessThanOrEqual(6);
  });
});

describe('roles', () => {
  const form = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
  const pipeline: Role[] = [
    { name: 'writer', instruction: 'Write.', output: form },
    {
      name: 'checker',
      instruction: 'Check.',
      output: form,
      complaints: (made) => ((made as { text: string }).text ? ['longer'] : []),
    },
  ];

  test('what a checker complains of goes back, once', async () => {
    const llm = saying({ text: 'draft' }, { text: 'too short' }, { text: 'a longer draft' }, { text: '' });
    const steps = await stepsOf(llm, { pattern: roles(pipeline) });
    expect(only('handoff', steps).map(({ to }) => to)).toEqual(['writer', 'checker', 'writer', 'checker']);
    expect(only('handoff', steps)[2]!.input).toEqual({ complaints: ['longer'] });
    expect(endOf(steps)).toMatchObject({ reason: 'finished', value: { text: 'a longer draft' } });
    const endless = await stepsOf(saying({ text: 'x' }), { pattern: roles(pipeline) });
    expect(only('handoff', endless)).toHaveLength(4);
  });

  test('what does not have the form is not handed on', async () => {
    const steps = await stepsOf(saying('no JSON'), { pattern: roles(pipeline) });
    expect(endOf(steps)).toMatchObject({ reason: 'gave-up', detail: 'The writer gave nothing valid.' });
  });

  test('a pipeline that begins with a check is refused', () => {
    expect(() => roles([])).toThrow(/needs a role/);
    expect(() => roles([pipeline[1]!])).toThrow(/needs a role/);
  });
});

describe('a sub-agent', () => {
  const context = { llm: scriptedLlm({ calls: [{ tool: 'write', input: {} }], answer: 'inner' }), embedder: mockEmbedder() };

  test('is a tool that gives its answer; its own rules hold inside', async () => {
    const write = recorder(trusted);
    const helper = subAgent(context, { description: 'Writes.', tools: { write: write.tool }, pattern: 'react' });
    const llm = scriptedLlm({ calls: [{ tool: 'helper', input: { task: 'Write it.' } }], answer: 'outer' });
    const steps = await stepsOf(llm, { tools: { helper }, pattern: 'react' });
    expect(only('result', steps)[0]!.outcome).toEqual({ status: 'done', output: 'inner' });
    expect(write.inputs).toHaveLength(1);
    expect(endOf(steps).answer).toBe('outer');
    // What the outer agent has read may have made up the inner one's task.
    const tainted = await stepsOf(llm, { tools: { helper: { ...helper, readOnly: true } }, pattern: 'react', tainted: true });
    expect(only('result', tainted)[0]!.outcome).toMatchObject({ status: 'failed', error: expect.stringContaining('refused') });
    expect(write.inputs).toHaveLength(1);
  });
});

test('a step is one of the tools with its input; references inside a schema stay its own', () => {
  const tree = {
    type: 'object',
    properties: { next: { $ref: '#' }, n: { $ref: '#/$defs/n' } },
    $defs: { n: { type: 'number', format: 'float' } },
  };
  const tool = (inputSchema: object) => ({ ...recorder().tool, inputSchema: inputSchema as never });
  const tools = { tree: tool(tree), other: tool({ type: 'object', patternProperties: { a: { type: 'number' } } }) };
  const step = (tool: string, input: unknown) => ({ thought: 'So.', tool, input });
  for (const loose of [false, true]) {
    const validate = compileSchema(stepSchema(tools, { loose }) as never);
    expect(validate(step('tree', { next: { n: 1 } }))).toEqual([]);
    expect(validate(step('tree', { next: { n: 'x' } }))).not.toEqual([]);
    expect(validate(step('nothing', {}))).not.toEqual([]);
    expect(validate(step('finish', { answer: 'x' }))).toEqual([]);
    expect(validate(step('other', { a: 'x' })).length === 0).toBe(loose);
  }
});
