// `npm run eval -- miniwob` as it is run: scripts and the agent play a few tasks through the DOM tools. Left out where the pages of
// MiniWoB++ cannot be fetched.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ensurePages } from '../../demo/terminal/eval-miniwob.mjs';

const root = join(import.meta.dirname, '../..');
const missing = await ensurePages().then(
  () => undefined,
  (error: Error) => error.message,
);

async function play(...options: string[]) {
  const command = [join(root, 'demo/terminal/eval.mjs'), 'miniwob', '--seeds', '2', '--json', ...options];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const tasks = 'click-tab-2-hard,choose-date,copy-paste,drag-items,email-inbox-reply,enter-time,use-slider,login-user-popup';

test.skipIf(missing)(`scripts solve tasks of every kind${missing ? ` (left out: ${missing})` : ''}`, async () => {
  const { suite, rows } = await play('--oracle', '--tasks', tasks);
  expect(suite).toBe('miniwob');
  expect(rows.at(-1)).toMatchObject({ set: 'all', n: 16, metrics: { success: { mean: 1 } } });
});

test.skipIf(missing)('the agent solves them without knowing which task it is', async () => {
  const { rows } = await play('--tasks', tasks);
  const { metrics, msPerCase } = rows.at(-1);
  expect(metrics.success.mean).toBeGreaterThanOrEqual(0.7);
  expect(metrics.steps.mean).toBeGreaterThan(1);
  expect(msPerCase).toBeGreaterThan(0);
});
