// What a run has done is taken back, the last call first.
import { expect, test } from 'vitest';
import { undo } from '../../../src/agent/undo.ts';
import { calling, recorder, stepsOf } from '../../support/agent-scene.ts';

test('in reverse order; what cannot be, and what fails, is told', async () => {
  const list: string[] = [];
  const add = recorder({
    trusted: true,
    execute: (({ name }: { name: string }) => list.push(name)) as never,
    undo: (({ name }: { name: string }, size: number) => {
      if (name === 'stuck') throw new Error(`${name} stays`);
      if (list.length !== size && !list.includes('stuck')) throw new Error('wrong order');
      list.splice(list.lastIndexOf(name), 1);
    }) as never,
  }).tool;
  const tools = { add, look: recorder({ trusted: true }).tool };
  const secrets = { name: 'Ingrid' };
  const inputs = ['a', '{{name}}', 'stuck', 'b'].map((name) => ({ tool: 'add', input: { name } }));
  const pattern = calling(...inputs, { tool: 'look', input: {} }, { tool: 'nothing', input: {} });
  const steps = await stepsOf('Do it.', { tools, secrets, pattern });
  expect(list).toEqual(['a', 'Ingrid', 'stuck', 'b']);
  const undone = await undo(steps, { tools, secrets });
  expect(undone.map(({ call, status }) => [call.tool, status])).toEqual([
    ['look', 'kept'],
    ['add', 'undone'],
    ['add', 'failed'],
    ['add', 'undone'],
    ['add', 'undone'],
  ]);
  expect(undone[2]!.error).toBe('stuck stays');
  expect(list).toEqual(['stuck']);
});
