// Lexical segments: what is found in them is what was put in; merging is encoding; damage is noticed.
import { describe, expect, test } from 'vitest';
import type { AnalyzedRow, AnalyzedText } from '../../../../src/store/lexical/analyzer.ts';
import { encodeLexical } from '../../../../src/store/lexical/encode.ts';
import type { LexicalBuffers, Stored } from '../../../../src/store/lexical/layout.ts';
import { LexicalSegment } from '../../../../src/store/lexical/lexical-segment.ts';
import { mergeLexical } from '../../../../src/store/lexical/merge.ts';
import { PositionsReader } from '../../../../src/store/lexical/positions.ts';
import { TermBytes } from '../../../../src/store/lexical/term-bytes.ts';
import { TermRows } from '../../../../src/store/lexical/term-rows.ts';
import { Vocabulary } from '../../../../src/store/lexical/vocabulary.ts';
import { createRandom } from '../../../../src/util/random.ts';
import { analyzed, positionsOf, randomRows, termsOf } from './reference.ts';

const termBytes = (term: string) => new TermBytes().encode(term);

/** Everything in a segment: positions by field, row and term. */
function readAll({ postings, positions }: Record<'postings' | 'positions', Stored>) {
  const segment = new LexicalSegment(postings);
  const reader = new PositionsReader(positions, segment);
  const found = new Map<string, { row: number; text: number[]; title: number[] }[]>();
  const read = new TermRows();
  for (const dictionary = segment.dictionary(); dictionary.next(); ) {
    segment.read(dictionary.entry, read);
    reader.read(dictionary.entry, read);
    let at = 0;
    const next = (count: number) => {
      at += count;
      return [...read.positions.subarray(at - count, at)];
    };
    const rows = Array.from({ length: read.count }, (_, i) => ({
      row: read.rows[i]!,
      text: next(read.text[i]!),
      title: next(read.title[i]!),
    }));
    expect(dictionary.entry).toMatchObject({ rows: rows.length, textRows: rows.filter(({ text }) => text.length > 0).length });
    expect(segment.find(dictionary.term)).toEqual(dictionary.entry);
    found.set(String.fromCharCode(...decode(dictionary.term.bytes.subarray(0, dictionary.term.length))), rows);
  }
  return { segment, found };
}

/** CESU-8 to code units, written apart from the code under test. */
function decode(bytes: Uint8Array): number[] {
  const units = [];
  for (let i = 0; i < bytes.length; ) {
    const length = bytes[i]! < 0x80 ? 1 : bytes[i]! < 0xe0 ? 2 : 3;
    let unit = length === 1 ? bytes[i]! : bytes[i]! & (length === 2 ? 31 : 15);
    for (let j = 1; j < length; j++) unit = (unit << 6) | (bytes[i + j]! & 63);
    units.push(unit);
    i += length;
  }
  return units;
}

/** What {@link readAll} must find. */
function expected(rows: readonly AnalyzedRow[]) {
  const found = new Map<string, { row: number; text: number[]; title: number[] }[]>();
  for (const [row, fields] of rows.entries()) {
    for (const field of ['text', 'title'] as const) {
      const positions = positionsOf(fields[field]);
      for (const [i, term] of termsOf(fields[field]).entries()) {
        const list = found.get(term) ?? [];
        found.set(term, list);
        if (list.at(-1)?.row !== row) list.push({ row, text: [], title: [] });
        list.at(-1)![field].push(positions[i]!);
      }
    }
  }
  return found;
}

function check(rows: readonly AnalyzedRow[]): LexicalSegment {
  const { segment, found } = readAll(encodeLexical(rows));
  expect(segment.rows).toBe(rows.length);
  expect(segment.terms).toBe(found.size);
  expect([...found.keys()]).toEqual([...expected(rows).keys()].sort());
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected(rows)));
  expect([...segment.textLengths]).toEqual(rows.map(({ text }) => text.terms.length / 2));
  expect([...segment.titleLengths]).toEqual(rows.map(({ title }) => title.terms.length / 2));
  expect(rows.map((_, row) => segment.languages[segment.languageOf(row)])).toEqual(rows.map(({ language }) => language));
  return segment;
}

const row = (terms: readonly string[], title: readonly string[] = [], language = 'und'): AnalyzedRow => ({
  language,
  text: analyzed(terms),
  title: analyzed(title),
});

describe('what is read is what was encoded', () => {
  test('random rows', () => {
    for (const count of [1, 2, 17, 300]) check(randomRows(createRandom(count), count));
  });

  test('no rows, and rows without terms', () => {
    expect(check([]).languages).toEqual([]);
    expect(check([]).find(termBytes('x'))).toBeUndefined();
    check([row([]), row([])]);
    check([row([]), row(['a']), row([])]);
    check([row([], ['title', 'title'])]);
  });

  test('terms that are hard to sort or to write', () => {
    const hard = [
      '',
      'a',
      'ab',
      'a\u0000',
      '\uffff',
      '\ue000',
      '𝒳',
      '\ud800',
      '\udc00',
      'é',
      'が',
      'x'.repeat(5_000),
      '__proto__',
      'constructor',
    ];
    check([row(hard), row([...hard].reverse(), hard)]);
  });

  test('many terms, many occurrences, long gaps', () => {
    const terms = Array.from({ length: 1e5 }, (_, i) => `t${i}`);
    const segment = new LexicalSegment(encodeLexical([row(terms), row(['t5'])]).postings);
    expect(segment.textLengths[0]).toBe(1e5);
    expect(segment.find(termBytes('t99999'))).toMatchObject({ rows: 1 });
    expect(segment.find(termBytes('t5'))).toMatchObject({ rows: 2 });
    expect(segment.find(termBytes('t100000'))).toBeUndefined();
    check([
      row(Array(70_000).fill('again')),
      ...Array.from({ length: 5_000 }, () => row([])),
      row(['again'], Array(300).fill('again')),
    ]);
    check([{ ...row(['far', 'far']), text: analyzed(['far', 'far'], Uint32Array.of(1, 2 ** 31)) }]);
  });

  test('languages by row', () => {
    const segment = check([row(['a'], [], 'fr'), row(['b'], [], 'de'), row([], [], 'fr'), row([], [], 'und')]);
    expect(segment.languages).toEqual(['de', 'fr', 'und']);
  });
});

test('bytes of terms sort as strings do', () => {
  const terms = ['', 'a', 'b', 'ab', 'é', '\uffff', '\ue000', '𝒳', '\ud7ff', 'が'];
  const byBytes = [...terms].sort((a, b) => termBytes(a).compare(termBytes(b)));
  expect(byBytes).toEqual([...terms].sort());
});

test('an occurrence of a term takes at most three bytes, the dictionary included', () => {
  const random = createRandom(5);
  const rows = Array.from({ length: 4_096 }, () =>
    row(Array.from({ length: 80 }, () => `term${Math.floor(random() ** 4 * 20_000)}`)),
  );
  const { postings, positions } = encodeLexical(rows);
  expect((postings.byteLength + positions.byteLength) / (4_096 * 80)).toBeLessThan(3);
});

describe('merging', () => {
  const equal = (a: LexicalBuffers, b: LexicalBuffers) => {
    expect(Buffer.from(a.postings).equals(Buffer.from(b.postings))).toBe(true);
    expect(Buffer.from(a.positions).equals(Buffer.from(b.positions))).toBe(true);
  };

  test('gives, byte for byte, what encoding the rows kept gives', () => {
    const random = createRandom(21);
    for (let round = 0; round < 40; round++) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
        const rows = randomRows(random, Math.floor(random() * 60)).map((row) => ({
          ...row,
          language: random() < 0.1 ? 'de' : 'en',
        }));
        const share = random() < 0.2 ? 0 : random();
        return { rows, keep: Uint32Array.from([...rows.keys()].filter(() => random() < share)) };
      });
      const merged = mergeLexical(parts.map(({ rows, keep }) => ({ ...encodeLexical(rows), keep })));
      equal(merged, encodeLexical(parts.flatMap(({ rows, keep }) => Array.from(keep, (row) => rows[row]!))));
    }
  });

  test('takes rows of several segments in turns', () => {
    const random = createRandom(22);
    for (let round = 0; round < 20; round++) {
      const segments = Array.from({ length: 3 }, () => {
        const rows = randomRows(random, 40);
        return { rows, buffers: encodeLexical(rows), next: 0 };
      });
      const kept: AnalyzedRow[] = [];
      const parts = Array.from({ length: 12 }, () => {
        const segment = segments[Math.floor(random() * 3)]!;
        const count = Math.min(Math.floor(random() * 9), 40 - segment.next);
        const keep = Uint32Array.from({ length: count }, () => segment.next++);
        kept.push(...Array.from(keep, (row) => segment.rows[row]!));
        return { ...segment.buffers, keep };
      });
      equal(mergeLexical(parts), encodeLexical(kept));
    }
  });

  test('of everything, of nothing, and of what was merged', () => {
    const rows = randomRows(createRandom(4), 50);
    const all = (count: number) => Uint32Array.from(Array(count).keys());
    const whole = encodeLexical(rows);
    equal(mergeLexical([{ ...whole, keep: all(50) }]), whole);
    equal(mergeLexical([]), encodeLexical([]));
    equal(mergeLexical([{ ...whole, keep: all(0) }]), encodeLexical([]));
    const halves = [rows.slice(0, 20), rows.slice(20)].map((half) => ({ ...encodeLexical(half), keep: all(half.length) }));
    equal(mergeLexical([{ ...mergeLexical(halves), keep: all(50) }]), whole);
  });

  test('refuses rows that are not there or not in order', () => {
    const buffers = encodeLexical(randomRows(createRandom(4), 5));
    expect(() => mergeLexical([1, 1].map((row) => ({ ...buffers, keep: Uint32Array.of(row) })))).toThrow('each in one part');
    for (const keep of [[5], [1, 0], [1, 1]]) {
      expect(() => mergeLexical([{ ...buffers, keep: Uint32Array.from(keep) }])).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      );
    }
  });
});

test('buffers are opened where they lie in a record', () => {
  const rows = randomRows(createRandom(6), 30);
  const { postings, positions } = encodeLexical(rows);
  for (const offset of [0, 8, 3]) {
    const [a, b] = [postings, positions].map((buffer) => {
      const record = new Uint8Array(buffer.byteLength + 20).fill(0xee);
      record.set(new Uint8Array(buffer), offset);
      return record.subarray(offset, offset + buffer.byteLength);
    });
    const { found } = readAll({ postings: a!, positions: b! });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected(rows)));
  }
});

test('rows analysed with different vocabularies go together', () => {
  const rows = randomRows(createRandom(7), 20);
  const other = rows.map(({ language, text, title }, i) => {
    const vocabulary = new Vocabulary();
    const moved = (field: AnalyzedText): AnalyzedText => ({
      vocabulary,
      terms: Uint32Array.from(field.terms, (value, at) =>
        at % 2 === 0 ? vocabulary.numberOf(field.vocabulary.terms[value]!) : value,
      ),
    });
    return i % 3 === 0 ? { language, text, title } : { language, text: moved(text), title: moved(title) };
  });
  expect(Buffer.from(encodeLexical(other).postings).equals(Buffer.from(encodeLexical(rows).postings))).toBe(true);
});

test('a wrong beginning, version or length, and another segment’s positions are errors', () => {
  const { postings, positions } = encodeLexical(randomRows(createRandom(1), 20));
  const segment = new LexicalSegment(postings);
  const corrupt = expect.objectContaining({ code: 'data-corrupt' });
  const damaged = (buffer: ArrayBuffer, word: number) => {
    const copy = buffer.slice(0);
    new Uint32Array(copy)[word]! ^= 1;
    return copy;
  };
  expect(() => new LexicalSegment(undefined)).toThrow(corrupt);
  expect(() => new PositionsReader(undefined, segment)).toThrow(corrupt);
  for (const length of [0, 3, 63, 64, postings.byteLength - 4])
    expect(() => new LexicalSegment(postings.slice(0, length))).toThrow(corrupt);
  for (const length of [0, 31, 32, positions.byteLength - 4]) {
    expect(() => new PositionsReader(positions.slice(0, length), segment)).toThrow(corrupt);
  }
  for (const word of [0, 1, 2]) {
    expect(() => new LexicalSegment(damaged(postings, word))).toThrow(corrupt);
    expect(() => new PositionsReader(damaged(positions, word), segment)).toThrow(corrupt);
  }
  const other = encodeLexical(randomRows(createRandom(2), 21));
  expect(() => new PositionsReader(other.positions, segment)).toThrow(corrupt);
  expect(() => new LexicalSegment(positions)).toThrow(corrupt);
});
