// Parts of a scan survive the way to another thread.
import { expect, test } from 'vitest';
import { packParts, unpackParts } from '../../../../src/store/shards/packed-parts.ts';
import type { ShardPart } from '../../../../src/store/shards/shard.ts';
import { createRandom } from '../../../../src/util/random.ts';

test('parts with and without a mask', () => {
  const random = createRandom(5);
  for (let count = 0; count < 30; count++) {
    const parts: ShardPart[] = Array.from({ length: count }, (_, index) => ({
      id: Math.floor(random() * 2 ** 40),
      first: index * 4096,
      offset: random() - 0.5,
      mask: random() < 0.5 ? Uint16Array.from({ length: 1 + Math.floor(random() * 256) }, () => random() * 65_536) : undefined,
    }));
    expect(unpackParts(packParts(parts))).toEqual(parts);
  }
});
