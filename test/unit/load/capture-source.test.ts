import { describe, expect, test } from 'vitest';
import { captureSource } from '../../../src/load/capture-source.ts';
import { sourceName } from '../../../src/load/source-name.ts';
import type { Source } from '../../../src/spec/document.ts';
import { importPackage } from '../../../src/util/import-package.ts';

describe('captureSource', () => {
  test.each([
    ['https://example.com/a#b', { kind: 'url', url: 'https://example.com/a#b' }],
    [new URL('http://example.com'), { kind: 'url', url: 'http://example.com/' }],
    ['See https://example.com', { kind: 'text', text: 'See https://example.com', mediaType: 'text/plain' }],
    ['Hello', { kind: 'text', text: 'Hello', mediaType: 'text/plain' }],
    ['e.g.', { kind: 'text', text: 'e.g.', mediaType: 'text/plain' }],
    [
      { text: 'a', title: 'T', mediaType: 'Text/Markdown', metadata: { a: [1] }, url: '/x' },
      { kind: 'text', text: 'a', title: 'T', mediaType: 'text/markdown', metadata: { a: [1] }, url: '/x' },
    ],
    [
      { source: 'https://example.com/x', id: 'i' },
      { kind: 'url', url: 'https://example.com/x', id: 'i' },
    ],
    [
      { source: 'Some # Markdown', mediaType: 'text/markdown' },
      { kind: 'text', text: 'Some # Markdown', mediaType: 'text/markdown' },
    ],
  ] as [Source, object][])('%j', (source, expected) => {
    expect(captureSource(source)).toEqual(expected);
  });

  test('files keep their name, blobs have none', () => {
    const blob = new Blob(['x'], { type: 'text/plain' });
    expect(captureSource(blob)).toEqual({ kind: 'blob', blob, name: '' });
    const file = new File(['x'], 'a.md');
    expect(captureSource({ source: file, title: 'T' })).toEqual({ kind: 'blob', blob: file, name: 'a.md', title: 'T' });
  });

  test('records are made plain', () => {
    const date = new Date(0);
    const captured = captureSource({
      name: 'n',
      records: [{ a: 'x', f: () => 1, d: date, o: { p: 1 }, l: ['y', 2], u: undefined }],
    });
    expect(captured).toEqual({
      kind: 'records',
      source: { name: 'n', records: [{ a: 'x', d: '1970-01-01T00:00:00.000Z', l: ['y', 2] }] },
    });
    expect(structuredClone(captured)).toEqual(captured);
  });

  test.each([
    [null, 'invalid-argument', /null/],
    [undefined, 'invalid-argument', /undefined/],
    ['', 'invalid-argument', /empty text/],
    [' \n', 'invalid-argument', /empty text/],
    [{ text: '  ' }, 'invalid-argument', /empty/],
    [{ text: 5 }, 'invalid-argument', /number/],
    [{ text: 'a', id: '' }, 'invalid-argument', /id.*"a"/],
    [{ text: 'a', metadata: { when: new Date(Number.NaN) } }, 'invalid-argument', /"when"/],
    [{ text: 'a', metadata: [] }, 'invalid-argument', /metadata/],
    [{ records: [] }, 'invalid-argument', /records/],
    [{ records: [1], name: 'list' }, 'invalid-argument', /Record 0.*list/],
    [42, 'unsupported-source', /number/],
    [() => 'x', 'unsupported-source', /function/],
    [['a'], 'unsupported-source', /array/],
    [{}, 'unsupported-source', /object/],
    [Promise.resolve('x'), 'unsupported-source', /object/],
    [{ source: { text: 'a' } }, 'unsupported-source', /by itself/],
    [new URL('file:///etc/hosts'), 'unsupported-source', /https/],
    [new URL('javascript:alert(1)'), 'unsupported-source', /https/],
    ['/relative.md', 'invalid-argument', /absolute/],
    ['guide.md', 'invalid-argument', /absolute/],
  ] as [Source, string, RegExp][])('%s is refused', (source, code, message) => {
    expect(() => captureSource(source)).toThrow(
      expect.objectContaining({ name: 'InpageError', code, message: expect.stringMatching(message) }),
    );
  });
});

test.each([
  [
    'Some long text that goes on and on and on, far beyond what fits into a message',
    '"Some long text that goes on and on and on, far beyond what f…"',
  ],
  [new URL('https://example.com/a'), 'https://example.com/a'],
  [new File([''], 'a.pdf'), 'a.pdf'],
  [new Blob(['abc']), 'a file of 3 bytes'],
  [{ text: 'words', title: 'T' }, 'T'],
  [{ text: 'words' }, '"words"'],
  [{ records: [], name: 'faq' }, 'faq'],
  [{ source: 'https://x.y/z' }, '"https://x.y/z"'],
  [null, 'null'],
  [captureSource('https://x.y/z'), 'https://x.y/z'],
  [captureSource({ text: 'words', id: 'i' }), 'i'],
  [captureSource({ records: [{ a: 'b' }] }), 'records'],
  [captureSource(new File(['x'], 'a.md')), 'a.md'],
] as [Source, string][])('the name of %s', (source, expected) => {
  expect(sourceName(source)).toBe(expected);
});

test('a package that is not installed is named, with the way to get it', async () => {
  const name = 'a-package-that-is-not-there';
  await expect(importPackage(name, 'Reading X', () => import(/* @vite-ignore */ name))).rejects.toMatchObject({
    code: 'missing-dependency',
    message: `Reading X needs the package "${name}". Install it: npm i ${name}`,
    detail: { package: name },
  });
});
