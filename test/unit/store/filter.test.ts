// Filters: every operator on every kind of value.
import { expect, test } from 'vitest';
import type { Filter, Metadata } from '../../../src/spec/metadata.ts';
import { compileFilter } from '../../../src/store/filter/predicate.ts';

const meets = (metadata: Metadata, filter: Filter) =>
  compileFilter(filter)({ id: 'i', title: 't', mediaType: 'm', metadata, hash: '', length: 0, chunks: 0, addedAt: 0 });

test.each<[Metadata, Filter, boolean]>([
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { a: '1' }, false],
  [{ a: 1 }, { a: undefined }, true],
  [{ a: true }, { a: { $eq: true } }, true],
  [{}, { a: null }, true],
  [{ a: null }, { a: { $exists: false } }, true],
  [{ a: 0 }, { a: { $exists: true } }, true],
  [{}, { a: { $ne: 1 } }, true],
  [{ a: ['x', 'y'] }, { a: 'x' }, true],
  [{ a: ['x', 'y'] }, { a: { $ne: 'x' } }, false],
  [{ a: ['x', 'y'] }, { a: ['x', 'y'] }, true],
  [{ a: ['x', 'y'] }, { a: ['y', 'x'] }, false],
  [{ a: ['x', 'y'] }, { a: { $in: ['z', 'y'] } }, true],
  [{ a: 'x' }, { a: { $in: [] } }, false],
  [{ a: 'x' }, { a: { $nin: [] } }, true],
  [{ a: 5 }, { a: { $gte: 5, $lte: 5 } }, true],
  [{ a: 5 }, { a: { $gt: 5 } }, false],
  [{ a: '5' }, { a: { $gt: 4 } }, false],
  [{ a: [5] }, { a: { $gt: 4 } }, false],
  [{}, { a: { $lt: 4 } }, false],
  [{ a: '2024-03-01' }, { a: { $gt: '2024-02-28', $lt: '2025' } }, true],
  // A date is its ISO string in UTC.
  [{ a: '2024-03-01T00:00:00.000Z' }, { a: new Date('2024-03-01T01:00:00+01:00') }, true],
  [{ a: '2024-03-01T00:00:00.000Z' }, { a: { $gte: new Date('2024-03-01'), $lt: new Date('2024-03-02') } }, true],
  [{ a: '2024-03-01T00:00:00.000Z' }, { a: { $nin: [new Date('2024-03-01')] } }, false],
  [{ a: ['2024-03-01T00:00:00.000Z', 'x'] }, { a: [new Date('2024-03-01'), 'x'] }, true],
  [{ a: 5 }, { a: { $gt: new Date(0) } }, false],
  [{ a: Number.NaN }, { a: Number.NaN }, false],
  [{ a: [Number.NaN] }, { a: Number.NaN }, false],
  [{ a: Number.NaN }, { a: { $exists: true } }, true],
  [{ a: 5 }, { $and: [{ a: { $gt: 4 } }, { a: { $lt: 5 } }] }, false],
  [{ a: 5 }, { a: { $gt: 3, $gte: 6 } }, false],
  [{ a: 5 }, { a: { $gt: 3, $lt: 'z' } }, false],
  [{ a: 5 }, { $not: { $not: { a: 5 } } }, true],
  [{ a: 1, b: 2 }, { $and: [{ a: 1 }, { b: 3 }] }, false],
  [{ a: 1, b: 2 }, { $or: [{ a: 2 }, { b: 2 }] }, true],
  [{ a: 1 }, { $or: [] }, false],
  [{ a: 1 }, { $and: [] }, true],
  [{ a: 1 }, { $not: { $or: [{ a: 2 }, { a: { $gt: 3 } }] } }, true],
  // The document's own fields win over metadata of the same name.
  [{ id: 'other' }, { id: 'i', title: 't', mediaType: 'm', url: null }, true],
  // Nothing is inherited.
  [{}, { constructor: { $exists: true } } as unknown as Filter, false],
])('%j meets %j: %s', (metadata, filter, expected) => {
  expect(meets(metadata, filter)).toBe(expected);
});

test('a filter that is changed later does not change what was made of it', () => {
  const tags = ['x'];
  const meetsTags = compileFilter({ a: tags });
  tags.push('y');
  expect(
    meetsTags({ id: 'i', title: 't', mediaType: 'm', metadata: { a: ['x'] }, hash: '', length: 0, chunks: 0, addedAt: 0 }),
  ).toBe(true);
});

test.each<[unknown, string]>([
  [{ a: { $regex: 'x' } }, '$regex'],
  [{ a: { constructor: 'x' } }, 'constructor'],
  [{ $xor: [] }, '$xor'],
  [{ $and: {} }, '$and'],
  [{ $or: [1] }, 'object'],
  [{ $not: null }, 'object'],
  [{ a: { $in: 'x' } }, '$in'],
  [{ a: { $gt: true } }, '$gt'],
  [{ a: { $exists: 1 } }, '$exists'],
  [{ a: [{}] }, '"a"'],
  [{ a: () => {} }, '"a"'],
  [{ a: /x/ }, '"a"'],
  [{ a: new Map() }, '"a"'],
  [{ a: new Date(Number.NaN) }, '"a"'],
  [{ a: { $gt: new Date(Number.NaN) } }, '$gt'],
  [{ a: { $gt: ['x'] } }, '$gt'],
  [new Date(), 'object'],
  ['a', 'object'],
])('%j is refused, naming %s', (filter, part) => {
  expect(() => compileFilter(filter as Filter)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(part) }),
  );
});
