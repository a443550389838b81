import { expect, test } from 'vitest';
import { createChunker } from '../../../src/chunk/create-chunker.ts';
import { estimateTokens } from '../../../src/util/text.ts';
import { chunksOf, testChunker } from '../../contract/test-chunker.ts';

testChunker('sentence', (settings) => createChunker({ ...settings, type: 'sentence' }));

const sentences = Array.from({ length: 300 }, (_, i) => `Sentence number ${i} has some words in it.`);

test('passages are whole sentences and nearly full', async () => {
  const chunks = await chunksOf(createChunker({ type: 'sentence', maxTokens: 64 }), sentences.join(' '));
  for (const [i, chunk] of chunks.entries()) {
    expect(chunk.text).toMatch(/^Sentence .*\.$/s);
    if (i + 1 < chunks.length) expect(estimateTokens(chunk.text)).toBeGreaterThan(45);
  }
});

test('neighbours share whole sentences', async () => {
  const chunks = await chunksOf(createChunker({ type: 'sentence', maxTokens: 64, overlap: 24 }), sentences.join(' '));
  for (let i = 1; i < chunks.length; i++) {
    expect(chunks[i]!.start).toBeLessThan(chunks[i - 1]!.end);
    expect(chunks[i]!.text).toMatch(/^Sentence .*\.$/s);
  }
});

test('a passage rather ends at a paragraph', async () => {
  const text = `${sentences.slice(0, 3).join(' ')}\n\n${sentences.slice(3, 12).join(' ')}`;
  const [first] = await chunksOf(createChunker({ type: 'sentence', maxTokens: 64 }), text);
  expect(first!.text).toBe(sentences.slice(0, 3).join(' '));
});

test('a block of code that fits stays whole, one that does not is cut between lines', async () => {
  const code = (lines: number) =>
    ['```js', ...Array.from({ length: lines }, (_, i) => `  const value${i} = compute(${i}, "a. B");`), '```'].join('\n');
  const chunker = createChunker({ type: 'sentence', maxTokens: 128 });
  const whole = await chunksOf(chunker, `${sentences.slice(0, 6).join(' ')}\n\n${code(3)}\n\n${sentences[7]}`);
  expect(whole.some(({ text }) => text.includes(code(3)))).toBe(true);

  const long = code(60);
  const lines = new Set(long.split('\n'));
  const cut = await chunksOf(chunker, long);
  expect(cut.length).toBeGreaterThan(5);
  for (const { text } of cut)
    for (const line of text.split('\n')) expect(lines.has(line) || lines.has(`  ${line}`), line).toBe(true);
});

test('Japanese and Chinese are cut after their own full stops', async () => {
  const text = 'これは日本語の文です。東京都に住んでいます。'.repeat(40);
  const chunks = await chunksOf(createChunker({ type: 'sentence', maxTokens: 32 }), text);
  for (const chunk of chunks) expect(chunk.text).toMatch(/^(?:これ|東京).*。$/);
});

test('headings are those of the sections around the passage', async () => {
  const text = '# One\n\nFirst words here, quite a few of them.\n\n## Two\n\nSecond words here, quite a few of them.\n';
  const sections = [
    { level: 1, title: 'One', start: 0, end: 47 },
    { level: 2, title: 'Two', start: 47, end: text.length },
  ];
  const chunks = await chunksOf(createChunker({ type: 'sentence', maxTokens: 16 }), text, sections);
  expect(chunks.map(({ headings }) => headings)).toEqual([['One'], ['One', 'Two']]);
});
