// The cache, against a list of what was used when.
import { expect, test } from 'vitest';
import { LruCache } from '../../../src/util/lru.ts';
import { createRandom } from '../../../src/util/random.ts';

test('what was used longest ago goes first, and the budget holds', () => {
  const random = createRandom(1);
  const budget = 20;
  const cache = new LruCache<number, string>(budget, (value) => value.length);
  let model: [number, string][] = [];
  const drop = (key: number) => {
    model = model.filter(([other]) => other !== key);
  };
  for (let step = 0; step < 3000; step++) {
    const key = Math.floor(random() * 12);
    const action = random();
    if (action < 0.45) {
      const value = 'x'.repeat(Math.floor(random() * 25));
      cache.set(key, value);
      drop(key);
      if (value.length <= budget) model.push([key, value]);
      while (model.reduce((sum, [, { length }]) => sum + length, 0) > budget) model.shift();
    } else if (action < 0.8) {
      const found = model.find(([other]) => other === key);
      expect(cache.get(key)).toBe(found?.[1]);
      if (found) {
        drop(key);
        model.push(found);
      }
    } else if (action < 0.95) expect(cache.has(key)).toBe(model.some(([other]) => other === key));
    else if (action < 0.995) {
      cache.delete(key);
      drop(key);
    } else {
      cache.clear();
      model = [];
    }
    expect(cache.size).toBe(model.reduce((sum, [, { length }]) => sum + length, 0));
  }
});
