// Phrases: quoted words stand side by side, whatever the language, segment and field.
import { beforeAll, expect, test } from 'vitest';
import { type AnalyzedText, Analyzer } from '../../../../src/store/lexical/analyzer.ts';
import { LexicalIndex } from '../../../../src/store/lexical/lexical-index.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { maskOf, partsOf, positionsOf, randomRows, termsOf, vocabulary } from './reference.ts';

const analyzer = new Analyzer();

beforeAll(() => analyzer.load(['en', 'de', 'zh', 'und']));

async function open(texts: readonly (readonly [language: 'en' | 'de' | 'zh' | 'und', text: string, title?: string])[], size = 2) {
  const { parts, buffers } = partsOf(
    texts.map(([language, text, title]) => analyzer.row(language, text, title)),
    size,
  );
  const index = new LexicalIndex(parts, analyzer);
  const find = async (query: string, titleWeight = 1) => {
    const search = await index.prepare(query, async (part) => buffers[part]!.positions, { titleWeight });
    const found = search.search(100).map(({ position }) => position);
    const scores = search.scoresOf(texts.map((_, position) => position));
    expect([...scores.keys()].filter((position) => scores[position]! > 0)).toEqual([...found].sort((a, b) => a - b));
    return found.sort((a, b) => a - b);
  };
  return { find, index, buffers };
}

test('words in quotes are adjacent and in order', async () => {
  const { find } = await open([
    ['en', 'The vector index keeps rows.'],
    ['en', 'The index of vectors is a vector. Index!'],
    ['en', 'A vector of the index'],
    ['en', 'index vector'],
    ['en', 'Nothing of either'],
  ]);
  expect(await find('"vector index"')).toEqual([0, 1]);
  expect(await find('“vector index”')).toEqual([0, 1]);
  expect(await find('"index vector"')).toEqual([1, 3].filter((position) => position === 3));
  expect(await find('vector index')).toEqual([0, 1, 2, 3]);
  expect(await find('"vector index" rows "keeps rows"')).toEqual([0]);
  expect(await find('"vector index')).toEqual([0, 1, 2, 3]);
  expect(await find('"nothing" vector')).toEqual([4]);
  expect(await find('"vector elephant"')).toEqual([]);
});

test('stop words leave gaps that count', async () => {
  const { find } = await open([
    ['en', 'a vector of the index'],
    ['en', 'a vector index'],
    ['en', 'a vector in some index'],
    ['en', 'a vector of index'],
  ]);
  expect(await find('"vector of the index"')).toEqual([0, 2]);
  expect(await find('"the vector index of"')).toEqual([1]);
  expect(await find('"of the" vector')).toEqual([0, 1, 2, 3]);
});

test('each passage goes by the rules of its language', async () => {
  const { find } = await open(
    [
      ['en', 'The die was cast'],
      ['de', 'Über die Häuser der Stadt'],
      ['de', 'Häuser Stadt'],
      ['en', 'houses of the city'],
    ],
    4,
  );
  expect(await find('"die cast"')).toEqual([]);
  expect(await find('"die was cast"')).toEqual([0]);
  expect(await find('"Häuser der Stadt"')).toEqual([1]);
  expect(await find('"house of a city"')).toEqual([3]);
});

test('in the title too, unless titles are not searched, but not across', async () => {
  const { find } = await open([
    ['en', 'index', 'vector'],
    ['en', 'something else', 'The vector index'],
    ['en', 'vector index'],
  ]);
  expect(await find('"vector index"')).toEqual([1, 2]);
  expect(await find('"vector index"', 0)).toEqual([2]);
});

test('Chinese', async () => {
  const { find } = await open([
    ['zh', '机器学习和人工智能'],
    ['zh', '学习机器'],
  ]);
  expect(await find('"机器学习"')).toEqual([0]);
});

test('positions are read only where all the words are', async () => {
  const { index, buffers } = await open(
    [
      ['en', 'vector index'],
      ['en', 'vector'],
      ['en', 'index'],
      ['en', 'index'],
    ],
    2,
  );
  const read: number[] = [];
  const load = async (part: number) => {
    read.push(part);
    return buffers[part]!.positions;
  };
  await index.prepare('vector index', load);
  expect(read).toEqual([]);
  await index.prepare('"vector index"', load);
  expect(read).toEqual([0]);
  await expect(index.prepare('"vector index"', async () => undefined)).rejects.toMatchObject({ code: 'data-corrupt' });
});

test('random phrases equal a search of the terms one by one', async () => {
  const random = createRandom(17);
  const rows = randomRows(random, 200);
  const { parts, buffers } = partsOf(rows, 60);
  const live = parts.map((part) => ({ ...part, live: maskOf(part.lexical.rows, (row) => row % 7 !== 3) }));
  const index = new LexicalIndex(live, analyzer);
  let found = 0;
  for (let round = 0; round < 200; round++) {
    const words = Array.from(
      { length: 2 + Math.floor(random() * 2) },
      () => vocabulary[Math.floor(random() ** 3 * vocabulary.length)]!,
    );
    const matches = (field: AnalyzedText) => {
      const terms = termsOf(field);
      const at = new Map(positionsOf(field).map((position, i) => [position, terms[i]]));
      return [...at.keys()].some((start) => words.every((word, i) => at.get(start + i) === word));
    };
    const wanted = [...rows.keys()].filter(
      (position) => (position % 60) % 7 !== 3 && (matches(rows[position]!.text) || matches(rows[position]!.title)),
    );
    const search = await index.prepare(`"${words.join(' ')}"`, async (part) => buffers[part]!.positions);
    const hits = search.search(1000).map(({ position }) => position);
    expect(hits.sort((a, b) => a - b)).toEqual(wanted);
    found += wanted.length;
  }
  expect(found).toBeGreaterThan(200);
});
