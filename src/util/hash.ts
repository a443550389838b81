// MurmurHash3, 32-bit (Austin Appleby, public domain algorithm), over whole words: a checksum at memory speed.

/** Checksum of 32-bit words, as an unsigned 32-bit number. Not for secrets: see `sha256.ts`. */
export function murmur3(words: Uint32Array, seed = 0): number {
  let hash = seed | 0;
  for (let index = 0; index < words.length; index++) {
    const word = Math.imul(words[index]!, 0xcc9e2d51);
    hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= words.length * 4;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
