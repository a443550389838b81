// What strategies read out of words alone: content words, names, earlier turns, parts of a question.
import { describe, expect, test } from 'vitest';
import { contentWords, coverage, termsOf } from '../../../../src/rag/steps/content-words.ts';
import { linesOf } from '../../../../src/rag/steps/draft.ts';
import { standalone } from '../../../../src/rag/steps/follow-up.ts';
import { bareTitle, namesIn, namesInQuestion } from '../../../../src/rag/steps/names.ts';
import { splitQuestion } from '../../../../src/rag/steps/split-question.ts';

describe('content words', () => {
  test('each once, in order, with the term that its forms share', () => {
    const found = contentWords('How do I reset the lamp, and what resets 2 lamps?');
    expect(found.map(({ word }) => word)).toEqual(['reset', 'lamp', '2']);
    expect(found.map(({ term }) => term)).toEqual(['reset', 'lamp', '2']);
  });

  test('coverage is the share of them that a text has', () => {
    const asked = contentWords('reset the lamp');
    expect(coverage(asked, termsOf('Resetting it'))).toBe(0.5);
    expect(coverage([], termsOf('anything'))).toBe(0);
  });
});

describe('names', () => {
  test('capitals tell them, sentence starts and small words do not', () => {
    expect(
      namesIn('The Harbor lamp is made by Nordlys Works. It was designed by Ingrid Dahl of Bergen. She lives there.'),
    ).toEqual(['Harbor', 'Nordlys Works', 'Ingrid Dahl of Bergen']);
    expect(namesIn('Hyman B. Samuels met St. Louis')).toEqual(['Hyman B. Samuels', 'St. Louis']);
    expect(namesIn('Сергей Дягилев жил в Париже')).toEqual(['Сергей Дягилев', 'Париже']);
    expect(namesIn('这盏灯有多重？')).toEqual([]);
  });

  test('a sentence end is no part of a name', () => {
    expect(namesIn('He ran Publix. Super Markets followed.')).toEqual(['Publix', 'Super Markets']);
  });

  test('the first word of a question is not a name by its place', () => {
    expect(namesInQuestion('Name the maker of the Harbor lamp')).toEqual(['Harbor']);
    expect(namesInQuestion('NATO was founded when?')).toEqual(['NATO']);
  });

  test('a title without what tells it apart', () => {
    expect(bareTitle('Brand (play)')).toBe('Brand');
    expect(bareTitle('Brand')).toBe('Brand');
  });
});

describe('follow-up questions', () => {
  const history = [
    { role: 'user', content: 'Who makes the Harbor lamp?' },
    { role: 'assistant', content: 'Nordlys Works makes the Harbor lamp.' },
  ] as const;

  test('a pronoun takes the names of the turn before', () => {
    expect(standalone('How heavy is it?', history)).toBe('How heavy is it? (Harbor Nordlys Works)');
    expect(standalone('Wie schwer ist sie?', history)).toContain('Harbor');
  });

  test('what is left out is taken over', () => {
    expect(standalone('Why?', history)).toBe('Why? (makes harbor lamp Nordlys Works)');
    const asked = [{ role: 'user', content: 'How heavy is the Harbor lamp?' }] as const;
    expect(standalone('And the Fjord lantern?', asked)).toBe('And the Fjord lantern? (heavy harbor lamp)');
    expect(standalone('还有呢？', [{ role: 'user', content: '这盏灯有多重？' }])).toBeDefined();
  });

  test('the topic lasts over several follow-ups', () => {
    const longer = [
      ...history,
      { role: 'user', content: 'How heavy is it?' },
      { role: 'assistant', content: '300 grams.' },
    ] as const;
    expect(standalone('And how long does it last?', longer)).toContain('harbor');
  });

  test('a question that stands by itself stays as it is', () => {
    expect(standalone('How heavy is it?')).toBe('How heavy is it?');
    expect(standalone('When are tulips planted?', history)).toBe('When are tulips planted?');
    expect(standalone('Where was Ingrid Dahl when she died?', history)).toBe('Where was Ingrid Dahl when she died?');
  });
});

describe('parts of a question', () => {
  test.each([
    [
      'How heavy is the lamp and how long does its battery last?',
      ['How heavy is the lamp?', 'how long does its battery last heavy lamp?'],
    ],
    [
      'Wie schwer ist die Lampe und wann wurde die Firma gegründet?',
      ['Wie schwer ist die Lampe?', 'wann wurde die Firma gegründet?'],
    ],
    ['Who founded Nordlys Works? When was the lantern made?', ['Who founded Nordlys Works?', 'When was the lantern made?']],
  ])('two questions: %s', (question, parts) => {
    expect(splitQuestion(question)).toEqual({ kind: 'questions', parts });
  });

  test('a later question that names nothing is about the same', () => {
    expect(splitQuestion('Who founded Nordlys Works and when?').kind).toBe('whole');
    expect(splitQuestion('Who founded Nordlys Works and where was it?').parts).toHaveLength(1);
    expect(splitQuestion('Who founded Nordlys Works and when did they move?').parts[1]).toContain('nordlys works');
  });

  test.each([
    ['What is the difference between the Harbor lamp and the Fjord lantern?', ['the Harbor lamp', 'the Fjord lantern']],
    ['Compare the lamp with the lantern.', ['the lamp', 'the lantern']],
    ['lamp vs. lantern', ['lamp', 'lantern']],
    ['Which is heavier, the lamp or the lantern?', ['heavier the lamp', 'heavier the lantern']],
  ])('a comparison: %s', (question, parts) => {
    expect(splitQuestion(question)).toEqual({ kind: 'comparison', parts });
  });

  test.each(['How heavy is the lamp?', 'Who and what?', '???', '', 'Where is the salt and pepper museum?'])(
    'whole: %s',
    (question) => {
      expect(splitQuestion(question)).toEqual({ kind: 'whole', parts: [question] });
    },
  );
});

test('lines of a list that a model wrote', () => {
  expect(linesOf('1. One?\n- Two?\n\n2) One?\n* Three?', 3)).toEqual(['One?', 'Two?', 'Three?']);
});
