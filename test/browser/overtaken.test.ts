// On IndexedDB, whose transactions end by themselves: a search ends however often others commit.
import { afterEach, expect, test } from 'vitest';
import { deleteCollection } from '../../src/store/collections.ts';
import { openIdbDatabase } from '../../src/store/disk/idb-database.ts';
import { searchOvertaken } from '../support/overtaken-search.ts';

const name = 'overtaken';

afterEach(() => deleteCollection(name));

test('a search that was overtaken by a commit lets no other pass', async () => {
  const { commits, scans, ...found } = await searchOvertaken(() => openIdbDatabase(name), name);
  expect(found).toEqual({ best: 'best', hits: 5 });
  expect(scans).toBeGreaterThan(0);
  // While it learns of a version, reads of it, reads ahead, and tries again; without end it would be 50.
  expect(commits).toBeGreaterThan(1);
  expect(commits).toBeLessThan(10);
});
