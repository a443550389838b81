// Questions made of passages.
import { expect, test } from 'vitest';
import { makePairs } from '../../../src/adapt/make-pairs.ts';

const passages = Array.from({ length: 20 }, (_, i) => ({
  title: 'Parts',
  headings: [],
  text: `The part ${i} is made of steel${i} in the great hall by hand, as was the custom of the house. Its copies are kept in the cellar${i} until somebody asks for them again in a letter.`,
}));

test('a question is a sentence, or its rarest words, and what is left has it no more', () => {
  const pairs = makePairs(passages);
  expect(pairs).toHaveLength(20);
  for (const [i, { question, passage, rest }] of pairs.entries()) {
    const { text } = passages[passage]!;
    expect(rest.length).toBeLessThan(text.length);
    expect(text).toContain(rest);
    if (i % 2 === 0) expect(text).toBe([rest, question].sort((a, b) => text.indexOf(a) - text.indexOf(b)).join(' '));
    else expect(question.split(' ')).toHaveLength(7);
    expect(rest).not.toContain(question);
  }
  expect(pairs.some(({ question }) => /steel\d|cellar\d/.test(question))).toBe(true);
  expect(makePairs(passages)).toEqual(pairs);
  expect(makePairs(passages, { seed: 2 })).not.toEqual(pairs);
  expect(makePairs(passages, { count: 3 })).toHaveLength(3);
});

test('passages of which too little would be left give none', () => {
  expect(makePairs([{ title: '', headings: [], text: 'One sentence that is long enough to be asked for by itself.' }])).toEqual(
    [],
  );
});
