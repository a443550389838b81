import { describe, expect, test } from 'vitest';
import { createStopFilter } from '../../../src/llm/stop-texts.ts';
import { createRandom } from '../../../src/util/random.ts';

/** Sends a text through in pieces of random lengths. */
function run(text: string, stop: string[], random: () => number) {
  const filter = createStopFilter(stop);
  let out = '';
  for (let at = 0; at < text.length && !filter.stopped; ) {
    const length = 1 + Math.floor(random() * 4);
    out += filter.push(text.slice(at, at + length));
    at += length;
  }
  return { certain: out, text: out + filter.flush(), stopped: filter.stopped };
}

describe('stop texts', () => {
  test('random texts end before the first of them, however they are cut; all of it where there is none', () => {
    const random = createRandom(5);
    const letters = (length: number) => Array.from({ length }, () => 'ab'[Math.floor(random() * 2)]).join('');
    for (let round = 0; round < 500; round++) {
      const text = letters(30);
      const stop = [letters(5), letters(7)];
      const ends = stop.map((one) => text.indexOf(one)).filter((at) => at >= 0);
      const result = run(text, stop, random);
      // In one piece the first wins; in small ones that which is complete first.
      const complete = Math.min(...stop.map((one) => (text.includes(one) ? text.indexOf(one) + one.length : 99)));
      expect(result.stopped).toBe(ends.length > 0);
      if (ends.length === 0) expect(result.text).toBe(text);
      else {
        expect(ends).toContain(result.text.length);
        expect(text.startsWith(result.text)).toBe(true);
        expect(result.text.length).toBeLessThan(complete);
      }
    }
  });

  test('what may become one is held back, and given at the end', () => {
    const { certain, text } = run('a house S', ['STOP'], () => 0);
    expect(certain).toBe('a house ');
    expect(text).toBe('a house S');
  });

  test('without any, and with an empty one, everything passes at once', () => {
    expect(run('all', [], () => 0).certain).toBe('all');
    expect(run('all', [''], () => 0).certain).toBe('all');
  });
});
