import { expect, test } from 'vitest';
import { generateDefaults, ignoredOptions, refuseLogits } from '../../../src/llm/generate-defaults.ts';

test('options that ask for something and take no effect are named, each once', () => {
  const options = { temperature: 0, topP: 0.9, topK: 40, minP: 0.1, repetitionPenalty: 1.2, seed: 3 };
  const names = ignoredOptions(options, ['topP', 'stop'], 'this').map((text) => text.split(' ')[0]);
  expect(names).toEqual(['temperature', 'topK', 'minP', 'repetitionPenalty', 'seed']);
});

test('options that change nothing are not', () => {
  const { temperature: _, ...neutral } = generateDefaults;
  expect(ignoredOptions({ ...neutral, seed: undefined, stop: ['.'] }, [], 'this')).toEqual([]);
});

test('what needs logits is refused by name where it takes no effect', () => {
  expect(() => refuseLogits({ contrast: { messages: [] } }, [], 'this')).toThrow(/"contrast" cannot take effect: this/);
  expect(() => refuseLogits({ neighbours: {} }, ['contrast'], 'this')).toThrow(/"neighbours"/);
  expect(() => refuseLogits({ contrast: { messages: [] } }, ['contrast'], 'this')).not.toThrow();
  expect(() => refuseLogits({ probabilities: true, temperature: 1 }, [], 'this')).not.toThrow();
});
