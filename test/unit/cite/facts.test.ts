// What a quote may never be: somewhere else, or of other numbers, names, units or dates; and sources that contradict each other.
import { describe, expect, test } from 'vitest';
import { attribute } from '../../../src/cite/attribute.ts';
import { contradictions } from '../../../src/cite/contradictions.ts';
import { unknownNames } from '../../../src/cite/names.ts';
import type { Hit } from '../../../src/spec/store.ts';
import { createRandom } from '../../../src/util/random.ts';
import { splitSentences } from '../../../src/util/text.ts';

const hit = (text: string, document = 'a', start = 7): Hit => ({
  id: `${document}#0`,
  document,
  title: 'Lamp',
  mediaType: 'text/plain',
  text,
  start,
  end: start + text.length,
  headings: [],
  metadata: {},
  score: 0.6,
  scores: { dense: 0.6 },
});

const supported = async (answer: string, text: string) => (await attribute(answer, [hit(text)]))[0]!.supported;

describe('facts', () => {
  test('a name that the passage does not have', async () => {
    const text = 'The Harbor lamp was designed by Ingrid Dahl in Bergen in 1952.';
    expect(await supported('The Harbor lamp was designed in 1952 by Ingrid Dahl.', text)).toBe(true);
    expect(await supported('The Harbor lamp was designed in Bergen in 1952 by Ingrid Olsen.', text)).toBe(false);
    expect(unknownNames('It was made by Dahl’s company.', text)).toEqual([]);
    expect(unknownNames('Die Lampe wurde von einer Firma gebaut und ist alt.', text)).toEqual([]);
  });

  test('another unit, another month', async () => {
    expect(await supported('The small lamp weighs 300 g.', 'The small lamp weighs 300 grams.')).toBe(true);
    expect(await supported('The small lamp weighs 300 kilograms.', 'The small lamp weighs 300 grams.')).toBe(false);
    expect(await supported('The small lamp weighs 300kg.', 'The small lamp weighs 300 grams.')).toBe(false);
    expect(await supported('The lamp appeared on 5 June 1952.', 'The lamp appeared on 5 June 1952.')).toBe(true);
    expect(await supported('The lamp appeared on 5 July 1952.', 'The lamp appeared on 5 June 1952.')).toBe(false);
  });

  test('no citation is supported whose quote is not in its source at its offsets', async () => {
    const random = createRandom(5);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
    const parts = [
      'lamp',
      'Harbor',
      '300',
      'grams',
      'not',
      '灯',
      '重三百克。',
      'يزن',
      '. ',
      '\n\n',
      '# Head\n',
      '[1]',
      '😀',
      'Mr. ',
      '"',
      '| a | b |\n',
      '12.5',
      'é',
    ];
    const make = (length: number) => Array.from({ length }, () => pick(parts)).join(random() < 0.5 ? ' ' : '');
    let quotes = 0;
    for (let round = 0; round < 300; round++) {
      const hits = Array.from({ length: 3 }, (_, i) => hit(make(60), `d${i}`, Math.floor(random() * 50)));
      const source = pick(hits).text;
      const sentences = splitSentences(source).map(({ start, end }) => source.slice(start, end));
      // Taken from a source, changed by a word, or made up.
      const answer = pick([sentences.slice(0, 3).join(' '), source.replace('300', '900'), make(20), source.replace('not', '')]);
      for (const { sentence, answerStart, answerEnd, ...citation } of await attribute(answer, hits)) {
        expect(answer.slice(answerStart, answerEnd)).toBe(sentence);
        if (!citation.supported) continue;
        quotes++;
        const { text, start } = hits[citation.source! - 1]!;
        expect(text.slice(citation.start! - start, citation.end! - start)).toBe(citation.quote);
      }
    }
    expect(quotes).toBeGreaterThan(100);
  });
});

describe('contradictions', () => {
  const asked = 'How long does the lamp battery last?';

  test('other numbers for the same, and a denial', () => {
    const [first, ...rest] = contradictions(asked, [
      hit('The lamp battery lasts nine hours when charged fully.'),
      hit('When charged fully the lamp battery lasts 12 hours.', 'b'),
    ]);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ kind: 'number', sides: [{ document: 'a', start: 7 }, { document: 'b' }] });
    expect(
      contradictions('Can the battery be replaced?', [
        hit('The lamp battery can be replaced by the owner.'),
        hit('The lamp battery can not be replaced by the owner.', 'b'),
      ]),
    ).toMatchObject([{ kind: 'negation' }]);
  });

  test('none where sources agree, add to each other, or speak of something else', () => {
    const one = 'The lamp battery lasts nine hours when charged fully.';
    for (const other of [
      one,
      'The lamp battery lasts 9 hours when charged fully, for 2 years.',
      'The radio antenna works for 12 kilometres in open fields.',
    ])
      expect(contradictions(asked, [hit(one), hit(other, 'b')])).toEqual([]);
    // Passages of one document that overlap say the same twice.
    expect(contradictions(asked, [hit(one), hit(one.replace('nine', 'ten'))])).toEqual([]);
  });
});
