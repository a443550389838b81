import { expect, test } from 'vitest';
import { createChunker } from '../../../src/chunk/create-chunker.ts';
import type { ChunkerSettings } from '../../../src/spec/chunker.ts';

test('the default is by heading with 80 tokens', () => {
  expect(createChunker().id).toBe(createChunker({ type: 'heading', maxTokens: 80, overlap: 0 }).id);
});

test.each([
  [{ type: 'word' } as unknown as ChunkerSettings, /word/],
  [{ type: 'toString' } as unknown as ChunkerSettings, /toString/],
  [{ maxTokens: 8 }, /maxTokens.*8.*16/],
  [{ maxTokens: 4_096 }, /maxTokens/],
  [{ maxTokens: 20.5 }, /maxTokens/],
  [{ maxTokens: Number.NaN }, /maxTokens/],
  [{ maxTokens: 64, overlap: 64 }, /overlap.*63/],
  [{ overlap: -1 }, /overlap/],
])('%j is refused', (settings, message) => {
  expect(() => createChunker(settings)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
  );
});
