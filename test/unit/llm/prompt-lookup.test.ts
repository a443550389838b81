import { describe, expect, test } from 'vitest';
import { createDraftPolicy, createPassCost, maxDraft, type PassCost } from '../../../src/llm/draft-policy.ts';
import { lookUp } from '../../../src/llm/prompt-lookup.ts';

describe('prompt lookup', () => {
  test('continues the longest match, the latest of equals', () => {
    expect(lookUp([1, 2, 3, 4, 5, 9, 2, 3, 8, 8, 1, 2, 3], 2)).toEqual({ tokens: [4, 5], match: 3 });
    expect(lookUp([2, 3, 4, 2, 3, 5, 2, 3], 1)).toEqual({ tokens: [5], match: 2 });
  });

  test('one token is no match; at the limit the draft ends', () => {
    expect(lookUp([1, 2, 3, 4, 3], 4)).toBeUndefined();
    expect(lookUp([1, 2, 3, 4, 5, 1, 2], 3)?.tokens).toEqual([3, 4, 5]);
    expect(lookUp([1, 2, 3, 1, 2], 0)).toBeUndefined();
    expect(lookUp([], 4)).toBeUndefined();
  });

  test('a text that repeats itself goes on so', () => {
    expect(lookUp([7, 7, 7, 7], 5)).toEqual({ tokens: [7], match: 3 });
  });
});

describe('draft policy', () => {
  const cost = (extra: number): PassCost => ({ extra, measure: () => {} });

  test('cheap checking and sure drafts make long ones; dear checking or wrong drafts none', () => {
    const sure = createDraftPolicy(cost(0.05));
    for (let i = 0; i < 10; i++) sure.observe(8, 5, 5);
    expect(sure.length(8)).toBe(maxDraft);
    const dear = createDraftPolicy(cost(1));
    for (let i = 0; i < 10; i++) dear.observe(8, 5, 5);
    expect(dear.length(8)).toBe(0);
    const wrong = createDraftPolicy(cost(0.3));
    for (let i = 0; i < 10; i++) wrong.observe(8, 1, 0);
    expect(wrong.length(8)).toBe(0);
  });

  test('comes back when drafts turn out right again, and knows matches of other lengths apart', () => {
    const policy = createDraftPolicy(cost(0.3));
    for (let i = 0; i < 10; i++) policy.observe(4, 1, 0);
    expect(policy.length(4)).toBe(0);
    expect(policy.length(10)).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) policy.observe(4, 1, 1);
    expect(policy.length(4)).toBeGreaterThan(0);
  });

  test('cost is measured against a pass over one token', () => {
    const measured = createPassCost();
    for (let i = 0; i < 40; i++) {
      measured.measure(1, 50);
      measured.measure(5, 100);
    }
    expect(measured.extra).toBeCloseTo(0.25, 2);
    measured.measure(5, 100_000);
    expect(measured.extra).toBeLessThan(0.5);
  });
});
