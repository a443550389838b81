import { describe, expect, test } from 'vitest';
import { KeyValues } from '../../../src/llm/key-values.ts';
import { fakeRows } from './fake-tensor.ts';

const known = (tokens: number[], steps: number[] = []) =>
  new KeyValues(tokens, { 'past_key_values.0.key': fakeRows(tokens), 'past_key_values.0.value': fakeRows(tokens) }, steps);

describe('keys and values', () => {
  for (const way of ['copy', 'cut'] as const) {
    test(`${way} gives the first rows of every head`, () => {
      const short = known([5, 6, 7, 8], [2, 4])[way](3);
      expect(short.tokens).toEqual([5, 6, 7]);
      expect(short.steps).toEqual([2]);
      for (const tensor of Object.values(short.tensors)) {
        expect(tensor.dims).toEqual([1, 2, 3, 2]);
        expect([...(tensor.data as Float32Array)]).toEqual([...(fakeRows([5, 6, 7]).data as Float32Array)]);
      }
    });
  }

  test('a copy leaves the original as it is, a cut takes its memory', () => {
    const original = known([5, 6, 7, 8]);
    const before = [...(original.tensors['past_key_values.0.key']!.data as Float32Array)];
    original.copy(2);
    expect([...(original.tensors['past_key_values.0.key']!.data as Float32Array)]).toEqual(before);
    const memory = (original.tensors['past_key_values.0.key']!.data as Float32Array).buffer;
    expect((original.cut(2).tensors['past_key_values.0.key']!.data as Float32Array).buffer).toBe(memory);
  });

  test('counts bytes, and divides only rows that are in reach', () => {
    expect(known([1, 2, 3]).bytes).toBe(2 * 2 * 3 * 2 * 4);
    expect(known([1, 2]).divisible).toBe(true);
    expect(new KeyValues([1], { 'past_key_values.0.key': fakeRows([1], 'gpu-buffer') }).divisible).toBe(false);
    expect(new KeyValues([1], { 'past_conv.0': fakeRows([1]) }).divisible).toBe(false);
  });

  test('frees what lies on the GPU', () => {
    const tensors = { 'past_key_values.0.key': fakeRows([1], 'gpu-buffer'), 'past_key_values.0.value': fakeRows([1]) };
    new KeyValues([1], tensors).dispose();
    expect(tensors['past_key_values.0.key'].disposed).toBe(true);
    expect(tensors['past_key_values.0.value'].disposed).toBe(false);
  });
});
