// Measures of answers, against values computed by hand.
import { describe, expect, test } from 'vitest';
import { containsAnswer, exactMatch, tokenF1 } from '../../../src/eval/answer-text.ts';
import { bleu, cosine, rougeL } from '../../../src/eval/overlap.ts';

describe('short answers', () => {
  test('case, punctuation and articles do not count', () => {
    expect(exactMatch('The Temporal Lobes.', ['pituitary gland', 'temporal lobes'])).toBe(1);
    expect(exactMatch('U.S.', ['us'])).toBe(1);
    expect(exactMatch('temporal lobe', ['temporal lobes'])).toBe(0);
  });

  test('F1 is of words, repeats counted: 2 common of 3 and 4', () => {
    expect(tokenF1('red red blue', ['red green red white'])).toBeCloseTo((2 * 2) / 7, 12);
    expect(tokenF1('nothing', ['else', 'nothing at all'])).toBeCloseTo((2 * 1) / 4, 12);
  });

  test('contained means whole words, one after the other', () => {
    expect(containsAnswer('It ran for 291 episodes in Japan.', ['291 episodes', '500'])).toBe(1);
    expect(containsAnswer('It ran for 1291 episodes.', ['291'])).toBe(0);
    expect(containsAnswer('the lobes that are temporal', ['temporal lobes'])).toBe(0);
    expect(containsAnswer('In Beijing (北京是首都).', ['首都'])).toBe(1);
  });

  test('empty ones', () => {
    expect([exactMatch('', ['']), tokenF1('', ['']), containsAnswer('', [''])]).toEqual([1, 1, 0]);
    expect([exactMatch('a word', []), tokenF1('word', []), containsAnswer('word', [])]).toEqual([0, 0, 0]);
    expect([tokenF1('', ['word']), tokenF1('word', ['']), containsAnswer('word', ['...'])]).toEqual([0, 0, 0]);
  });
});

describe('texts', () => {
  test('BLEU of the same text is 1, of another 0', () => {
    const text = 'the quick brown fox jumps over the lazy dog';
    expect(bleu(text, [text])).toBeCloseTo(1, 12);
    expect(bleu(text, ['unrelated words only'])).toBe(0);
    expect(bleu('', [text])).toBe(0);
    expect(bleu(text, [])).toBe(0);
  });

  test('BLEU counts a word at most as often as one reference has it', () => {
    // The example of the paper: 2 of 7.
    const references = ['the cat is on the mat', 'there is a cat on the mat'];
    expect(bleu('the the the the the the the', references, 1)).toBeCloseTo(2 / 7, 12);
  });

  test('BLEU by hand: precisions 3/4 and (1+1)/(3+1), penalty for 4 words where 5 are wanted', () => {
    expect(bleu('a b x c', ['a b c d e'], 2)).toBeCloseTo(Math.exp(1 - 5 / 4) * Math.sqrt((3 / 4) * (2 / 4)), 12);
  });

  test('ROUGE-L: 3 words in order, of 4 and 5', () => {
    expect(rougeL('a b x c', ['a b c d e'])).toBeCloseTo((2 * 3) / 9, 12);
    // The examples of the paper: 3 and 2 words of 4 in order.
    expect(rougeL('police kill the gunman', ['police killed the gunman'])).toBeCloseTo(3 / 4, 12);
    expect(rougeL('the gunman kill police', ['police killed the gunman'])).toBeCloseTo(2 / 4, 12);
    expect(rougeL('', [''])).toBe(0);
    expect(rougeL('word', ['', 'word'])).toBe(1);
  });

  test('cosine', () => {
    expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
    expect(cosine([1, 0], [0, 3])).toBe(0);
    expect(cosine([1, 1], [-1, -1])).toBeCloseTo(-1, 12);
    expect(cosine([0, 0], [1, 1])).toBe(0);
  });
});
