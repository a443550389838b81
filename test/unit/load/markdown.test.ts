import { expect, test } from 'vitest';
import { parseFrontMatter } from '../../../src/load/front-matter.ts';
import { fileOf, readDocument } from './read-documents.ts';

const text = `\
---
title: "The guide"
tags: [a, "b, c", 3]
draft: false
version: 1.5
authors:
  - Ann
  - Bob
nested:
  key: value
text: |
  long
---

# Welcome to *inpage* \`v1\`

Intro.

## Install [it](http://example.com) &amp; go

\`\`\`sh
# not a heading
\`\`\`

Underlined
heading
--------

- a list

  # inside a list

    # indented code

### Deep #
`.replaceAll('\n', '\r\n');

test('sections point at their headings, the text is unchanged', async () => {
  const document = await readDocument(fileOf('guide.md', text));
  expect(document.text).toBe(text);
  expect(document).toMatchObject({ id: 'guide.md', title: 'The guide', mediaType: 'text/markdown' });
  expect(document.sections!.map(({ level, title }) => [level, title])).toEqual([
    [1, 'Welcome to inpage v1'],
    [2, 'Install it & go'],
    [2, 'Underlined heading'],
    [3, 'Deep'],
  ]);
  const starts = document.sections!.map(({ start }) => text.slice(start).split('\r\n')[0]);
  expect(starts).toEqual([
    '# Welcome to *inpage* `v1`',
    '## Install [it](http://example.com) &amp; go',
    'Underlined',
    '### Deep #',
  ]);
  expect(document.sections!.map(({ end }) => end)).toEqual([
    ...document.sections!.slice(1).map(({ start }) => start),
    text.length,
  ]);
});

test('front matter becomes metadata, what the source says goes first', async () => {
  const source = { ...fileOf('guide.md', text), metadata: { draft: true, own: 1 } };
  expect((await readDocument(source)).metadata).toEqual({
    title: 'The guide',
    tags: ['a', 'b, c', 3],
    draft: true,
    version: 1.5,
    authors: ['Ann', 'Bob'],
    own: 1,
  });
});

test.each([
  [
    'a: 1 # note\nb: "x # y"\nc: \'it\'\nd: null\ne: 2024-05-01\nf: 007',
    { a: 1, b: 'x # y', c: 'it', d: null, e: '2024-05-01', f: '007' },
  ],
  ['title = "Toml"\nlist = ["a", "b"]', { title: 'Toml', list: ['a', 'b'] }],
  ['# comment\n  indented: no\n: nothing\n__proto__: x', { ['__proto__']: 'x' }],
])('front matter: %s', (source, expected) => {
  const metadata = parseFrontMatter(source);
  expect(metadata).toEqual(expected);
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
});

test('the title is the first heading of level 1, else the name', async () => {
  expect((await readDocument(fileOf('a.md', '## Two\n\n# One\n\n# Other'))).title).toBe('One');
  expect((await readDocument(fileOf('docs/a.md', 'Only text'))).title).toBe('a.md');
  expect((await readDocument(fileOf('a.md', 'Only text'))).sections).toBeUndefined();
});

test('a long file is parsed in parts with the same sections', async () => {
  const chapter = (i: number) =>
    `# Chapter ${i}\n\n${'Some words of text. '.repeat(40)}\n\n\`\`\`\n\n# code ${i}\n\`\`\`\n\n## Part ${i}\n\nEnd.\n\n`;
  const long = Array.from({ length: 120 }, (_, i) => chapter(i)).join('');
  const { sections } = await readDocument(fileOf('long.md', long));
  expect(sections!.map(({ title }) => title)).toEqual(
    Array.from({ length: 120 }, (_, i) => [`Chapter ${i}`, `Part ${i}`]).flat(),
  );
  for (const { title, level, start } of sections!) expect(long.startsWith(`${'#'.repeat(level)} ${title}\n`, start)).toBe(true);
}, 20_000);

test('a file above 2 MB is plain text', async () => {
  const { sections, mediaType, text } = await readDocument(fileOf('big.md', '# Title\n\nWords.\n\n'.repeat(150_000)));
  expect(sections).toBeUndefined();
  expect(mediaType).toBe('text/markdown');
  expect(text.length).toBe(2_550_000);
});

test('white space only is an empty document, binary data an invalid one', async () => {
  await expect(readDocument(fileOf('a.md', '\n\n '))).rejects.toMatchObject({ code: 'document-empty' });
  await expect(readDocument(fileOf('a.md', '# A\u0000'))).rejects.toMatchObject({ code: 'invalid-document' });
});

test('an abort between two parts ends it with AbortError', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const long = 'Words of a paragraph with `code`.\n\n'.repeat(30_000);
  await expect(readDocument(fileOf('a.md', long), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
});
