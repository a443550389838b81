import { describe, expect, test } from 'vitest';
import { createDetokenizer } from '../../../src/llm/detokenizer.ts';
import { createRandom } from '../../../src/util/random.ts';

// Each token is one byte of UTF-8, the hardest case: every character comes in pieces.
const decode = (tokens: readonly number[]) => new TextDecoder().decode(Uint8Array.from(tokens));
const bytes = (text: string) => [...new TextEncoder().encode(text)];

function run(text: string, stop?: string[]) {
  const detokenizer = createDetokenizer(decode, stop);
  const pieces = bytes(text).map((byte) => detokenizer.push(byte));
  return { pieces, text: pieces.join('') + detokenizer.flush(), detokenizer };
}

describe('detokenizer', () => {
  test('gives whole characters only', () => {
    const { pieces, text } = run('für 你好 🎉 done');
    expect(text).toBe('für 你好 🎉 done');
    expect(pieces.join('')).not.toContain('\uFFFD');
  });

  test('long random texts come out as they went in', () => {
    const random = createRandom(3);
    const alphabet = [...'abc äöü 你好世界 🎉🚀 .,\n'];
    for (let round = 0; round < 50; round++) {
      const text = Array.from({ length: 200 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
      expect(run(text).text).toBe(text);
    }
  });

  test('ends before a stop text, and holds back what may become one', () => {
    const { pieces, text, detokenizer } = run('one two STOP three', ['STOP']);
    expect(text).toBe('one two ');
    expect(detokenizer.stopped).toBe(true);
    expect(pieces.join('')).not.toMatch(/S$/);
  });

  test('gives back what only looked like a stop text', () => {
    expect(run('one STO two', ['STOP']).text).toBe('one STO two');
    expect(run('ends with STO', ['STOP']).text).toBe('ends with STO');
  });
});
