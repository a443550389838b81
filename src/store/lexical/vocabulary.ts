// Vocabulary: terms as numbers, and the words that they come from.

/** Gives each term a number, from 0. Numbers of one vocabulary mean nothing in another. */
export class Vocabulary {
  /** By number. */
  readonly terms: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(term: string): number {
    let number = this.#numbers.get(term);
    if (number === undefined) {
      number = this.terms.length;
      this.terms.push(term);
      this.#numbers.set(term, number);
    }
    return number;
  }
}

/** A number for each word; words are looked up where they lie in a text, without making strings of them. */
export class WordTable {
  readonly #make: (word: string) => number;
  readonly #words: string[] = [];
  readonly #values: number[] = [];
  #hashes = new Int32Array(4096);
  /** Places of words, plus one, by hash; at most half are taken. */
  #slots = new Int32Array(8192);

  /** @param make gives the number of a word that is not in the table yet */
  constructor(make: (word: string) => number) {
    this.#make = make;
  }

  get size(): number {
    return this.#words.length;
  }

  /** The number of the word from `start` to before `end`. */
  get(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    const last = this.#slots.length - 1;
    let slot = hash & last;
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      if (this.#hashes[place - 1] === hash && isAt(this.#words[place - 1]!, text, start, end)) return this.#values[place - 1]!;
      slot = (slot + 1) & last;
    }
    return this.#add(hash, slot, copyOf(text, start, end));
  }

  #add(hash: number, slot: number, word: string): number {
    const value = this.#make(word);
    const place = this.#words.push(word);
    this.#values.push(value);
    this.#slots[slot] = place;
    this.#hashes[place - 1] = hash;
    if (place === this.#hashes.length) this.#grow();
    return value;
  }

  #grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(hashes.length * 2);
    const last = this.#slots.length - 1;
    for (let place = 1; place <= this.#words.length; place++) {
      let slot = hashes[place - 1]! & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = place;
    }
  }
}

function isAt(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

/** A slice that does not keep the text in memory. */
function copyOf(text: string, start: number, end: number): string {
  let copy = '';
  for (let at = start; at < end; at++) copy += text[at]!;
  return copy;
}
