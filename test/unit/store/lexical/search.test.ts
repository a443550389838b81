// Search equals a reference BM25F that goes by the formula, whatever the segments, deletions, merges and filters.
import { beforeAll, describe, expect, test } from 'vitest';
import { type AnalyzedRow, Analyzer } from '../../../../src/store/lexical/analyzer.ts';
import type { Bm25Parameters } from '../../../../src/store/lexical/bm25.ts';
import { encodeLexical } from '../../../../src/store/lexical/encode.ts';
import type { LexicalBuffers } from '../../../../src/store/lexical/layout.ts';
import { LexicalIndex } from '../../../../src/store/lexical/lexical-index.ts';
import { LexicalSegment } from '../../../../src/store/lexical/lexical-segment.ts';
import { mergeLexical } from '../../../../src/store/lexical/merge.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { maskOf, partsOf, randomRows, referenceScores, termsOf, vocabulary } from './reference.ts';

const analyzer = new Analyzer();
const noPositions = async () => undefined;
const parameters: Required<Bm25Parameters>[] = [
  { k1: 1.2, b: 0.75, titleWeight: 0, titleB: 0.75 },
  { k1: 0.9, b: 0.4, titleWeight: 2, titleB: 0.4 },
  { k1: 0, b: 0, titleWeight: 1, titleB: 1 },
  { k1: 3, b: 1, titleWeight: 0.5, titleB: 0 },
];

beforeAll(() => analyzer.load(['en', 'de', 'und']));

/** Best first, ties by position. */
function ranking(scores: ReadonlyMap<number, number>): { position: number; score: number }[] {
  return [...scores]
    .map(([position, score]) => ({ position, score }))
    .sort((a, b) => b.score - a.score || a.position - b.position);
}

/** The hits are those of the reference: the same scores but for rounding, and the same rows where scores differ. */
function expectRanking(hits: readonly { position: number; score: number }[], scores: ReadonlyMap<number, number>, k: number) {
  const wanted = ranking(scores).slice(0, k);
  expect(hits.length).toBe(wanted.length);
  for (const [i, { position, score }] of hits.entries()) {
    expect(score).toBeCloseTo(wanted[i]!.score, 10);
    expect(score).toBeCloseTo(scores.get(position)!, 10);
    if (i > 0)
      expect(hits[i - 1]!.score > score || (hits[i - 1]!.score === score && hits[i - 1]!.position < position)).toBe(true);
  }
}

const randomQuery = (random: () => number) =>
  Array.from({ length: 1 + Math.floor(random() * 4) }, () => vocabulary[Math.floor(random() * vocabulary.length)]!);

describe('scores and ranking', () => {
  test.each(parameters)('are the reference’s: %o', async (chosen) => {
    const random = createRandom(8);
    const rows = randomRows(random, 200);
    const { parts } = partsOf(rows, 64);
    const index = new LexicalIndex(parts, analyzer);
    for (let round = 0; round < 30; round++) {
      const query = randomQuery(random);
      const scores = referenceScores(
        new Map(rows.entries()),
        query.map((word) => [word]),
        chosen,
      );
      const search = await index.prepare(query.join(' '), noPositions, chosen);
      for (const k of [1, 5, 1000]) expectRanking(search.search(k), scores, k);
      expectClose(
        search.scoresOf([...rows.keys()]),
        rows.map((_, position) => scores.get(position) ?? 0),
      );
    }
  });

  test('of deleted rows are nothing, and their words do not count', async () => {
    const random = createRandom(9);
    const rows = randomRows(random, 150);
    const { parts } = partsOf(rows, 40);
    for (let round = 0; round < 20; round++) {
      const kept = new Map([...rows.entries()].filter(() => random() < 0.7));
      const live = parts.map((part) => ({
        ...part,
        live: maskOf(part.lexical.rows, (row) => kept.has(part.firstPosition + row)),
      }));
      const index = new LexicalIndex(live, analyzer);
      const query = randomQuery(random);
      const chosen = parameters[round % parameters.length]!;
      const search = await index.prepare(query.join(' '), noPositions, chosen);
      const scores = referenceScores(
        kept,
        query.map((word) => [word]),
        chosen,
      );
      expectRanking(search.search(10), scores, 10);
      expectClose(
        search.scoresOf([...rows.keys()]),
        [...rows.keys()].map((position) => scores.get(position) ?? 0),
      );
      expect(index.statistics.rows).toBe(kept.size);
    }
  });

  test('with a filter are those without it', async () => {
    const random = createRandom(10);
    const rows = randomRows(random, 150);
    const { parts } = partsOf(rows, 40);
    const index = new LexicalIndex(parts, analyzer);
    for (const share of [0.5, 0.1, 0]) {
      const passes = new Set([...rows.keys()].filter(() => random() < share));
      const filters = parts.map(({ lexical, firstPosition }) => maskOf(lexical.rows, (row) => passes.has(firstPosition + row)));
      const search = await index.prepare('w1 w2 w30', noPositions);
      const all = search.search(1000);
      expect(search.search(10, { filters })).toEqual(all.filter(({ position }) => passes.has(position)).slice(0, 10));
      expect(search.search(1000, { filters: [undefined, filters[1]] })).toEqual(
        all.filter(({ position }) => position < 40 || position >= 80 || passes.has(position)),
      );
    }
  });

  test('a word asked for twice counts twice, and ties are in order of position', async () => {
    const { parts } = partsOf(
      ['red fish', 'blue fish', 'red fish', 'green'].map((text) => analyzer.row('en', text)),
      2,
    );
    const index = new LexicalIndex(parts, analyzer);
    const once = (await index.prepare('fish', noPositions)).search(10);
    expect(once.map(({ position }) => position)).toEqual([0, 1, 2]);
    const twice = (await index.prepare('fish fishes', noPositions)).search(10);
    expect(twice.map(({ score }) => score)).toEqual(once.map(({ score }) => 2 * score));
    expect((await index.prepare('fish', noPositions)).search(2)).toEqual(once.slice(0, 2));
  });

  test('are explained, and the terms sum to the score', async () => {
    const random = createRandom(12);
    const rows = randomRows(random, 100);
    const { parts } = partsOf(rows, 30);
    const search = await new LexicalIndex(parts, analyzer).prepare('w1 w5 w1 w40 absent', noPositions, { titleWeight: 2 });
    const hits = search.search(20, { explain: true });
    expect(hits.map(({ position, score }) => ({ position, score }))).toEqual(search.search(20));
    for (const { position, score, terms } of hits) {
      expect(terms!.map(({ word }) => word)).toEqual(['w1', 'w5', 'w40']);
      expect(terms!.reduce((sum, term) => sum + term.score, 0)).toBe(score);
      for (const { word, text, title, documents } of terms!) {
        expect(text).toBe(termsOf(rows[position]!.text).filter((term) => term === word).length);
        expect(title).toBe(termsOf(rows[position]!.title).filter((term) => term === word).length);
        expect(documents).toBe(rows.filter(({ text, title }) => [...termsOf(text), ...termsOf(title)].includes(word)).length);
      }
    }
  });
});

test('no segments, no words, stop words only, unknown words: no hits', async () => {
  const empty = new LexicalIndex([], analyzer);
  expect((await empty.prepare('fish', noPositions)).search(10)).toEqual([]);
  const { parts } = partsOf([analyzer.row('en', 'The fish and the sea'), analyzer.row('en', '')], 10);
  const index = new LexicalIndex(parts, analyzer);
  for (const query of ['', '🙂 …', 'the and of', 'unheard', '\ud800']) {
    const search = await index.prepare(query, noPositions);
    expect(search.search(10)).toEqual([]);
    expect([...search.scoresOf([0, 1, 7])]).toEqual([0, 0, 0]);
  }
  const allDeleted = new LexicalIndex([{ ...parts[0]!, live: new Uint16Array(1) }], analyzer);
  expect((await allDeleted.prepare('fish', noPositions)).search(10)).toEqual([]);
});

test('parameters out of range are refused by name', async () => {
  const index = new LexicalIndex([], analyzer);
  for (const [name, value] of [
    ['k1', -1],
    ['b', 1.1],
    ['titleWeight', Number.NaN],
    ['titleB', -0.1],
  ] as const) {
    await expect(index.prepare('x', noPositions, { [name]: value })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(name),
    });
  }
});

describe('languages', () => {
  test('in a mixed collection a word stands for its stems in all of them, as one term', async () => {
    const texts = [
      ['en', 'Running runners run in houses'],
      ['de', 'Die Häuser laufen, die Läufer rennen'],
      ['en', 'A house is a building'],
      ['de', 'Das Haus ist ein Gebäude, laufend'],
      ['und', 'house Haus HOUSES'],
    ] as const;
    const rows = texts.map(([language, text]) => analyzer.row(language, text));
    const { parts } = partsOf(rows, 2);
    const index = new LexicalIndex(parts, analyzer);
    expect(index.statistics.languages).toEqual(['de', 'en', 'und']);
    for (const query of ['houses', 'Häuser', 'laufen running', 'die']) {
      const words = query.toLowerCase().split(' ');
      const variants = words.map((word) => ['de', 'en', 'und'].flatMap((language) => termsOf(analyzer.analyze(word, language))));
      const chosen = parameters[0]!;
      const search = await index.prepare(query, noPositions, chosen);
      expectRanking(search.search(10), referenceScores(new Map(rows.entries()), variants, chosen), 10);
    }
    // A stop word in German, a word in English: found where it is a word.
    expect((await index.prepare('ist', noPositions)).search(10)).toEqual([]);
  });

  test('of rows that were deleted play no part any more', async () => {
    const rows = [analyzer.row('de', 'Die Nationen'), analyzer.row('en', 'The nations'), analyzer.row('en', 'A nation')];
    const { parts } = partsOf(rows, 3);
    const live = [{ ...parts[0]!, live: maskOf(3, (row) => row > 0) }];
    const rebuilt = partsOf(rows.slice(1), 3).parts.map((part) => ({ ...part, firstPosition: 1 }));
    const [a, b] = [live, rebuilt].map((parts) => new LexicalIndex(parts, analyzer));
    expect(a!.statistics).toEqual(b!.statistics);
    for (const query of ['nationen', 'nations', 'die']) {
      const hits = await Promise.all(
        [a!, b!].map(async (index) => (await index.prepare(query, noPositions)).search(5, { explain: true })),
      );
      expect(hits[0]).toEqual(hits[1]);
    }
  });

  test('Chinese, Japanese and Thai are found by their words', async () => {
    await analyzer.load(['zh', 'ja']);
    const rows = [
      analyzer.row('zh', '机器学习是人工智能的一个分支'),
      analyzer.row('ja', '機械学習はデータから学ぶ技術です'),
      analyzer.row('und', 'น้ำท่วมกรุงเทพมหานครทำให้การจราจรติดขัด'),
      analyzer.row('zh', '北京是中国的首都'),
    ];
    const index = new LexicalIndex(partsOf(rows, 4).parts, analyzer);
    for (const [query, position] of [
      ['人工智能', 0],
      ['データ', 1],
      ['กรุงเทพมหานคร', 2],
      ['首都', 3],
      ['น้ำท่วม', 2],
    ] as const) {
      expect(
        (await index.prepare(query, noPositions)).search(10).map((hit) => hit.position),
        query,
      ).toEqual([position]);
    }
  });
});

test('histories of adding, deleting and merging: always as if rebuilt, bit for bit', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createRandom(seed);
    let next = 0;
    let segments: { rows: { key: number; row: AnalyzedRow; live: boolean }[]; buffers: LexicalBuffers }[] = [];
    for (let step = 0; step < 25; step++) {
      const action = random();
      if (action < 0.4 || segments.length === 0) {
        const rows = randomRows(random, 1 + Math.floor(random() * 40)).map((row) => ({ key: next++, row, live: true }));
        segments.push({ rows, buffers: encodeLexical(rows.map(({ row }) => row)) });
      } else if (action < 0.8) {
        const share = random() ** 2;
        for (const { rows } of segments) for (const row of rows) if (random() < share * 0.3) row.live = false;
      } else {
        const from = Math.floor(random() * segments.length);
        const chosen = segments.slice(from, from + 1 + Math.floor(random() * 3));
        const keep = chosen.map(({ rows }) => Uint32Array.from([...rows.keys()].filter((i) => rows[i]!.live)));
        const buffers = mergeLexical(chosen.map((segment, i) => ({ ...segment.buffers, keep: keep[i]! })));
        const rows = chosen.flatMap((segment) => segment.rows.filter(({ live }) => live));
        segments = [...segments.slice(0, from), { rows, buffers }, ...segments.slice(from + chosen.length)];
      }
      const query = randomQuery(random).join(' ');
      const live = segments.flatMap(({ rows }) => rows.filter((row) => row.live));
      const fresh = new LexicalIndex(
        partsOf(
          live.map(({ row }) => row),
          50,
        ).parts,
        analyzer,
      );
      let first = 0;
      const keys: number[] = [];
      const parts = segments.map(({ rows, buffers }) => {
        const part = {
          lexical: new LexicalSegment(structuredClone(buffers.postings)),
          live: rows.every((row) => row.live) ? undefined : maskOf(rows.length, (row) => rows[row]!.live),
          firstPosition: first,
        };
        for (const [i, { key }] of rows.entries()) keys[first + i] = key;
        first += rows.length + 3;
        return part;
      });
      const index = new LexicalIndex(parts, analyzer);
      expect(index.statistics).toEqual(fresh.statistics);
      const hits = (await index.prepare(query, noPositions)).search(15);
      const wanted = (await fresh.prepare(query, noPositions)).search(15);
      expect(hits.map(({ position, score }) => [keys[position], score])).toEqual(
        wanted.map(({ position, score }) => [live[position]!.key, score]),
      );
    }
  }
});

function expectClose(found: Float64Array, wanted: readonly number[]) {
  expect(found.length).toBe(wanted.length);
  for (const [i, score] of found.entries()) expect(score).toBeCloseTo(wanted[i]!, 10);
}
