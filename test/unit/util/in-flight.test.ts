import { describe, expect, test } from 'vitest';
import { inFlight } from '../../../src/util/in-flight.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const options = { namesOf: (item: string) => [item], most: 3 };

describe('inFlight', () => {
  test('works on as many as the limit allows, and on all in the end', async () => {
    let running = 0;
    let most = 0;
    const done: string[] = [];
    await inFlight('abcdefgh', options, async (item) => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.join('')).toBe('abcdefgh');
  });

  test('an item that is heavier than the limit goes on alone', async () => {
    let running = 0;
    const seen: number[] = [];
    await inFlight('aBc', { ...options, weightOf: (item) => (item === 'B' ? 100 : 1) }, async () => {
      seen.push(++running);
      await tick();
      running--;
    });
    expect(seen).toEqual([1, 2, 1]);
  });

  test('items that change the same keep their order', async () => {
    const log: string[] = [];
    const items = [
      { name: 'a', at: 1, ms: 20 },
      { name: 'b', at: 2, ms: 1 },
      { name: 'a', at: 3, ms: 1 },
    ];
    await inFlight(items, { namesOf: ({ name }) => [name], most: 8 }, async ({ at, ms }) => {
      log.push(`+${at}`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      log.push(`-${at}`);
    });
    expect(log.indexOf('-1')).toBeLessThan(log.indexOf('+3'));
    expect(log.indexOf('+2')).toBeLessThan(log.indexOf('-1'));
  });

  test('after a failure nothing is begun, what was begun ends, and the first failure is thrown', async () => {
    const begun: string[] = [];
    let ended = 0;
    const work = async (item: string) => {
      begun.push(item);
      if (item === 'b') throw new Error('no b');
      await tick();
      ended++;
    };
    await expect(inFlight('abcdefgh', options, work)).rejects.toThrow('no b');
    expect(begun.length).toBeLessThan(5);
    expect(ended).toBe(begun.length - 1);
  });

  test('a source that fails, and an abort', async () => {
    async function* source() {
      yield 'a';
      throw new Error('no more');
    }
    let ended = false;
    const slow = async () => {
      await tick();
      ended = true;
    };
    await expect(inFlight(source(), options, slow)).rejects.toThrow('no more');
    expect(ended).toBe(true);
    const controller = new AbortController();
    const work = async () => controller.abort();
    await expect(inFlight('abcdef', { ...options, signal: controller.signal }, work)).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
