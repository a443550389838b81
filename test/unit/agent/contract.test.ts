// Every built-in pattern keeps the contract.
import { expect, test } from 'vitest';
import { loadPattern, patternNames } from '../../../src/agent/patterns/index.ts';
import { type PatternSuite, testPattern } from '../../contract/test-pattern.ts';

test('a name that there is none of is refused with those that there are', async () => {
  for (const name of ['clairvoyant', 'toString']) {
    await expect(loadPattern(name)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('react'),
    });
  }
});

const notes: Record<string, Partial<PatternSuite>> = {
  direct: {
    task: 'Tell the weather of the city Oslo in °C.',
    answer: '20',
    skip: { twoCalls: 'It makes one.', model: 'It asks none where the task tells all.' },
  },
  modulo: {
    options: { verifiers: [{ name: 'length', verify: (candidate) => (String(candidate).length > 3 ? [] : ['too short']) }] },
    skip: { tools: 'It calls none.', model: 'Any text will do.' },
  },
  roles: { skip: { tools: 'It works without tools, too.' } },
};

// The page's own ways find their calls without a model, in a page: see page-agent.test.ts.
const scripted = patternNames.filter((name) => name !== 'page');
for (const name of scripted) testPattern(name, { create: () => loadPattern(name), ...notes[name] });
