import { expect, test } from 'vitest';
import { lastFitting } from '../../../src/util/search.ts';

test('the last that fits, for every length and place', () => {
  for (let length = 1; length < 20; length++) {
    expect(lastFitting(length, () => false)).toBe(0);
    for (let last = 0; last < length; last++) expect(lastFitting(length, (index) => index <= last)).toBe(last);
  }
});
