// `npm run eval` as it is run, on the real models: documents of one's own, each suite that needs no long answers, and what it refuses.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const command = join(root, 'demo/terminal/eval.mjs');

/** Runs the command; the JSON is its last line. */
async function evaluate(...options: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...options, '--json'], { cwd: root });
  return { stdout, result: JSON.parse(stdout.trim().split('\n').at(-1)!) };
}

test('retrieval over a document of one’s own: a row a strategy, with intervals, against the first', async () => {
  const { stdout, result } = await evaluate(
    ...['retrieval', '--data', 'demo/samples/warranty-and-service.md', '--n', '5', '--strategy', 'naive,lexical', '--details'],
  );
  expect(result).toMatchObject({ suite: 'retrieval', rows: [{ strategy: 'naive' }, { strategy: 'lexical' }] });
  const [naive, lexical] = result.rows;
  expect(naive.n).toBeGreaterThanOrEqual(3);
  const { mean, low, high } = naive.metrics['recall@5'];
  expect(0 <= low && low <= mean && mean <= high && high <= 1).toBe(true);
  expect(naive.results).toHaveLength(naive.n);
  expect(naive.results[0].values['recall@5']).toBeTypeOf('number');
  expect(naive).not.toHaveProperty('versus');
  expect(lexical.versus).toMatchObject({ strategy: 'naive', metrics: { 'recall@5': { p: expect.any(Number) } } });
  expect(stdout).toContain('paired randomization test');
});

test.each([
  [['retrieval'], /npm run eval -- <suite> --data/],
  [['guess', '--data', 'demo/samples'], /npm run eval -- <suite> --data/],
  [['retrieval', '--data', 'nowhere'], /There is no file or folder "nowhere"/],
  [['retrieval', '--data', 'demo/samples/warranty-and-service.md', '--n', 'many'], /--n is "many"/],
  [['answers', '--data', 'demo/samples', '--judge', 'jury'], /--judge is embedding or llm/],
] as const)('refuses %j', async (options, message) => {
  const failed = await evaluate(...options).catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(message);
});

test('tools: the right one among several with its arguments, several calls, and none where none fits', async () => {
  const { result } = await evaluate(
    ...['tools', '--data', 'test/fixtures/tools', '--strategy', 'multiple,parallel,irrelevance', '--details'],
  );
  const [multiple, parallel, irrelevance] = result.rows;
  expect(multiple).toMatchObject({
    set: 'multiple',
    n: 2,
    metrics: { right: { mean: 1 }, full: { mean: 1 }, valid: { mean: 1 } },
  });
  expect(multiple.results[0].calls[0]).toEqual({
    tool: 'ferry.find',
    input: { from_harbour: 'Ullapool', to_harbour: 'Stornoway', date: '2031-05-03' },
  });
  expect(multiple.msPerCase).toBeGreaterThan(0);
  expect(parallel).toMatchObject({ set: 'parallel', n: 1, metrics: { full: { mean: 1 } } });
  expect(irrelevance).toMatchObject({ set: 'irrelevance', n: 2, metrics: { abstained: { mean: 1 } } });
});
