// What the assistant's element makes of an answer in Markdown, and how it finds a quote in the page.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Citation } from '../../src/spec/citation.ts';
import { findInPage } from '../../src/ui/find-in-page.ts';
import { loadMarkdown, type MarkdownParser, renderMarkdown } from '../../src/ui/markdown.ts';
import { reference } from '../../src/ui/reference.ts';
import { clearMark, showInPage } from '../../src/ui/show-in-page.ts';

let parse: MarkdownParser;

beforeAll(async () => {
  parse = await loadMarkdown();
});

afterEach(() => {
  clearMark();
  document.body.replaceChildren();
});

/** The elements of an answer; sentences that are cited end in `[1]`. */
function render(answer: string, ...sentences: string[]): HTMLElement {
  const citations: Citation[] = sentences.map((sentence) => {
    const answerStart = answer.indexOf(sentence);
    return { answerStart, answerEnd: answerStart + sentence.length, sentence, supported: true, score: 1, source: 1 };
  });
  const place = document.createElement('div');
  place.append(...renderMarkdown(answer, parse, citations, (text, _citation, last) => [text, last ? '[1]' : '']));
  return place;
}

describe('Markdown', () => {
  test('becomes elements', () => {
    const { innerHTML } = render(
      '## Reset\n\nHold **the button**:\n\n1. press\n2. *wait*\n\n`code` and [link](https://example.org/).',
    );
    expect(innerHTML).toBe(
      '<p class="heading"><strong>Reset</strong></p><p>Hold <strong>the button</strong>:</p><ol start="1"><li><p>press</p></li><li><p><em>wait</em></p></li></ol><p><code>code</code> and <a href="https://example.org/" target="_blank" rel="noopener noreferrer">link</a>.</p>',
    );
  });

  test('brings in no markup, no script, no picture and no other kind of address', () => {
    const place = render(
      '<img src=x onerror=alert(1)> and <script>alert(2)</script>\n\n<iframe src="//evil"></iframe>\n\n![see](https://evil/x.png) [a](javascript:alert(3)) [b](data:text/html,x) <javascript:alert(4)>',
    );
    expect(place.querySelector('img, script, iframe, a')).toBeNull();
    expect(place.textContent).toContain('<script>alert(2)</script>');
    expect(place.textContent).toContain('see');
  });

  test('keeps the marks of its sentences at their ends', () => {
    expect(render('It is **32 metres** high. It is old.', 'It is **32 metres** high.').textContent).toBe(
      'It is 32 metres high.[1] It is old.',
    );
    expect(render('It is 32 metres **high.**', 'It is 32 metres **high.**').textContent).toBe('It is 32 metres high.[1]');
    expect(render('- It costs 24 &euro;.\n- Free.', 'It costs 24 &euro;.', 'Free.').textContent).toBe(
      'It costs 24 €.[1]Free.[1]',
    );
  });
});

describe('a quote', () => {
  test('is found across elements, white space and list marks', () => {
    document.body.innerHTML = '<main><ul><li>Hold <b>the\n  button</b></li><li>for ten&nbsp;seconds.</li></ul></main>';
    const range = findInPage(document.body, '- Hold the button\n- for ten seconds.');
    expect(range?.toString()).toBe('Hold the\n  buttonfor ten\u00a0seconds');
  });

  test('is the one in its passage, where the words stand twice', () => {
    document.body.innerHTML = '<p>It is open.</p><p>In winter it is closed. It is open.</p>';
    const range = findInPage(document.body, 'It is open.', 'In winter it is closed. It is open.');
    expect(range?.startContainer.parentElement).toBe(document.body.lastElementChild);
  });

  test('in writing beyond the first plane is whole', () => {
    document.body.innerHTML = '<p>𝒳𝒴 and 漢字。</p>';
    expect(findInPage(document.body, '𝒴 and 漢字')?.toString()).toBe('𝒴 and 漢字');
  });

  test('that is not shown is not found', () => {
    document.body.innerHTML = '<p>Something else.</p><script type="text/plain">It is open.</script>';
    expect(findInPage(document.body, 'It is open.')).toBeUndefined();
    expect(findInPage(document.body, '…')).toBeUndefined();
  });

  test('is marked and brought into view without a change of the page', () => {
    document.body.innerHTML = '<div style="height: 3000px"></div><details><summary>More</summary><p>It is open.</p></details>';
    const before = document.body.innerHTML;
    const range = findInPage(document.body, 'It is open.')!;
    showInPage(range);
    expect([...CSS.highlights.get('inpage-citation')!]).toEqual([range]);
    expect(document.body.innerHTML).toBe(before.replace('<details>', '<details open="">'));
    clearMark();
    expect(CSS.highlights.has('inpage-citation')).toBe(false);
  });
});

describe('a reference', () => {
  const passage = { document: 'd', title: 'T', text: 'One two.', headings: [] };

  test('is a button in this page and a link with the words elsewhere', () => {
    const here = reference({ ...passage, url: `${location.href}#part` }, undefined, () => {}, { class: 'cite' }, []);
    expect(here.outerHTML).toBe('<button class="cite" type="button"></button>');
    const there = reference({ ...passage, url: 'https://example.org/a#b' }, 'well-known words', () => {}, {}, []);
    expect((there as HTMLAnchorElement).href).toBe('https://example.org/a#:~:text=well%2Dknown%20words');
  });

  test('never leads to a script', () => {
    const made = reference({ ...passage, url: 'javascript:alert(1)' }, undefined, () => {}, {}, []);
    expect(made.localName).toBe('button');
  });
});
