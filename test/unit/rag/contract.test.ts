// Every built-in strategy keeps the contract.
import { expect, test } from 'vitest';
import { loadStrategy, strategyNames } from '../../../src/rag/index.ts';
import { testStrategy } from '../../contract/test-strategy.ts';

test('a name that there is none of is refused with those that there are', async () => {
  await expect(loadStrategy('clairvoyant')).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('naive'),
  });
  await expect(loadStrategy('toString')).rejects.toMatchObject({ code: 'invalid-argument' });
});

for (const name of strategyNames) {
  const skip = name === 'extractive' ? { model: 'It asks none.' } : {};
  testStrategy(name, { create: () => loadStrategy(name), skip });
}
