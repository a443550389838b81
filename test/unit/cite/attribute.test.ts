import { describe, expect, test } from 'vitest';
import { attribute } from '../../../src/cite/attribute.ts';
import type { Hit } from '../../../src/spec/store.ts';

const manual =
  'The device has two buttons. To reset it, hold the power button for ten seconds until the light turns red. ' +
  'A reset does not delete your recordings. The battery lasts 14 hours.';
const offset = 1000;

function hit(text: string, document = 'manual', start = offset): Hit {
  return {
    id: `${document}#0`,
    document,
    title: document,
    mediaType: 'text/plain',
    text,
    start,
    end: start + text.length,
    headings: [],
    metadata: {},
    score: 0.6,
    scores: { dense: 0.6 },
  };
}

const check = (answer: string, hits = [hit(manual)]) => attribute(answer, hits);

describe('attribute', () => {
  test('finds the sentence that supports, with offsets into the document', async () => {
    const [citation] = await check('Hold the power button for ten seconds to reset it.');
    expect(citation).toMatchObject({ supported: true, source: 1, document: 'manual' });
    expect(citation!.quote).toBe('To reset it, hold the power button for ten seconds until the light turns red.');
    expect(manual.slice(citation!.start! - offset, citation!.end! - offset)).toBe(citation!.quote);
  });

  test('marks what no source says', async () => {
    const [citation] = await check('The device was invented by a team of penguins in Antarctica.');
    expect(citation).toMatchObject({ supported: false });
    expect(citation).not.toHaveProperty('quote');
  });

  test('a number that the source does not have is not supported', async () => {
    expect((await check('The battery lasts 14 hours.'))[0]).toMatchObject({ supported: true });
    expect((await check('The battery lasts 24 hours.'))[0]).toMatchObject({ supported: false });
  });

  test('a negation that only one of the two has is not supported', async () => {
    expect((await check('A reset does not delete recordings.'))[0]).toMatchObject({ supported: true });
    expect((await check('A reset does delete your recordings.'))[0]).toMatchObject({ supported: false });
  });

  test('every sentence is checked by itself, at its place in the answer', async () => {
    const answer = 'The battery lasts 14 hours. Elephants sing at night.';
    const citations = await check(answer);
    expect(citations.map(({ supported }) => supported)).toEqual([true, false]);
    for (const { answerStart, answerEnd, sentence } of citations) expect(answer.slice(answerStart, answerEnd)).toBe(sentence);
  });

  test('two sentences of a source may support one of the answer together', async () => {
    const [citation] = await check('The device has two buttons and you reset it by holding the power button for ten seconds.');
    expect(citation!.supported).toBe(true);
    expect(citation!.quote).toContain('two buttons');
    expect(citation!.quote).toContain('ten seconds');
  });

  test('a source named in the answer is preferred among equals', async () => {
    const hits = [hit(manual, 'first'), hit(manual, 'second')];
    expect((await check('The battery lasts 14 hours [2].', hits))[0]).toMatchObject({ source: 2, document: 'second' });
    expect((await check('The battery lasts 14 hours.', hits))[0]).toMatchObject({ source: 1, document: 'first' });
  });

  test('Chinese and German', async () => {
    const chinese = hit('按住电源键十秒钟可以重置设备。电池可以使用14小时。', 'zh');
    expect((await check('按住电源键十秒钟重置设备。', [chinese]))[0]).toMatchObject({ supported: true });
    expect((await check('电池可以使用24小时。', [chinese]))[0]).toMatchObject({ supported: false });
    const german = hit('Der Akku hält 14 Stunden. Zum Zurücksetzen die Taste zehn Sekunden drücken.', 'de');
    expect((await check('Der Akku hält 14 Stunden.', [german]))[0]).toMatchObject({ supported: true });
  });

  test('a paraphrase counts where vectors say so, and only then', async () => {
    // Vectors by hand: the sentence and the second candidate point the same way.
    const near = (cosine: number) => ({
      load: () => Promise.reject(new Error('not needed')),
      close: async () => {},
      embed: async (texts: readonly string[]) => {
        const data = new Float32Array(texts.length * 2);
        texts.forEach((text, i) => {
          const angle = i === 0 || text.includes('power button') ? 0 : Math.PI / 2;
          data.set([Math.cos(angle), Math.sin(angle)], i * 2);
        });
        data.set([cosine, Math.sqrt(1 - cosine ** 2)], 0);
        return { data, rows: texts.length, dimension: 2 };
      },
    });
    const answer = 'Press and hold the power button briefly to bring factory defaults back with red light.';
    expect((await attribute(answer, [hit(manual)], { embedder: near(0.95) }))[0]).toMatchObject({ supported: true });
    expect((await attribute(answer, [hit(manual)], { embedder: near(0.5) }))[0]).toMatchObject({ supported: false });
  });

  test('nothing in, nothing out', async () => {
    expect(await check('')).toEqual([]);
    expect((await check('Anything.', []))[0]).toMatchObject({ supported: false });
  });
});
