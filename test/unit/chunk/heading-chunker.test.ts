import { expect, test } from 'vitest';
import { createChunker } from '../../../src/chunk/create-chunker.ts';
import type { Section } from '../../../src/spec/document.ts';
import { chunksOf, testChunker } from '../../contract/test-chunker.ts';

testChunker('heading', (settings) => createChunker({ ...settings, type: 'heading' }));

/** Sections of a text whose headings are lines that start with #. */
function sectionsOf(text: string): Section[] {
  const sections = [...text.matchAll(/^(#+) (.*)$/gm)].map((match) => ({
    level: match[1]!.length,
    title: match[2]!,
    start: match.index,
    end: 0,
  }));
  sections.forEach((section, i) => {
    section.end = sections[i + 1]?.start ?? text.length;
  });
  return sections;
}

const body = (topic: string, count: number) =>
  Array.from({ length: count }, (_, i) => `The ${topic} has property number ${i}.`).join(' ');
const chunk = (text: string, maxTokens = 160) => chunksOf(createChunker({ type: 'heading', maxTokens }), text, sectionsOf(text));

test('a passage does not reach over a heading, and knows its path', async () => {
  const text = `# Guide\n\n${body('guide', 10)}\n\n## Install\n\n${body('installer', 10)}\n\n### Linux\n\n${body('kernel', 10)}\n\n## Use\n\n${body('user', 10)}\n`;
  const chunks = await chunk(text);
  expect(chunks.map(({ headings, text }) => [headings.join('/'), text.split('\n')[0]])).toEqual([
    ['Guide', '# Guide'],
    ['Guide/Install', '## Install'],
    ['Guide/Install/Linux', '### Linux'],
    ['Guide/Use', '## Use'],
  ]);
});

test('a long section becomes several passages of the same path', async () => {
  const text = `# Guide\n\n${body('guide', 60)}\n\n# Other\n\n${body('other', 10)}`;
  const chunks = await chunk(text);
  expect(chunks.length).toBeGreaterThan(4);
  expect(chunks.slice(0, -1).every(({ headings }) => headings.join() === 'Guide')).toBe(true);
  expect(chunks.at(-1)!.text.startsWith('# Other')).toBe(true);
});

test('tiny neighbours of one parent go together under the parent', async () => {
  const tiny = (name: string) => `### ${name}\n\nIt is ${name}.\n\n`;
  const text = `# Terms\n\n${body('glossary', 12)}\n\n## A\n\n${tiny('Apple')}${tiny('Axe')}${tiny('Arm')}## B\n\n${body('bee', 12)}`;
  const chunks = await chunk(text);
  expect(chunks.map(({ headings }) => headings.join('/'))).toEqual(['Terms', 'Terms/A', 'Terms/B']);
  expect(chunks[1]!.text).toBe(text.slice(text.indexOf('## A'), text.indexOf('## B')).trim());
});

test('tiny sections of different parents stay apart', async () => {
  const text = `# A\n\n${body('first', 12)}\n\n## A1\n\nShort.\n\n# B\n\nShort too.`;
  expect((await chunk(text)).map(({ headings }) => headings.join('/'))).toEqual(['A', 'A/A1', 'B']);
});

test('a heading without words of its own opens the first of its subsections', async () => {
  const text = `# Guide\n\n## Install\n\n${body('installer', 10)}\n\n## Use\n\n${body('user', 10)}`;
  const chunks = await chunk(text);
  expect(chunks.map(({ headings }) => headings.join('/'))).toEqual(['Guide/Install', 'Guide/Use']);
  expect(chunks[0]!.text.startsWith('# Guide\n\n## Install')).toBe(true);
});

test('text before the first heading opens the first section where it is short', async () => {
  const front = '---\ntitle: Guide\n---\n\n';
  const chunks = await chunk(`${front}# Guide\n\n${body('guide', 8)}`);
  expect(chunks).toHaveLength(1);
  expect(chunks[0]!.headings).toEqual(['Guide']);
  expect((await chunk(`${body('preface', 20)}\n\n# Guide\n\n${body('guide', 8)}`))[0]!.headings).toEqual([]);
});

test('without sections it cuts like the sentence chunker', async () => {
  const text = body('plain', 60);
  expect(await chunksOf(createChunker(), text)).toEqual(await chunksOf(createChunker({ type: 'sentence' }), text));
});
