import { describe, expect, test } from 'vitest';
import { argmax, penalize, sample } from '../../../src/llm/sampling.ts';
import { createRandom } from '../../../src/util/random.ts';

const settings = { temperature: 1, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 };
// Probabilities 0.5, 0.25, 0.15, 0.1 in mixed order.
const probabilities = [0.15, 0.5, 0.1, 0.25];
const logits = Float32Array.from(probabilities, Math.log);

function frequencies(options: Partial<typeof settings>, draws = 20_000): number[] {
  const random = createRandom(42);
  const counts = new Array(logits.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sample(logits, { ...settings, ...options }, random)]++;
  return counts.map((count) => count / draws);
}

describe('sample', () => {
  test('draws as the probabilities say', () => {
    for (const [token, share] of frequencies({}).entries()) expect(share).toBeCloseTo(probabilities[token]!, 1.5);
  });

  test('temperature sharpens and flattens', () => {
    expect(frequencies({ temperature: 0.25 })[1]).toBeGreaterThan(0.9);
    for (const share of frequencies({ temperature: 50 })) expect(share).toBeCloseTo(0.25, 1);
    expect(frequencies({ temperature: 0 })[1]).toBe(1);
  });

  test('top-k keeps the k best', () => {
    const [a, b, c, d] = frequencies({ topK: 2 });
    expect([a, c]).toEqual([0, 0]);
    expect(b! / d!).toBeCloseTo(2, 0);
  });

  test('top-p keeps the smallest set that reaches p', () => {
    expect(frequencies({ topP: 0.5 })[1]).toBe(1);
    const shares = frequencies({ topP: 0.76 });
    expect(shares[2]).toBe(0);
    expect(shares[0]).toBeGreaterThan(0);
  });

  test('min-p drops what is far below the best', () => {
    const shares = frequencies({ minP: 0.4 });
    expect([shares[0], shares[2]]).toEqual([0, 0]);
  });

  test('never draws a token of no probability', () => {
    const masked = Float32Array.from([0, Number.NEGATIVE_INFINITY, 0]);
    const random = createRandom(1);
    for (let i = 0; i < 200; i++) expect(sample(masked, { ...settings, temperature: 2 }, random)).not.toBe(1);
  });
});

test('penalize divides positive and multiplies negative logits of tokens seen, each once', () => {
  const values = Float32Array.from([2, -2, 4, 1]);
  penalize(values, [0, 1, 0, 99], 2);
  expect([...values]).toEqual([1, -4, 4, 1]);
});

test('argmax takes the first of equals', () => {
  expect(argmax(Float32Array.from([1, 3, 3]))).toBe(1);
});
