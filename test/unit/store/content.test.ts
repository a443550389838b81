// Records and texts of passages: from memory where they are, else from disk, and never of another document.
import { expect, test } from 'vitest';
import type { Reads, StoredDocument } from '../../../src/store/disk/database.ts';
import { blockUnits } from '../../../src/store/disk/text-blocks.ts';
import { Content, type Place } from '../../../src/store/search/content.ts';
import { createRandom } from '../../../src/util/random.ts';

const texts = new Map([1, 2, 3].map((ordinal) => [ordinal, `${ordinal}`.repeat(2 * blockUnits + 500)]));
const lost = new Set<string>();
let reads = 0;
const tables = {
  get: async (table: 'documents' | 'text', key: never) => {
    reads++;
    if (lost.has(`${table} ${key}`)) return undefined;
    if (table === 'documents') return { id: `d${key}` } as StoredDocument;
    const [ordinal, block] = key as [number, number];
    return texts.get(ordinal)!.slice(block * blockUnits, (block + 1) * blockUnits);
  },
} as unknown as Reads;

const place = (ordinal: number, start: number, end: number): Place => ({ ordinal, start, end });

test.each([0, 3 * blockUnits, 1e9])('any place, with a budget of %i bytes', async (budget) => {
  const random = createRandom(1);
  const content = new Content(budget);
  for (let round = 0; round < 100; round++) {
    const places = Array.from({ length: Math.floor(random() * 5) }, () => {
      const start = Math.floor(random() * 2 * blockUnits);
      return place(1 + Math.floor(random() * 3), start, start + Math.floor(random() * 2) * Math.floor(random() * blockUnits));
    });
    reads = 0;
    const inMemory = content.has(places);
    const found = await content.read(places, inMemory ? undefined : tables);
    expect(reads > 0).toBe(!inMemory);
    expect(found).toEqual(
      places.map(({ ordinal, start, end }) => ({ document: { id: `d${ordinal}` }, text: texts.get(ordinal)!.slice(start, end) })),
    );
    expect(content.bytes).toBeLessThanOrEqual(budget);
  }
  content.clear();
  expect(content.bytes).toBe(0);
  expect(content.has([place(1, 0, 5)])).toBe(false);
});

test('places of which something is lost are undefined, the others are there', async () => {
  lost.add('text 2,1').add('documents 3');
  const content = new Content(1e9);
  const places = [place(1, 0, 3), place(2, 5, 8), place(2, blockUnits - 1, blockUnits + 1), place(3, 0, 3), place(3, 4, 4)];
  for (let round = 0; round < 2; round++) {
    const found = await content.read(places, tables);
    expect(found.map((each) => each?.text)).toEqual(['111', '222', undefined, undefined, undefined]);
    expect(content.has(places)).toBe(false);
  }
  lost.clear();
  expect((await content.read(places, tables)).map((each) => each?.text)).toEqual(['111', '222', '22', '333', '']);
});
