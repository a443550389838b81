// A search ends however often others commit.
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/util/random.ts';
import { searchOvertaken } from '../../support/overtaken-search.ts';
import { SlowDatabase } from '../../support/slow-database.ts';

test('a search that was overtaken by a commit lets no other pass', async () => {
  const database = new SlowDatabase(createRandom(2));
  const { commits, scans, ...found } = await searchOvertaken(async () => database, 'overtaken');
  expect(found).toEqual({ best: 'best', hits: 5 });
  expect(scans).toBeGreaterThan(0);
  // While it learns of a version, reads of it, reads ahead, and tries again; without end it would be 50.
  expect(commits).toBeGreaterThan(1);
  expect(commits).toBeLessThan(10);
});
