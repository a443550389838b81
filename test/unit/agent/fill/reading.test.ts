// What is read in a request: numbers, lists, dates, phrases.
import { expect, test } from 'vitest';
import { formatDate, readDates, readTimes } from '../../../../src/agent/fill/read-dates.ts';
import { readNumberLists, readNumbers } from '../../../../src/agent/fill/read-numbers.ts';
import { readPhraseLists, readPhrases } from '../../../../src/agent/fill/read-phrases.ts';

test.each([
  ['a tank of 1,250.5 liters', [[1250.5, 'liter']]],
  [
    '$2.5 million at 7.25% for 3 years',
    [
      [2.5e6, 'currency'],
      [7.25, 'percent'],
      [3, 'year'],
    ],
  ],
  [
    'from -12 to 30 °C',
    [
      [-12, undefined],
      [30, 'celsius'],
    ],
  ],
  [
    'x-3 is no sum of -3',
    [
      [3, undefined],
      [-3, undefined],
    ],
  ],
  [
    'a charge of 3.2e-6 coulombs and 5 x 10^3 volts',
    [
      [3.2e-6, 'coulomb'],
      [5000, 'volt'],
    ],
  ],
  [
    'three quarters, the 2nd floor, 3/4',
    [
      [3, undefined],
      [2, 'ordinal'],
      [0.75, undefined],
    ],
  ],
  ['room B12 and gate G7', []],
] as const)('numbers of %j', (text, expected) => {
  expect(readNumbers(text).map(({ value, unit }) => [value, unit])).toEqual(expected);
});

test.each([
  [
    'the points (2, 7) and (3, 9)',
    [
      [2, 7],
      [3, 9],
    ],
  ],
  ['sort [5, 1, 4]', [[5, 1, 4]]],
  [
    'the table [[1, 2], [3, 4]]',
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  ['after 2, 5 and 10 years', [[2, 5, 10]]],
  ['between x = 2 and x = 9', [[2, 9]]],
] as const)('lists of %j', (text, expected) => {
  expect(readNumberLists(text, readNumbers(text)).map(({ value }) => value)).toEqual(expected);
});

test.each([
  ['on July 4th, 2031', '2031-07-04'],
  ['on 4 July 2031', '2031-07-04'],
  ['on 2031/7/4', '2031-07-04'],
  ['on 7/4/2031', '2031-07-04'],
  ['on 24.7.2031', '2031-07-24'],
  ['on March 3', '03-03'],
] as const)('the date of %j', (text, value) => {
  expect(readDates(text)).toMatchObject([{ value }]);
});

test('a date in the format of a description, or as it stands', () => {
  const text = 'We leave on July 4th, 2031 at 5:30pm.';
  const [date] = readDates(text);
  expect(formatDate(date!, 'The day, as DD.MM.YYYY', text)).toBe('04.07.2031');
  expect(formatDate(date!, 'The day', text)).toBe('July 4th, 2031');
  expect(readTimes(text)).toMatchObject([{ value: '17:30' }]);
});

test('phrases: quotations, names, codes, formulas, runs of words', () => {
  const text = "Play 'Blue in Green' by Miles Davis, derive 3x^2 + 2x, and open /tmp/notes.txt with the blue lamp.";
  const phrases = readPhrases(text);
  const of = (form: string) => phrases.filter((phrase) => phrase.form === form).map(({ value }) => value);
  expect(of('quoted')).toContain('Blue in Green');
  expect(of('name')).toContain('Miles Davis');
  expect(of('formula')).toContain('3x^2 + 2x');
  expect(of('code')).toContain('/tmp/notes.txt');
  expect(of('plain')).toContain('blue lamp');
  for (const { value, start, end } of phrases) expect(text.slice(start, end)).toBe(value);
});

test('phrases that are strung together', () => {
  const text = 'Order apples, brown sugar and oats.';
  const lists = readPhraseLists(text, readPhrases(text)).map(({ value }) => value);
  expect(lists).toContainEqual(['apples', 'brown sugar', 'oats']);
});
