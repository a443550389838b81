import { expect, test } from 'vitest';
import { createChunker } from '../../../src/chunk/create-chunker.ts';
import { estimateTokens } from '../../../src/util/text.ts';
import { chunksOf, testChunker } from '../../contract/test-chunker.ts';

testChunker('fixed', (settings) => createChunker({ ...settings, type: 'fixed' }));

const numbered = Array.from({ length: 2_000 }, (_, i) => `word${i}`).join(' ');

test('neighbours share about the overlap, cut between words', async () => {
  const chunks = await chunksOf(createChunker({ type: 'fixed', maxTokens: 100, overlap: 20 }), numbered);
  expect(chunks.length).toBeGreaterThan(10);
  for (let i = 1; i < chunks.length; i++) {
    const shared = numbered.slice(chunks[i]!.start, chunks[i - 1]!.end);
    expect(estimateTokens(shared)).toBeGreaterThan(14);
    expect(estimateTokens(shared)).toBeLessThanOrEqual(26);
    expect(chunks[i]!.text).toMatch(/^word\d+ .* word\d+$/);
  }
});

test('Chinese text overlaps too and is nearly full', async () => {
  const text = '数据库在浏览器中保存文档'.repeat(200);
  const chunks = await chunksOf(createChunker({ type: 'fixed', maxTokens: 100, overlap: 20 }), text);
  for (let i = 1; i < chunks.length; i++) {
    const shared = chunks[i - 1]!.end - chunks[i]!.start;
    expect(shared).toBeGreaterThanOrEqual(20);
    expect(shared).toBeLessThan(28);
    if (i + 1 < chunks.length) expect(chunks[i]!.text.length).toBeGreaterThan(90);
  }
});

test('the default overlap is 32 tokens, or a quarter of a small passage', async () => {
  const [first, second] = await chunksOf(createChunker({ type: 'fixed', maxTokens: 160 }), numbered);
  expect(estimateTokens(numbered.slice(second!.start, first!.end))).toBeGreaterThan(25);
});
