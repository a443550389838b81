// Deflate: what comes out is what went in, and what was not deflated is refused.
import { expect, test } from 'vitest';
import { deflate, inflate } from '../../../../src/store/transfer/deflate.ts';
import { createRandom } from '../../../../src/util/random.ts';

test('bytes of any length come back', async () => {
  const random = createRandom(1);
  for (const length of [0, 1, 511, 70_000, 1_000_000]) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 20));
    const small = (await deflate(bytes))!;
    if (length > 1000) expect(small.length).toBeLessThan(length * 0.7);
    expect(Buffer.compare(await inflate(small), bytes)).toBe(0);
  }
});

test('other bytes, and a part of the right ones, are refused', async () => {
  await expect(inflate(Uint8Array.of(1, 2, 3, 4))).rejects.toThrow();
  const small = (await deflate(new Uint8Array(1000)))!;
  await expect(inflate(small.subarray(0, small.length - 4))).rejects.toThrow();
});
