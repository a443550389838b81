// The checksum agrees with published values and with a slow second implementation.
import { expect, test } from 'vitest';
import { murmur3 } from '../../../src/util/hash.ts';
import { createRandom } from '../../../src/util/random.ts';

/** MurmurHash3_x86_32 over bytes, in exact integers, as its author describes it. */
function slowMurmur3(bytes: Uint8Array, seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (32n - by))) & mask;
  let hash = BigInt(seed);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    hash ^= (rotate((word * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
    hash = (rotate(hash, 13n) * 5n + 0xe6546b64n) & mask;
  }
  hash ^= BigInt(bytes.length);
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & mask;
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(hash ^ (hash >> 16n));
}

const words = (text: string) => new Uint32Array(new TextEncoder().encode(text).buffer);

test('published values', () => {
  expect(murmur3(new Uint32Array(0))).toBe(0);
  expect(murmur3(new Uint32Array(0), 1)).toBe(0x514e28b7);
  expect(murmur3(new Uint32Array(0), 0xffffffff)).toBe(0x81f16f39);
  expect(murmur3(new Uint32Array([0]))).toBe(0x2362f9de);
  expect(murmur3(new Uint32Array([0xffffffff]))).toBe(0x76293b50);
  expect(murmur3(new Uint32Array([0x87654321]))).toBe(0xf55b516b);
  expect(murmur3(words('aaaa'), 0x9747b28c)).toBe(0x5a97808a);
});

test('agrees with a slow implementation', () => {
  const random = createRandom(4);
  for (let round = 0; round < 300; round++) {
    const input = Uint32Array.from({ length: Math.floor(random() * 40) }, () => random() * 2 ** 32);
    const seed = Math.floor(random() * 2 ** 32);
    expect(murmur3(input, seed)).toBe(slowMurmur3(new Uint8Array(input.buffer), seed));
  }
});
