import { expect, test } from 'vitest';
import { repetitionStart } from '../../../../src/rag/answer/repetition.ts';

/** Writes the text letter by letter and gives what is left when it is cut. */
function write(text: string): string {
  for (let end = 1; end <= text.length; end++) {
    const cut = repetitionStart(text.slice(0, end));
    if (cut !== undefined) return text.slice(0, cut);
  }
  return text;
}

test('a sentence that comes again ends the answer', () => {
  const first = 'The battery is mounted to the bracket. It must not lean.';
  expect(write(`${first} The battery is mounted to the bracket. It must`)).toBe(first);
});

test('a list that repeats its entry ends', () => {
  expect(write('1. Remove the battery from the bracket.\n2. Remove the battery from the bracket.\n3.')).toBe(
    '1. Remove the battery from the bracket.\n2.',
  );
});

test('what differs, or is short, may go on', () => {
  for (const text of [
    'The warranty covers the battery. The warranty covers the cable.',
    'Press it. Wait. Press it. Wait.',
    'Version 1.2.3 of the app is needed. Version 1.2.4 of the app is better.',
    '电池可以使用14小时。电池可以充电五小时。',
  ]) {
    expect(write(text)).toBe(text);
  }
});
