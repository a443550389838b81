// How the demo cuts answers at their citations and documents at their marks.
import { describe, expect, test } from 'vitest';
import { duration, plural } from '../../demo/ui/format.ts';
import { readerLines } from '../../demo/ui/reader-text.ts';
import type { Citation } from '../../src/spec/citation.ts';
import { segments } from '../../src/ui/annotate.ts';
import { bytes } from '../../src/ui/bytes.ts';

const citation = (answerStart: number, answerEnd: number): Citation => ({
  answerStart,
  answerEnd,
  sentence: '',
  supported: true,
  score: 1,
});

describe('segments', () => {
  const answer = 'First one. Second one. Rest';

  test('together are the answer, whatever the order of the citations', () => {
    const pieces = segments(answer, [citation(11, 22), citation(0, 10)]);
    expect(pieces.map(({ text }) => text)).toEqual(['First one.', ' ', 'Second one.', ' Rest']);
    expect(pieces.map((piece) => piece.citation?.answerStart)).toEqual([0, undefined, 11, undefined]);
  });

  test('leave out citations that overlap, are empty or lie outside', () => {
    const pieces = segments(answer, [citation(0, 10), citation(5, 12), citation(15, 15), citation(20, 99)]);
    expect(pieces.map(({ text }) => text).join('')).toBe(answer);
    expect(pieces.filter((piece) => piece.citation)).toHaveLength(1);
  });
});

describe('readerLines', () => {
  const text = '# Title\n\nUse **the key** now. Then wait.\nEnd';
  const all = (markdown: boolean, marks = {}) => readerLines(text, 0, marks, markdown).flatMap(({ pieces }) => pieces);

  test('pieces together are the text, with and without Markdown', () => {
    for (const markdown of [true, false]) {
      const joined = all(markdown, { passage: { start: 3, end: 30 }, quote: { start: 9, end: 29 } });
      expect(joined.map((piece) => piece.text).join('')).toBe(text);
    }
  });

  test('marks hold in a window that starts in the middle', () => {
    const offset = 9;
    const quote = { start: text.indexOf('Then'), end: text.indexOf('\nEnd') };
    const lines = readerLines(text.slice(offset), offset, { passage: { start: 9, end: quote.end }, quote }, false);
    const marked = (mark: string) =>
      lines
        .flatMap(({ pieces }) => pieces)
        .filter((piece) => piece.mark === mark)
        .map((piece) => piece.text)
        .join('');
    expect(marked('quote')).toBe('Then wait.');
    expect(marked('passage')).toBe('Use **the key** now. ');
  });

  test('signs of Markdown are set apart, and only in Markdown', () => {
    expect(readerLines(text, 0, {}, true).map(({ heading }) => heading)).toEqual([1, 0, 0, 0]);
    const styled = (style: string) =>
      all(true)
        .filter((piece) => piece.style === style)
        .map((piece) => piece.text);
    expect(styled('syntax')).toEqual(['# ', '**', '**']);
    expect(styled('strong')).toEqual(['the key']);
    expect(all(false).every((piece) => piece.style === 'plain')).toBe(true);
  });
});

test('numbers read well', () => {
  expect([0, 1, 999, 1000, 22_944_452, 142_000_000].map((value) => bytes(value))).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '23 MB',
    '142 MB',
  ]);
  expect([12.4, 1400, 125_000].map(duration)).toEqual(['12 ms', '1.4 s', '2 min 5 s']);
  expect([plural(1, 'passage'), plural(2000, 'passage')]).toEqual(['1 passage', '2,000 passages']);
});
