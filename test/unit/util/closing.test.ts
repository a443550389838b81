import { expect, test } from 'vitest';
import { Closing } from '../../../src/util/closing.ts';

test('calls end when it is closed, with the error "closed"; later ones do not begin', () => {
  const closing = new Closing();
  const [plain, own] = [closing.signal(), closing.signal(new AbortController().signal)];
  expect([plain.aborted, own.aborted]).toEqual([false, false]);
  closing.close();
  closing.close();
  for (const signal of [plain, own, closing.signal(), closing.signal(new AbortController().signal)]) {
    expect(signal.reason).toMatchObject({ code: 'closed' });
  }
});

test("a call's own abort stays what it is", () => {
  const controller = new AbortController();
  const signal = new Closing().signal(controller.signal);
  controller.abort();
  expect(signal.reason).toMatchObject({ name: 'AbortError' });
});
