// Names in texts of several scripts.
import { describe, expect, test } from 'vitest';
import { nameKey, namesIn, titleKey } from '../../../src/graph/names.ts';

describe('namesIn', () => {
  test('capitalised words that belong together, without those that begin a sentence', () => {
    const text = 'The Bank of England was founded by William Paterson. It is in London. When did Paterson die?';
    expect(namesIn(text)).toEqual(['bank of england', 'william paterson', 'london', 'paterson']);
  });

  test('possessives, accents, initials and hyphens are one name', () => {
    expect(namesIn("Ingrid Dahl's lamp and J. R. R. Tolkien’s book, by Jean-Paul Sartre of Québec.")).toEqual([
      'ingrid dahl',
      'j r r tolkien',
      'jean paul sartre of quebec',
    ]);
  });

  test('scripts without capitals give their words', () => {
    expect(namesIn('这盏灯重三百克')).toContain('三百');
    expect(namesIn('يزن المصباح')).toContain('المصباح');
  });

  test('a text without names has none, and one of many has a bound', () => {
    expect(namesIn('water the roses twice a week')).toEqual([]);
    expect(namesIn(Array.from({ length: 500 }, (_, i) => `Name${i},`).join(' '))).toHaveLength(200);
  });
});

test('a name is compared without what stands around it', () => {
  expect(nameKey('The Terminal')).toBe('terminal');
  expect(nameKey('Who')).toBe('');
  expect(titleKey('Brand (play)')).toBe('brand');
});
