// Words of every script, and of text that is none.
import { expect, test } from 'vitest';
import { bigrams, longestWord, tokenize } from '../../../../src/store/lexical/tokenize.ts';
import { createRandom } from '../../../../src/util/random.ts';

test('English: case, hyphens, apostrophes, identifiers, numbers', () => {
  expect(tokenize("The State-of-the-Art isn’t “O’Brien's”, it’s...")).toEqual([
    'the',
    'state',
    'of',
    'the',
    'art',
    "isn't",
    "o'brien's",
    "it's",
  ]);
  expect(tokenize("'quoted' words' rock'n'roll")).toEqual(['quoted', 'words', "rock'n'roll"]);
  expect(tokenize('create_index(encodeSegment) v1.2 COVID-19 3.14 1990’s C++')).toEqual([
    'create',
    'index',
    'encodesegment',
    'v1',
    '2',
    'covid',
    '19',
    '3',
    '14',
    "1990's",
    'c',
  ]);
});

test('text that looks the same gives the same words', () => {
  expect(tokenize('ﬁne Ｆｕｌｌ ｗｉｄｔｈ １２ cafe\u0301 inter\u00adnational ①')).toEqual([
    'fine',
    'full',
    'width',
    '12',
    'café',
    'international',
    '1',
  ]);
  expect(tokenize('ﾃﾞｰﾀ')).toEqual(tokenize('データ'));
});

test('scripts without spaces are cut by dictionary, also beside others', () => {
  expect(tokenize('機械学習はデータから学ぶAI技術です。')).toEqual([
    '機械',
    '学習',
    'は',
    'データ',
    'から',
    '学ぶ',
    'ai',
    '技術',
    'です',
  ]);
  expect(tokenize('机器学习是人工智能的一个分支')).toContain('机器');
  expect(tokenize('น้ำท่วมกรุงเทพมหานคร')).toEqual(['น้ำ', 'ท่วม', 'กรุงเทพมหานคร']);
  expect(tokenize('ນ້ຳຖ້ວມ')).toEqual(['ນ້ຳ', 'ຖ້ວມ']);
  expect(tokenize('대한민국의 수도')).toEqual(['대한민국의', '수도']);
  expect(tokenize('ภาษาไทย ២០ ភាសាខ្មែរ').length).toBeGreaterThan(3);
});

test('without a segmenter, two characters are a word', () => {
  expect(tokenize('機械学習 AI技 x', bigrams)).toEqual(['機械', '械学', '学習', 'ai', '技', 'x']);
  expect(tokenize('𠀀𠀁𠀂', bigrams)).toEqual(['𠀀𠀁', '𠀁𠀂']);
});

test('nothing, emoji, marks and halves of characters', () => {
  for (const empty of ['', ' \n\t', '🙂👩‍👩‍👧 …!?', '\ud83d', '\ude42\ud83d', "'’'", '\u00ad', '----'])
    expect(tokenize(empty)).toEqual([]);
  expect(tokenize('a\ud83db 🙂c🙂 𝒳𝒴 𐐀')).toEqual(['a', 'b', 'c', 'xy', '𐐨']);
  expect(tokenize('\u0301x')).toHaveLength(1);
});

test('long words are cut, never inside a character', () => {
  expect(tokenize('x'.repeat(1e5))).toEqual(['x'.repeat(longestWord)]);
  expect(tokenize(`a${'𐐨'.repeat(100)}`)).toEqual([`a${'𐐨'.repeat(31)}`]);
});

test('long runs without spaces lose no character', () => {
  const long = '机器学习是人工智能的一个分支'.repeat(1_000);
  const words = tokenize(long);
  expect(words.join('')).toBe(long);
  expect(words.length).toBeGreaterThan(5_000);
});

test('any text: words are normal, neither empty nor too long, and stay themselves', () => {
  const random = createRandom(3);
  const ranges = [
    [0x20, 0x7f],
    [0xa0, 0x24f],
    [0x300, 0x36f],
    [0x370, 0x5ff],
    [0x600, 0x6ff],
    [0xe00, 0xeff],
    [0x3040, 0x30ff],
    [0x4e00, 0x4fff],
    [0xd800, 0xdfff],
    [0x1f300, 0x1f6ff],
  ];
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 60 }, () => {
      const [low, high] = ranges[Math.floor(random() * ranges.length)]!;
      return String.fromCodePoint(low! + Math.floor(random() * (high! - low!)));
    }).join('');
    for (const word of tokenize(text)) {
      expect(word).toMatch(/^[\p{L}\p{M}\p{N}]/u);
      expect(word.length).toBeLessThanOrEqual(longestWord);
      expect(tokenize(word).join('')).toBe(word);
    }
  }
});
