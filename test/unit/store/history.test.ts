// Seeded random histories: whatever is done in whatever order, the store answers as the model does, bit for bit.
import { afterEach, describe, test } from 'vitest';
import { deleteCollection } from '../../../src/store/collections.ts';
import { openCollection } from '../../../src/store/open-collection.ts';
import { History } from '../../support/store-history.ts';

const name = 'history';
afterEach(() => deleteCollection(name));

describe.each([
  { kind: 'small documents', seeds: [1, 2, 3, 4], steps: 150, passages: 6 },
  { kind: 'longer documents', seeds: [5, 6], steps: 60, passages: 120 },
  { kind: 'with little memory', seeds: [7, 8], steps: 80, passages: 30, memory: 3000 },
])('$kind', ({ seeds, steps, passages, memory }) => {
  test.each(seeds)('seed %i', { timeout: 60_000 }, async (seed) => {
    const history = new History({ seed, passages, open: () => openCollection({ name, memory }) });
    await history.begin();
    for (let step = 0; step < steps; step++) await history.step();
    await history.end();
  });
});
