// Packs sentences into passages: as full as allowed, but rather cut at a paragraph than inside one.
import type { Boundary } from '../util/sentences.ts';
import type { Sentence } from './sentence-stream.ts';

/** A passage that is a run of sentences. */
export interface Passage {
  start: number;
  end: number;
  text: string;
}

/** How full a passage must be, as a share of its greatest weight, to end before such a boundary. */
const fullEnough: readonly (readonly [Boundary, number])[] = [
  ['heading', 0.25],
  ['paragraph', 0.4],
  ['line', 0.6],
];

/** A letter, a number or a symbol that says something; passages without one are rules and ornaments. */
const content = /[\p{L}\p{N}\p{M}\p{Sc}\p{So}]/u;

/** Whether a text says anything. */
export function hasContent(text: string): boolean {
  return content.test(text);
}

/** Collects sentences and gives a passage each time that one is full. Weights as `textWeight` counts. */
export class Packer {
  readonly #maxWeight: number;
  readonly #overlap: number;
  #pack: Sentence[] = [];
  #weight = 0;
  /** Sentences at the start of the pack that the last passage has too. */
  #repeated = 0;

  constructor(maxWeight: number, overlap: number) {
    this.#maxWeight = maxWeight;
    this.#overlap = overlap;
  }

  /** Takes the next sentence. */
  *push(sentence: Sentence): Generator<Passage> {
    while (this.#pack.length > 0 && this.#weight + sentence.gapWeight + sentence.weight > this.#maxWeight) {
      yield* this.#cut(sentence);
    }
    this.#weight += this.#pack.length > 0 ? sentence.gapWeight + sentence.weight : sentence.weight;
    this.#pack.push(sentence);
  }

  /** Ends the passage; the next one shares nothing with it. */
  *end(): Generator<Passage> {
    if (this.#pack.length > this.#repeated) yield* this.#passage(this.#pack);
    this.#pack = [];
    this.#weight = 0;
    this.#repeated = 0;
  }

  *#cut(next: Sentence): Generator<Passage> {
    if (this.#repeated === this.#pack.length) {
      // The overlap alone leaves no room for the sentence.
      this.#keep(1);
      return;
    }
    const at = this.#cutPlace(next);
    yield* this.#passage(this.#pack.slice(0, at));
    let from = at;
    let weight = 0;
    while (from > 1) {
      const { weight: own } = this.#pack[from - 1]!;
      weight += own + (this.#pack[from] ?? next).gapWeight;
      if (weight > this.#overlap) break;
      from--;
    }
    this.#keep(from);
    this.#repeated = at - from;
  }

  /** Drops the sentences before `from`. */
  #keep(from: number): void {
    this.#pack = this.#pack.slice(from);
    this.#repeated = Math.max(0, this.#repeated - from);
    this.#weight = this.#pack.reduce((sum, { weight, gapWeight }, i) => sum + weight + (i > 0 ? gapWeight : 0), 0);
  }

  /** Number of sentences that make up the passage. */
  #cutPlace(next: Sentence): number {
    for (const [boundary, share] of fullEnough) {
      if (next.boundary === boundary && this.#weight >= share * this.#maxWeight) return this.#pack.length;
      let weight = this.#weight;
      for (let at = this.#pack.length - 1; at > this.#repeated; at--) {
        weight -= this.#pack[at]!.weight + this.#pack[at]!.gapWeight;
        if (weight < share * this.#maxWeight) break;
        if (this.#pack[at]!.boundary === boundary) return at;
      }
    }
    return this.#pack.length;
  }

  *#passage(sentences: readonly Sentence[]): Generator<Passage> {
    const text = sentences.map((sentence, i) => (i > 0 ? sentence.gap + sentence.text : sentence.text)).join('');
    if (hasContent(text)) yield { start: sentences[0]!.start, end: sentences.at(-1)!.end, text };
  }
}
