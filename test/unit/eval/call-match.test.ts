// When calls count as those that were wanted.
import { expect, test } from 'vitest';
import { sameCalls, sameValue, wrongArguments } from '../../../src/eval/call-match.ts';

test.each([
  ['New York, NY', 'new york ny', true],
  ["it's", 'it"s', true],
  ['x^2', 'x**2', true],
  ['blue', 'green', false],
  [2, 2, true],
  [2, '2', false],
  [true, false, false],
  [['A', 'b'], ['a', 'B'], true],
  [[1, 2], [2, 1], false],
  [{ min: 1 }, { min: [1], max: [5, ''] }, true],
  [{ min: 1, other: 2 }, { min: [1] }, false],
])('%j for %j: %s', (value, accepted, same) => {
  expect(sameValue(value, accepted)).toBe(same);
});

test('arguments that are wrong, missing or not wanted', () => {
  const wanted = { city: ['Rome'], days: [3, ''], unit: ['°C'] };
  expect(wrongArguments({ city: 'Rome', unit: '°C' }, wanted)).toEqual([]);
  expect(wrongArguments({ city: 'Paris', days: 4, more: 1 }, wanted)).toEqual(['more', 'city', 'days', 'unit']);
});

test('calls in any order, each once', () => {
  const want = (city: string) => ({ tool: 'weather', input: { city: [city] } });
  const made = (city: string) => ({ tool: 'weather', input: { city } });
  expect(sameCalls([made('Oslo'), made('Rome')], [want('Rome'), want('Oslo')])).toBe(true);
  expect(sameCalls([made('Oslo'), made('Oslo')], [want('Rome'), want('Oslo')])).toBe(false);
  expect(sameCalls([made('Oslo')], [want('Oslo'), want('Rome')])).toBe(false);
  expect(sameCalls([], [])).toBe(true);
});
