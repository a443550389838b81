// Rerankers on real models: a tiny cross-encoder whose scores are known, the embedding model token by token, a chat model.
import { afterAll, describe, expect, test } from 'vitest';
import { crossEncoder } from '../../src/client/cross-encoder.ts';
import { transformersEmbedder } from '../../src/client/transformers-embedder.ts';
import { transformersLlm } from '../../src/client/transformers-llm.ts';
import { lateInteraction } from '../../src/rerank/late-interaction.ts';
import { llmReranker } from '../../src/rerank/llm-reranker.ts';
import { testReranker } from '../contract/test-reranker.ts';
import expected from '../fixtures/tiny-cross-encoder/expected.json' with { type: 'json' };

const tiny = { model: 'tiny-cross-encoder', source: { base: '/test/fixtures/' }, device: 'wasm', dtype: 'fp32' } as const;
const embedder = transformersEmbedder({ device: 'wasm' });
const llm = transformersLlm({ device: 'wasm' });
afterAll(() => Promise.all([embedder.close(), llm.close()]));

testReranker('cross-encoder', {
  create: () => crossEncoder(tiny),
  skip: { relevance: 'the weights are random' },
  tolerance: 1e-5,
});

testReranker('late interaction', { create: () => lateInteraction({ embedder }), tolerance: 0.3 });

testReranker('chat model', {
  create: () => llmReranker({ llm, characters: 80 }),
  skip: { alone: 'scores are ranks', relevance: 'a model of 135M parameters does not rank' },
  tolerance: 0,
});

test('the scores of a cross-encoder are those of the reference', async () => {
  const reranker = crossEncoder(tiny);
  const scores = await reranker.rerank(expected.query, expected.texts);
  for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected.scores[i]!, 4);
  await reranker.close();
});

describe('vectors of tokens', () => {
  test('are one a token, of length 1, and their mean has the direction of the vector of the text', async () => {
    const texts = ['Salt air rusts iron.', 'The depot opens at nine in the morning, and closes at five.'];
    const { data, dimension } = await embedder.embed(texts);
    for (const [i, tokens] of (await embedder.embedTokens(texts)).entries()) {
      expect(tokens.tokens.slice(0, 3)).toEqual(
        [
          ['salt', 'air', 'rust'],
          ['the', 'depot', 'opens'],
        ][i],
      );
      expect(tokens).toMatchObject({ rows: tokens.tokens.length, dimension });
      expect(tokens.data).toHaveLength(tokens.rows * dimension);
      const mean = new Float32Array(dimension);
      for (let t = 0; t < tokens.rows; t++) {
        const row = tokens.data.subarray(t * dimension, (t + 1) * dimension);
        expect(Math.hypot(...row)).toBeCloseTo(1, 4);
        for (let d = 0; d < dimension; d++) mean[d]! += row[d]!;
      }
      const dot = mean.reduce((sum, value, d) => sum + value * data[i * dimension + d]!, 0);
      // Not 1: the text's own vector also has the two special tokens in it, and each token as long as it is.
      expect(dot / Math.hypot(...mean)).toBeGreaterThan(0.95);
    }
  });
});
