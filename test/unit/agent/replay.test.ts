// A finished run is made again without a model, for as long as everything is as it was.
import { expect, test } from 'vitest';
import { type AgentScript, type ReplayOptions, replay, script } from '../../../src/agent/replay.ts';
import type { AgentStep } from '../../../src/spec/agent.ts';
import { calling, endOf, only, recorder, stepsOf } from '../../support/agent-scene.ts';

/** A page with a counter, which clicks raise. */
function page() {
  let count = 0;
  const click = recorder({ state: () => `count ${count}` }, () => `now ${++count}`);
  const look = recorder({ readOnly: true, trusted: true }, () => ['a', 'b']);
  return { tools: { click: click.tool, look: look.tool }, clicks: click.inputs, set: (value: number) => (count = value) };
}

const secrets = { name: 'Ingrid' };

async function recorded(): Promise<AgentScript> {
  const pattern = calling(
    { tool: 'look', input: {} },
    { tool: 'click', input: { by: '{{name}}' } },
    { tool: 'click', input: {} },
  );
  const steps = await stepsOf('Click twice.', { tools: page().tools, pattern, secrets, approve: () => true });
  return JSON.parse(JSON.stringify(script('Click twice.', steps)));
}

async function replayed(made: AgentScript, options: ReplayOptions): Promise<AgentStep[]> {
  const steps: AgentStep[] = [];
  for await (const step of replay(made, { secrets, approve: () => true, ...options })) steps.push(step);
  return steps;
}

test('the calls are made again, with the secrets', async () => {
  const made = await recorded();
  expect(JSON.stringify(made)).not.toContain('Ingrid');
  expect(made.calls.map(({ tool }) => tool)).toEqual(['look', 'click', 'click']);
  const { tools, clicks } = page();
  const steps = await replayed(made, { tools });
  expect(endOf(steps)).toMatchObject({ reason: 'finished', usage: { generations: 0, calls: 3 } });
  expect(clicks).toEqual([{ by: 'Ingrid' }, {}]);
});

test('it stops before a call on another page, and tells which', async () => {
  const made = await recorded();
  const { tools, clicks, set } = page();
  set(7);
  const steps = await replayed(made, { tools });
  expect(endOf(steps)).toMatchObject({
    reason: 'gave-up',
    detail: 'Call 2 of 3 (click) is not made: the page is not as it was.',
  });
  expect(clicks).toEqual([]);
  expect(only('call', steps)).toHaveLength(1);
});

test('it stops after a call that gives something else, fails, is refused, or has no tool any more', async () => {
  const made = await recorded();
  const other = { ...page().tools, look: recorder({ readOnly: true }, () => ['c']).tool };
  expect(endOf(await replayed(made, { tools: other })).detail).toBe('Call 1 of 3 (look) gave something else.');
  expect(endOf(await replayed(made, { tools: other, ignoreOutput: ['look'] })).reason).toBe('finished');
  expect(endOf(await replayed(made, { tools: {} })).detail).toContain('(look) did not succeed: There is no tool');
  const no = { ...page().tools, click: { ...page().tools.click, needsApproval: true } };
  expect(endOf(await replayed(made, { tools: no, approve: () => false })).detail).toBe(
    'Call 2 of 3 (click) did not succeed: The user said no.',
  );
});

test('only a finished run, and a script of this version', async () => {
  expect(() => script('Do it.', [{ type: 'thought', text: 'x' }])).toThrow(/has finished/);
  const made = { ...(await recorded()), version: 2 as 1 };
  await expect(replayed(made, { tools: page().tools })).rejects.toMatchObject({ code: 'invalid-argument' });
});
