// SHA-256 (FIPS 180-4), also in pieces and outside secure contexts, where the platform has none.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Digests in pieces. */
export interface Digest {
  update(data: Uint8Array | string): Digest;
  /** The digest as 64 hex digits; the last call. */
  hex(): string;
}

/** Starts a digest. Strings are digested as UTF-8. */
export function createDigest(): Digest {
  const hash = sha256.create();
  const digest: Digest = {
    update(data) {
      hash.update(typeof data === 'string' ? utf8ToBytes(data) : data);
      return digest;
    },
    hex: () => bytesToHex(hash.digest()),
  };
  return digest;
}
