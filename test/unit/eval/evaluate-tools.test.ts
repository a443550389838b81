// Function calling is rated by what was called, and summarised with intervals.
import { expect, test } from 'vitest';
import { evaluateTools, summarizeTools, type ToolCase } from '../../../src/eval/evaluate-tools.ts';
import type { ToolSet } from '../../../src/spec/tool.ts';

const tools: ToolSet = {
  weather: {
    description: 'Weather of a city.',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    execute: () => null,
  },
};
const wanted = [{ tool: 'weather', input: { city: ['Oslo'] } }];
const cases: ToolCase[] = [
  { id: 'right', task: 'Oslo', tools, wanted },
  { id: 'wrong', task: 'Rome', tools, wanted },
  { id: 'invalid', task: '', tools, wanted },
  { id: 'refused', task: 'none', tools, wanted },
  { id: 'irrelevant', task: 'none', tools, wanted: [] },
];

test('each case has its values', async () => {
  const results = await evaluateTools(async (task) => {
    if (task === 'none') return [];
    return [{ tool: 'weather', input: task ? { city: task } : {}, sources: { city: 'request' } }];
  }, cases);
  expect(results.map(({ values }) => values)).toEqual([
    { valid: 1, right: 1, full: 1, refused: 0 },
    { valid: 1, right: 1, full: 0, refused: 0 },
    { valid: 0, right: 1, full: 0, refused: 0 },
    { right: 0, full: 0, refused: 1 },
    { abstained: 1 },
  ]);
  const row = summarizeTools('own', results, 50);
  expect(row).toMatchObject({
    set: 'own',
    n: 5,
    tokens: 10,
    sources: { request: 3 },
    metrics: { full: { mean: 0.25 }, abstained: { mean: 1 } },
  });
  expect(row.metrics.full!.low).toBeLessThan(0.25);
  expect(row.metrics.full!.high).toBeGreaterThan(0.25);
});

test('an abort ends it', async () => {
  await expect(evaluateTools(async () => [], cases, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
});
