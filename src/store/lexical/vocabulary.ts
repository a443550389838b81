// Vocabulary: terms as numbers, and the words that they come from.

/** Gives each term a number, from 0. Numbers of one vocabulary mean nothing in another. */
export class Vocabulary {
  /** By number. */
  readonly terms: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param term must not be a slice of a long text, which it would keep in memory */
  numberOf(term: string): number {
    let number = this.#numbers.get(term);
    if (number === undefined) {
      number = this.terms.push(term) - 1;
      this.#numbers.set(term, number);
    }
    return number;
  }
}

/** A number for each word; words are looked up where they lie in a text, without making strings of them. */
export class WordTable {
  readonly #make: (word: string) => number;
  /** By hash, four numbers a word: where it is in `units`, plus one; hash; length; number. At most half are taken. */
  #slots = new Int32Array(4 * 8192);
  /** Code units of the words. */
  #units = new Uint16Array(1 << 16);
  #unitCount = 0;
  #size = 0;

  /** @param make gives the number of a word that is not in the table yet */
  constructor(make: (word: string) => number) {
    this.#make = make;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the word from `start` to before `end`. */
  get(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = (hash << 2) & last;
    for (; slots[slot] !== 0; slot = (slot + 4) & last) {
      if (slots[slot + 1] === hash && this.#isAt(slot, text, start, end)) return slots[slot + 3]!;
    }
    return this.#add(slot, hash, text.slice(start, end));
  }

  #isAt(slot: number, text: string, start: number, end: number): boolean {
    const length = end - start;
    if (this.#slots[slot + 2] !== length) return false;
    const units = this.#units;
    const from = this.#slots[slot]! - 1;
    for (let i = 0; i < length; i++) if (units[from + i] !== text.charCodeAt(start + i)) return false;
    return true;
  }

  #add(slot: number, hash: number, word: string): number {
    const number = this.#make(word);
    if (this.#unitCount + word.length > this.#units.length) {
      const larger = new Uint16Array(Math.max(this.#unitCount + word.length, this.#units.length * 2));
      larger.set(this.#units);
      this.#units = larger;
    }
    this.#slots.set([this.#unitCount + 1, hash, word.length, number], slot);
    for (let i = 0; i < word.length; i++) this.#units[this.#unitCount++] = word.charCodeAt(i);
    this.#size++;
    if (this.#size * 8 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 2);
    const last = slots.length - 1;
    for (let from = 0; from < before.length; from += 4) {
      if (before[from] === 0) continue;
      let slot = (before[from + 1]! << 2) & last;
      while (slots[slot] !== 0) slot = (slot + 4) & last;
      slots.set(before.subarray(from, from + 4), slot);
    }
    this.#slots = slots;
  }
}
