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
  modulo: {
    options: { verifiers: [{ name: 'length', verify: (candidate) => (String(candidate).length > 3 ? [] : ['too short']) }] },
    skip: { tools: 'It calls none.', model: 'Any text will do.' },
  },
  roles: { skip: { tools: 'It works without tools, too.' } },
};

// The script asks for the model's choice of calls, which `direct` and `page` make without a model: see direct.test.ts, page-agent.test.ts.
const scripted = patternNames.filter((name) => name !== 'direct' && name !== 'page');
for (const name of scripted) testPattern(name, { create: () => loadPattern(name), ...notes[name] });
