import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fileOf, readDocument } from './read-documents.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/documents/${name}`, import.meta.url), 'utf8');
const load = (html: string) => readDocument(fileOf('page.html', html));
const page = (body: string) => `<!doctype html><html><head><title>T</title></head><body>${body}</body></html>`;

describe('an article', async () => {
  const html = await fixture('article.html');
  const document = await load(html);

  test('is read as a reader sees it', () => {
    expect(document.text).toContain('Before you start, close the valve');
    expect(document.text).toContain('- Use the left button, not the right one');
    expect(document.text).toContain('- Keep holding\n  - until it blinks twice\n  - but not longer than a minute');
    expect(document.text).toContain('Light\tMeaning\ngreen\tready\nred\tcall us');
    expect(document.text).toContain('```\npump reset --soft\npump status\n```');
    expect(document.text).toContain('for ten seconds.\nThe light blinks');
  });

  test('has no scripts, handlers, hidden text or navigation in it', () => {
    expect(document.text).not.toMatch(
      /__executed|written by|JavaScript|Template text|hidden draft|newsletter|An icon|color: red|Products|Imprint/,
    );
    expect(globalThis).not.toHaveProperty('__executed');
  });

  test('has title, language, address and sections', () => {
    expect(document).toMatchObject({
      id: 'page.html',
      mediaType: 'text/html',
      metadata: { lang: 'en' },
      url: 'https://support.example.com/pump/reset',
    });
    expect(document.title).toMatch(/^Resetting the pump/);
    const sections = document.sections!.map(({ level, title, start }) => [
      level,
      title,
      document.text.slice(start, start + title.length),
    ]);
    expect(sections.slice(-2)).toEqual([
      [2, 'With the button', 'With the button'],
      [2, 'With the app', 'With the app'],
    ]);
    expect(document.sections!.at(-1)!.end).toBe(document.text.length);
  });
});

test('a page that is no article is taken whole', async () => {
  const { text, sections } = await load(await fixture('application.html'));
  for (const word of ['late already', 'next truck', 'the counter', 'leaves last']) expect(text).toContain(word);
  expect(sections!.map(({ title }) => title)).toEqual(['Orders', 'Stock', 'Staff', 'Notes']);
});

test('headings keep their levels in an article', async () => {
  const paragraph = `<p>${'A sentence of the article, with commas, and more words. '.repeat(8)}</p>`;
  const { sections } = await load(
    page(
      `<article><h1>Other than title</h1>${paragraph}<h2>A</h2>${paragraph}<h3><button>B</button></h3>${paragraph}<h1>C</h1>${paragraph}</article>`,
    ),
  );
  expect(sections!.map(({ level, title }) => [level, title])).toEqual([
    [1, 'Other than title'],
    [2, 'A'],
    [3, 'B'],
    [1, 'C'],
  ]);
});

test.each([
  ['a fragment', '<p>One</p><p>Two &amp; three</p>', 'One\n\nTwo & three'],
  ['bare text', 'Just 1 &lt; 2', 'Just 1 < 2'],
  ['no body', '<!doctype html><title>T</title><h1>H</h1>text', 'H\n\ntext'],
  ['html without a body', '<html><head><title>T</title></head><p>a<p>b</html>', 'a\n\nb'],
  ['unclosed elements', '<body><div><p>a<p>b<ul><li>c<li>d', 'a\n\nb\n\n- c\n- d'],
  ['white space', page(' a\n  <b> b </b>c<i>d</i> \u00a0 e<span> </span>f'), 'a b cd e f'],
  ['permalinks', page('<h2>Install C#<a href="#i">¶</a></h2><h3><a href="#x">#</a> Use</h3>'), 'Install C#\n\nUse'],
  ['breaks', page('a<br>b<br><br>c<hr>d'), 'a\nb\nc\n\nd'],
  ['empty items', page('<ul><li></li><li><p>x</p><p>y</p></li><li><ul><li>z</li></ul></li></ul>w'), '- x\n\ny\n\n  - z\n\nw'],
  ['definition lists', page('<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></dl>'), 'a\nb\nc\nd'],
  ['a table that only places', page('<table><tr><td><h2>H</h2><p>a</p></td><td><p>b</p></td></tr></table>'), 'H\n\na\n\nb'],
  ['empty cells', page('<table><tr><td></td><td>1</td></tr><tr><td>2</td><td></td></tr></table>'), '1\n2'],
  ['a listing in a cell', page('<table><tr><td>a</td><td>b\nc</td></tr></table>'), 'a\tb c'],
  ['form fields', page('a <input value="secret"><textarea>typed</textarea><select><option>o</option></select> b'), 'a b'],
])('%s', async (_, html, expected) => {
  expect((await load(html)).text).toBe(expected);
});

test('the declared encoding is used', async () => {
  const html = new Uint8Array([
    ...new TextEncoder().encode('<html><head><meta charset="iso-8859-1"></head><body>Gr'),
    0xf6,
    0xdf,
    0x65,
  ]);
  expect((await readDocument(fileOf('a.html', html))).text).toBe('Größe');
});

test('HTML is known by its beginning', async () => {
  expect((await readDocument(fileOf('page', '\n<!DOCTYPE html><p>Hello'))).mediaType).toBe('text/html');
});

test('a page without text is an empty document', async () => {
  await expect(load(page('<div id="root"></div><script>render()</script>'))).rejects.toMatchObject({
    code: 'document-empty',
    message: expect.stringMatching(/page\.html.*live page/),
  });
});

test('deep and large pages take seconds, not minutes', async () => {
  const start = performance.now();
  expect((await load(page(`${'<div>'.repeat(10_000)}<p>deep words</p>`))).text).toBe('deep words');
  const rows = '<tr><td>one</td><td>two <b>three</b></td></tr>'.repeat(20_000);
  expect((await load(page(`<table>${rows}</table>`))).text.split('\n')).toHaveLength(20_000);
  expect(performance.now() - start).toBeLessThan(15_000);
}, 30_000);

test('an abort rejects with AbortError', async () => {
  await expect(readDocument(fileOf('a.html', '<p>a'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
