// Late interaction on vectors that can be worked out by hand.
import { describe, expect, test } from 'vitest';
import { lateInteraction, maxSim } from '../../../src/rerank/late-interaction.ts';
import type { Embedder, TokenVectors } from '../../../src/spec/embedder.ts';
import { mockEmbedder } from '../../../src/testing/mock-embedder.ts';

const vectors = (...rows: number[][]): TokenVectors => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  dimension: 2,
  tokens: rows.map(String),
});

describe('maxSim', () => {
  test.each([
    [vectors([1, 0], [0, 1]), vectors([0.6, 0.8], [1, 0]), 1.8],
    [vectors([1, 0]), vectors([-1, 0], [-0.6, 0.8]), -0.6],
    [vectors([1, 0]), vectors(), 0],
    [vectors(), vectors([1, 0]), 0],
  ])('%#', (query, text, sum) => expect(maxSim(query, text)).toBeCloseTo(sum, 6));
});

test('questions are embedded as questions, texts as passages', async () => {
  const kinds: (string | undefined)[] = [];
  const embedder: Embedder = {
    ...mockEmbedder(),
    embedTokens: async (texts, { kind } = {}) => {
      kinds.push(kind);
      return texts.map((text) => vectors(text === 'far' ? [0, 1] : [1, 0]));
    },
  };
  expect(await lateInteraction({ embedder }).rerank('question', ['near', 'far'])).toEqual([1, 0]);
  expect(kinds).toEqual(['query', 'passage']);
});

test('an embedder without vectors of tokens is refused', () => {
  expect(() => lateInteraction({ embedder: mockEmbedder() })).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
});
