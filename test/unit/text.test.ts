import { describe, expect, test } from 'vitest';
import { estimateTokens, splitSentences, words } from '../../src/util/text.ts';
import { randomDocument } from './chunk/random-document.ts';

const split = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('estimateTokens', () => {
  // Beside each: tokens of all-MiniLM-L6-v2 and of SmolLM2-135M-Instruct, measured without special tokens.
  test.each([
    ['', 0, 0],
    ['The quick brown fox jumps over the lazy dog.', 9, 13], // 10, 10
    ['设备重置按钮在哪里', 8, 10], // 9, 18
    ['const value = compute(index, 42);', 8, 13], // 11, 11
    ['Это документ о базе данных', 15, 25], // 21, 20
  ])('%s', (text, low, high) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(low);
    expect(estimateTokens(text)).toBeLessThanOrEqual(high);
  });
});

describe('splitSentences', () => {
  test.each([
    ['plain', 'One here. Two there! Three?', ['One here.', 'Two there!', 'Three?']],
    [
      'abbreviations',
      'Ask Dr. Who, e.g. Bob. See Fig. 3 and No. 5. Done.',
      ['Ask Dr. Who, e.g. Bob.', 'See Fig. 3 and No. 5.', 'Done.'],
    ],
    ['German abbreviations', 'Das gilt z. B. Hier. Und d. h. Alles.', ['Das gilt z. B. Hier.', 'Und d. h. Alles.']],
    ['initials', 'It was John F. Kennedy. He won.', ['It was John F. Kennedy.', 'He won.']],
    ['no is a word too', 'He said no. They left.', ['He said no.', 'They left.']],
    ['a number that ends', 'There were 12. Then none.', ['There were 12.', 'Then none.']],
    ['decimals and versions', 'Use 3.14 or v1.2.3 here. Then stop.', ['Use 3.14 or v1.2.3 here.', 'Then stop.']],
    ['wrapped lines', 'A line that\r\ngoes on here. And\nanother.', ['A line that\r\ngoes on here.', 'And\nanother.']],
    ['a line that ends a sentence', 'first thing.\nsecond thing.', ['first thing.', 'second thing.']],
    ['blank lines', 'No stop here\n\nNext\r\n \r\nLast', ['No stop here', 'Next', 'Last']],
    ['Chinese', '他说：“你好。”然后走了。再见！', ['他说：“你好。”', '然后走了。', '再见！']],
    ['Japanese', 'これは文です。次の文です！「はい。」', ['これは文です。', '次の文です！', '「はい。」']],
    [
      'list items',
      '- one\n- two goes\n  on\n* three\n1. Do this. Then that.\n2) four',
      ['- one', '- two goes\n  on', '* three', '1. Do this.', 'Then that.', '2) four'],
    ],
    ['headings', '# Title\nText here\n## Sub\nmore', ['# Title', 'Text here', '## Sub', 'more']],
    ['underlined headings', 'Title\n=====\nText here\n\nSub\n---\nmore', ['Title\n=====', 'Text here', 'Sub\n---', 'more']],
    ['tables', '| a | bee. Cat |\n|---|---|\n| 1 | 2 |\nafter', ['| a | bee.', 'Cat |', '|---|---|', '| 1 | 2 |', 'after']],
    ['tabbed rows', 'name\tsize\nfoo\t1\nbar\t2', ['name\tsize', 'foo\t1', 'bar\t2']],
    ['code', 'See\n```js\na. B\n\n# no heading\n```\nAfter it', ['See', '```js', 'a. B', '# no heading', '```', 'After it']],
    ['code in a list', '- ```js\n  a. B\n  ```\nAfter it. Yes.', ['- ```js', 'a. B', '```', 'After it.', 'Yes.']],
    ['quotes', 'Intro\n> one\n> two', ['Intro', '> one\n> two']],
    ['white space', ' \n\t\u00a0 ', []],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test('ranges are in order, trimmed, and leave out only white space', () => {
    for (let seed = 500; seed < 620; seed++) {
      const { text } = randomDocument(seed);
      let at = 0;
      for (const { start, end } of splitSentences(text)) {
        expect(text.slice(at, start).trim()).toBe('');
        expect(end).toBeGreaterThan(start);
        expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
        at = end;
      }
      expect(text.slice(at).trim()).toBe('');
    }
  });

  test.each([
    ['prose', 'The quick brown fox jumps over the lazy dog, e.g. near the river. '],
    ['one line without a stop', 'no stop at all in this line '],
    ['no white space', 'abcdefghij'],
    ['line breaks', 'a\n'],
    ['tabs', 'a\tb\n'],
    ['Chinese', '数据库在浏览器中保存文档。'],
    ['open brackets', '. ("'],
    ['dashes', '- '],
  ])('1 MB of %s takes well under 3 s', (_, piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const start = performance.now();
    expect(splitSentences(text).length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('words', () => {
  test.each([
    ['The Device’s RESET-button, v2!', ['the', "device's", 'reset', 'button', 'v2']],
    ['Größe über naïve', ['größe', 'über', 'naïve']],
    ['... --- !', []],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  // Dictionaries differ between versions of ICU.
  test.each(['数据库在浏览器中', '東京都に住んでいます', 'สวัสดีครับ'])('%s is cut by dictionary', (text) => {
    expect(words(text).join('')).toBe(text);
    expect(words(text).length).toBeGreaterThan(1);
    expect(words(text).length).toBeLessThan(text.length);
  });
});
