// Dates that are handed in are kept as ISO strings, so that filters with dates find them.
import { expect, test } from 'vitest';
import type { DocumentHead } from '../../../src/spec/store.ts';
import { compileFilter } from '../../../src/store/filter/predicate.ts';
import { checkHead } from '../../../src/store/validate.ts';

const head = (metadata: unknown) => ({ id: 'i', title: 't', mediaType: 'm', hash: '', metadata }) as DocumentHead;

test('dates in the metadata become ISO strings in UTC; all else stays', () => {
  const day = new Date('2024-05-06T07:08:09+02:00');
  const metadata = { day, days: [day, 'later', 3, true], none: null, text: '2024', ['__proto__']: 1 };
  const checked = checkHead(head(metadata));
  const iso = '2024-05-06T05:08:09.000Z';
  expect(Object.entries(checked.metadata)).toEqual([
    ['day', iso],
    ['days', [iso, 'later', 3, true]],
    ['none', null],
    ['text', '2024'],
    ['__proto__', 1],
  ]);
  const document = { ...checked, length: 0, chunks: 0, addedAt: 0 };
  expect(compileFilter({ day: { $gte: day, $lte: day }, days: day })(document)).toBe(true);
  expect(compileFilter({ day: { $gt: day } })(document)).toBe(false);
});

test.each([new Date(Number.NaN), [new Date(Number.NaN)], { nested: 1 }, [['x']], [null], undefined])('%j is refused', (value) => {
  expect(() => checkHead(head({ field: value }))).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('"field"') }),
  );
});
