// Terms as bytes: each UTF-16 code unit by itself in one to three bytes (CESU-8, Unicode Technical Report 26), so that bytes sort
// as strings do and no string is lost.

/** The bytes of one term, in memory that is used again for the next. */
export class TermBytes {
  bytes = new Uint8Array(256);
  length = 0;

  encode(term: string): this {
    this.reserve(term.length * 3);
    const { bytes } = this;
    let at = 0;
    for (let i = 0; i < term.length; i++) {
      const unit = term.charCodeAt(i);
      if (unit < 0x80) bytes[at++] = unit;
      else {
        if (unit < 0x800) bytes[at++] = 0xc0 | (unit >> 6);
        else {
          bytes[at++] = 0xe0 | (unit >> 12);
          bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
        }
        bytes[at++] = 0x80 | (unit & 0x3f);
      }
    }
    this.length = at;
    return this;
  }

  /** Replaces what follows the first `shared` bytes. */
  replace(shared: number, source: Uint8Array, from: number, count: number): void {
    this.reserve(shared + count);
    const { bytes } = this;
    for (let i = 0; i < count; i++) bytes[shared + i] = source[from + i]!;
    this.length = shared + count;
  }

  /** Number of bytes at the start that are the same. */
  sharedWith(other: TermBytes): number {
    const length = Math.min(this.length, other.length);
    let shared = 0;
    while (shared < length && this.bytes[shared] === other.bytes[shared]) shared++;
    return shared;
  }

  /** Order of two terms: negative, 0 or positive. */
  compare(other: TermBytes): number {
    const shared = this.sharedWith(other);
    if (shared === this.length || shared === other.length) return this.length - other.length;
    return this.bytes[shared]! - other.bytes[shared]!;
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const larger = new Uint8Array(length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
