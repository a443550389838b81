// Columns find exactly the documents that a test of each document finds, whatever the filter and whatever happened before.
import { describe, expect, test } from 'vitest';
import type { Filter, Metadata } from '../../../src/spec/metadata.ts';
import type { DocumentRecord } from '../../../src/spec/store.ts';
import { parseFilter } from '../../../src/store/filter/condition.ts';
import { DocumentColumns } from '../../../src/store/filter/document-columns.ts';
import { hasOrdinal, type OrdinalSet, toOrdinals } from '../../../src/store/filter/ordinal-set.ts';
import { compileFilter } from '../../../src/store/filter/predicate.ts';
import { createRandom } from '../../../src/util/random.ts';

type Random = () => number;

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const record = (metadata: Metadata, id = 'i'): DocumentRecord => ({
  id,
  title: `Title ${id}`,
  mediaType: id.length % 2 ? 'text/plain' : 'text/html',
  ...(id.length % 3 ? { url: `https://example.com/${id}` } : {}),
  metadata,
  hash: '',
  length: 0,
  chunks: 0,
  addedAt: 0,
});

const scalars = ['', 'a', 'b', 'é', 'z', '10', '9', 'true', 0, -0, 1, 9, 10, -2.5, 1e300, Infinity, -Infinity, NaN, true, false];
const dates = times(12, (month) => new Date(Date.UTC(2024, month, 3, 4, 5, 6)));
const fields = ['kind', 'mixed', 'tags', 'date', 'rare', 'count', 'id', 'title', 'url', 'mediaType', 'nowhere', 'constructor'];

function randomMetadata(random: Random): Metadata {
  const metadata: Record<string, Metadata[string]> = {};
  if (random() < 0.9) metadata.kind = pick(random, ['a', 'b', 'c', 'd']);
  if (random() < 0.8) metadata.mixed = random() < 0.2 ? null : pick(random, scalars);
  if (random() < 0.7) metadata.tags = times(Math.floor(random() * 4), () => pick(random, scalars));
  if (random() < 0.7) metadata.date = random() < 0.5 ? pick(random, dates).toISOString() : pick(random, dates).getTime();
  if (random() < 0.02) metadata.rare = pick(random, scalars);
  metadata.count = Math.floor(random() * 50);
  // One field is a list in some documents and a single value in others.
  if (random() < 0.2) metadata.kind = ['a', pick(random, ['a', 'b'])];
  return metadata;
}

function randomFilter(random: Random, depth = 3): Filter {
  const entries = times(Math.floor(random() * 3.2), (): [string, unknown] => {
    const kind = random();
    if (depth > 0 && kind < 0.35) {
      return [pick(random, ['$and', '$or']), times(Math.floor(random() * 4), () => randomFilter(random, depth - 1))];
    }
    if (depth > 0 && kind < 0.5) return ['$not', randomFilter(random, depth - 1)];
    const field = pick(random, fields);
    if (random() < 0.25) return [field, randomValue(random)];
    const conditions = times(1 + Math.floor(random() * 2), () => randomCondition(random));
    return [field, Object.fromEntries(conditions)];
  });
  return Object.fromEntries(entries) as Filter;
}

function randomValue(random: Random): unknown {
  const kind = random();
  if (kind < 0.1) return null;
  if (kind < 0.25) return times(Math.floor(random() * 3), () => pick(random, scalars));
  if (kind < 0.4) return pick(random, dates);
  if (kind < 0.6) return Math.floor(random() * 50);
  if (kind < 0.7) return pick(random, ['ordinal-3', 'Title ordinal-12', 'text/html', 'https://example.com/ordinal-100']);
  return pick(random, scalars);
}

function randomCondition(random: Random): [string, unknown] {
  const operator = pick(random, ['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte', '$exists']);
  if (operator === '$exists') return [operator, random() < 0.5];
  if (operator === '$in' || operator === '$nin') return [operator, times(Math.floor(random() * 5), () => randomValue(random))];
  if (operator === '$eq' || operator === '$ne') return [operator, randomValue(random)];
  const limit = randomValue(random);
  const fits = typeof limit === 'string' || typeof limit === 'number' || limit instanceof Date;
  return [operator, fits ? limit : pick(random, dates)];
}

function check(set: OrdinalSet, documents: ReadonlyMap<number, DocumentRecord>, filter: Filter, highest: number): void {
  const meets = compileFilter(filter);
  const expected = [...documents]
    .filter(([, document]) => meets(document))
    .map(([ordinal]) => ordinal)
    .sort((a, b) => a - b);
  expect([...toOrdinals(set)], JSON.stringify(filter)).toEqual(expected);
  expect(set.count).toBe(expected.length);
  const wanted = new Set(expected);
  for (let ordinal = 0; ordinal <= highest + 40; ordinal += 1 + (highest >>> 11)) {
    if (hasOrdinal(set, ordinal) !== wanted.has(ordinal)) throw new Error(`${ordinal} for ${JSON.stringify(filter)}`);
  }
  for (const ordinal of expected) if (!hasOrdinal(set, ordinal)) throw new Error(`${ordinal} for ${JSON.stringify(filter)}`);
}

test.each([
  ['few documents', 1, 12, 2, 400],
  ['many documents', 2, 1500, 2, 60],
  // So far apart that no set is kept as bits.
  ['documents far apart', 3, 300, 9000, 200],
  ['ordinals up to the greatest', 4, 60, 140_000_000, 200],
] as const)('random filters over %s', (_, seed, count, gap, rounds) => {
  const random = createRandom(seed);
  for (let round = 0; round < rounds; round++) {
    const columns = new DocumentColumns();
    const documents = new Map<number, DocumentRecord>();
    let ordinal = 0;
    for (let index = 0; index < Math.ceil(count * random()); index++) {
      ordinal = Math.min(0xffffffff - count + index, ordinal + 1 + Math.floor(random() * gap));
      documents.set(ordinal, record(randomMetadata(random), `ordinal-${index}`));
      columns.add(ordinal, documents.get(ordinal)!);
    }
    for (let filters = 0; filters < 5; filters++) {
      const filter = randomFilter(random);
      check(columns.match(parseFilter(filter)), documents, filter, ordinal);
    }
  }
});

test('few documents left are tested against all that remains', () => {
  const random = createRandom(6);
  const columns = new DocumentColumns();
  const documents = new Map<number, DocumentRecord>();
  for (let ordinal = 0; ordinal < 6000; ordinal++) {
    documents.set(ordinal, record({ group: ordinal % 1500, x: random(), y: random(), z: Math.floor(random() * 2) }));
    columns.add(ordinal, documents.get(ordinal)!);
  }
  const found: number[] = [];
  for (let group = 0; group < 300; group++) {
    const filter: Filter = { x: { $lt: 0.7 }, y: { $gt: 0.3 }, $not: { z: { $gte: 0, $lt: 1 } }, group };
    const set = columns.match(parseFilter(filter));
    check(set, documents, filter, 6000);
    found.push(set.count);
  }
  expect([Math.min(...found), Math.max(...found)]).toEqual([0, 4]);
});

test('random histories: added in any order, replaced, deleted, added again', () => {
  const random = createRandom(5);
  for (let round = 0; round < 60; round++) {
    const columns = new DocumentColumns();
    const documents = new Map<number, DocumentRecord>();
    const highest = pick(random, [30, 300, 100_000]);
    for (let step = 0; step < 30; step++) {
      // Now and then so much changes that columns are given up.
      const changes = random() < 0.03 ? 1500 : Math.floor(random() * 20);
      for (let change = 0; change < changes; change++) {
        const ordinal = Math.floor(random() * highest);
        if (random() < 0.4) {
          documents.delete(ordinal);
          columns.delete(ordinal);
        } else {
          documents.set(ordinal, record(randomMetadata(random), `ordinal-${step}-${change}`));
          columns.add(ordinal, documents.get(ordinal)!);
        }
      }
      expect(columns.size).toBe(documents.size);
      const filter = randomFilter(random, 2);
      check(columns.match(parseFilter(filter)), documents, filter, highest);
      // The same from what is remembered.
      check(columns.match(parseFilter(filter)), documents, filter, highest);
    }
  }
});

describe('what was given', () => {
  const columns = new DocumentColumns();
  for (let ordinal = 0; ordinal < 1000; ordinal++) columns.add(ordinal, record({ half: ordinal % 2, all: ordinal }));
  const match = (filter: Filter) => columns.match(parseFilter(filter));

  test('is remembered until a change, and never changes', () => {
    const before = match({ half: 1, all: { $lt: 500 } });
    expect(match({ all: { $lt: 500 }, half: 1 })).not.toBe(match({ half: 0 }));
    expect(match({ half: 1, all: { $lt: 500 } })).toBe(before);
    const ordinals = [...toOrdinals(before)];
    columns.delete(1);
    columns.add(1, record({ half: 0, all: 7 }));
    columns.add(2000, record({ half: 1, all: 0 }));
    const after = match({ half: 1, all: { $lt: 500 } });
    expect([...toOrdinals(before)]).toEqual(ordinals);
    expect([...toOrdinals(after)]).toEqual([...ordinals.filter((ordinal) => ordinal !== 1), 2000]);
    columns.delete(2000);
  });

  test('a change far away does not make a set of bits huge', () => {
    columns.add(0xffffffff, record({ half: 0, all: -1 }));
    const found = match({ half: 0 });
    expect(found).toMatchObject({ kind: 'sorted' });
    expect(hasOrdinal(found, 0xffffffff)).toBe(true);
    expect(toOrdinals(found).at(-1)).toBe(0xffffffff);
    columns.delete(0xffffffff);
  });

  test('conditions that JSON would write alike are told apart', () => {
    expect(match({ all: null }).count).toBe(0);
    expect(match({ all: { $lte: Infinity } }).count).toBe(1000);
    expect(match({ all: { $lte: NaN } }).count).toBe(0);
    expect(match({ all: { $lte: -Infinity } }).count).toBe(0);
    expect(match({ all: NaN }).count).toBe(0);
  });

  test('a list where few meet the filter, bits where many do', () => {
    expect(match({ all: 12 }).kind).toBe('sorted');
    expect(match({ half: 0 }).kind).toBe('bits');
    expect(match({})).toMatchObject({ kind: 'bits', count: 1000 });
  });
});
