// The direct pattern on word overlap alone: which calls it makes, and that it makes none where none fits. The scripted contract of
// the other patterns does not apply: it asks the model for values only.
import { expect, test } from 'vitest';
import { planCalls } from '../../../src/agent/plan-calls.ts';
import type { ToolSet } from '../../../src/spec/tool.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';
import { mockLlm } from '../../../src/testing/mock-llm.ts';
import { endOf, only, recorder, stepsOf } from '../../support/agent-scene.ts';

const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const city = { type: 'string', description: 'The city to get the weather of.' };

function scene() {
  const weather = recorder(
    { trusted: true, description: 'Get the weather of a city.', inputSchema: object({ city }) },
    ({ city }: { city: string }) => `sunny in ${city}`,
  );
  const square = recorder(
    {
      trusted: true,
      description: 'Calculate the area of a rectangle.',
      inputSchema: object({
        width: { type: 'integer', description: 'Width of the rectangle.' },
        height: { type: 'integer', description: 'Height of the rectangle.' },
      }),
    },
    ({ width, height }: { width: number; height: number }) => width * height,
  );
  return {
    tools: { get_weather: weather.tool, rectangle_area: square.tool } as ToolSet,
    inputs: [weather.inputs, square.inputs],
  };
}

test('one call, its answer as the end', async () => {
  const { tools, inputs } = scene();
  const steps = await stepsOf('Calculate the area of a rectangle with a height of 7 and a width of 3.', { tools });
  expect(inputs).toEqual([[], [{ width: 3, height: 7 }]]);
  expect(only('plan', steps)).toHaveLength(1);
  expect(endOf(steps)).toMatchObject({ reason: 'finished', answer: '21', value: 21, usage: { generations: 0, calls: 1 } });
});

test('several calls where the task asks for several', async () => {
  const { tools, inputs } = scene();
  const task =
    'Calculate the area of a rectangle with a width of 3 and a height of 7, and then also of a rectangle with a width of 5 and a height of 11.';
  const steps = await stepsOf(task, { tools });
  expect(inputs[1]).toEqual([
    { width: 3, height: 7 },
    { width: 5, height: 11 },
  ]);
  expect(endOf(steps)).toMatchObject({ answer: '21\n55', value: [21, 55] });
});

test('no tool, none that fits, and none at all', async () => {
  const { tools, inputs } = scene();
  expect(endOf(await stepsOf('Who wrote the longest novel of all time?', { tools }))).toMatchObject({ reason: 'no-tool' });
  expect(endOf(await stepsOf('Who wrote it?', { tools: {} }))).toMatchObject({ reason: 'no-tool' });
  expect(inputs.flat()).toEqual([]);
});

test('a tool that throws, and a user who says no', async () => {
  const task = 'Calculate the area of a rectangle with a height of 7 and a width of 3.';
  const { rectangle_area } = scene().tools;
  const failing = { ...rectangle_area!, execute: () => Promise.reject(new Error('no ruler')) };
  expect(endOf(await stepsOf(task, { tools: { rectangle_area: failing } }))).toMatchObject({
    reason: 'gave-up',
    detail: 'no ruler',
  });
  const asking = { ...rectangle_area!, needsApproval: true };
  expect(endOf(await stepsOf(task, { tools: { rectangle_area: asking }, approve: () => false }))).toMatchObject({
    reason: 'refused',
  });
});

test('what is not in the task is asked of the model, by the schema', async () => {
  const tools: ToolSet = {
    rectangle_area: {
      description: 'Calculate the area of a rectangle.',
      inputSchema: object({
        width: { type: 'integer', description: 'Width of the rectangle.' },
        height: { type: 'integer', description: 'Height.' },
      }),
      execute: () => 0,
    },
  };
  const context = { llm: mockLlm({ reply: '4' }), embedder: mockEmbedder() };
  const { calls } = await planCalls('Calculate the area of a rectangle with a width of 3.', tools, context);
  expect(calls).toMatchObject([
    { tool: 'rectangle_area', input: { width: 3, height: 4 }, sources: { width: 'request', height: 'model' } },
  ]);
});

test('an abort ends the planning', async () => {
  const signal = AbortSignal.abort();
  const context = { llm: mockLlm(), embedder: mockEmbedder() };
  await expect(planCalls('Calculate the area.', scene().tools, context, { signal })).rejects.toThrow(/abort/i);
});
