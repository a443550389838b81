// SHA-256 of a file whose pieces arrive in any order: each is read back from where it was stored once those before it are there,
// so what is checked is what will be used.
import { createDigest } from '../../util/sha256.ts';
import type { Piece } from './pieces.ts';

export class OrderedDigest {
  readonly #digest = createDigest();
  readonly #read: (piece: Piece) => Promise<Uint8Array>;
  readonly #arrived = new Map<number, Piece>();
  #next = 0;
  #work: Promise<void> = Promise.resolve();

  /** @param read gives a piece that has arrived */
  constructor(read: (piece: Piece) => Promise<Uint8Array>) {
    this.#read = read;
  }

  /** Takes a piece into account, now or when those before it have come. */
  add(piece: Piece): void {
    this.#arrived.set(piece.start, piece);
    for (let next = this.#arrived.get(this.#next); next; next = this.#arrived.get(this.#next)) {
      this.#arrived.delete(next.start);
      this.#next = next.end;
      this.#take(next);
    }
  }

  /** The digest as 64 hex digits, once everything is read; the last call. */
  async hex(): Promise<string> {
    await this.#work;
    return this.#digest.hex();
  }

  #take(piece: Piece): void {
    this.#work = this.#work.then(async () => {
      this.#digest.update(await this.#read(piece));
    });
    // The failure is told by `hex`.
    this.#work.catch(() => {});
  }
}
