// BM25 and BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
import { InpageError } from '../../util/errors.ts';
import { withDefaults } from '../../util/options.ts';
import type { Statistics } from './statistics.ts';

/** Parameters of the ranking. */
export interface Bm25Parameters {
  /** How slowly further occurrences of a term cease to count, ≥ 0. @default 1.2 */
  k1?: number;
  /** How much long texts are held back, 0 to 1. @default 0.75 */
  b?: number;
  /** What an occurrence in the title counts, against 1 in the text; 0: plain BM25 of the text. @default 1 */
  titleWeight?: number;
  /** How much long titles are held back, 0 to 1. @default 0.4 */
  titleB?: number;
}

// Chosen by nDCG@10 on SciFact, NQ, MuSiQue and a product's documentation; the usual k1 = 0.9 and b = 0.4 lose where lengths vary.
const defaults = { k1: 1.2, b: 0.75, titleWeight: 1, titleB: 0.4 };

/** Scores the rows of one collection. The score of a row is the sum of weight × saturation over the terms. */
export class Scorer {
  readonly #rows: number;
  readonly #k1: number;
  readonly #titleWeight: number;
  readonly #textBase: number;
  readonly #textSlope: number;
  readonly #titleBase: number;
  readonly #titleSlope: number;

  /** @throws InpageError `invalid-argument` for a parameter out of range */
  constructor(parameters: Bm25Parameters, { rows, textLength, titleLength }: Statistics) {
    const { k1, b, titleWeight, titleB } = withDefaults(defaults, parameters);
    for (const [name, value, most] of [
      ['k1', k1, 1e3],
      ['b', b, 1],
      ['titleWeight', titleWeight, 1e3],
      ['titleB', titleB, 1],
    ] as const) {
      if (!(value >= 0 && value <= most))
        throw new InpageError('invalid-argument', `${name} must be a number from 0 to ${most}.`);
    }
    this.#rows = rows;
    this.#k1 = k1;
    this.#titleWeight = titleWeight;
    this.#textBase = 1 - b;
    this.#titleBase = 1 - titleB;
    this.#textSlope = textLength > 0 ? (b * rows) / textLength : 0;
    this.#titleSlope = titleLength > 0 ? (titleB * rows) / titleLength : 0;
  }

  /** Whether occurrences in titles count. */
  get withTitle(): boolean {
    return this.#titleWeight > 0;
  }

  /** Inverse document frequency of a term in `documents` rows: ln(1 + (N − df + 0.5) / (df + 0.5)). */
  idf(documents: number): number {
    return Math.log(1 + (this.#rows - documents + 0.5) / (documents + 0.5));
  }

  /** (k1 + 1) × idf. */
  weight(documents: number): number {
    return (this.#k1 + 1) * this.idf(documents);
  }

  /**
   * The part of a term's weight that a row gets, 0 to 1: tf / (k1 + tf), where tf sums the occurrences in the fields, each
   * weighted and divided by 1 − b + b × length / average length. Lengths are in terms.
   */
  saturation(text: number, textLength: number, title: number, titleLength: number): number {
    let frequency = text > 0 ? text / (this.#textBase + this.#textSlope * textLength) : 0;
    if (title > 0) frequency += (this.#titleWeight * title) / (this.#titleBase + this.#titleSlope * titleLength);
    return frequency > 0 ? frequency / (this.#k1 + frequency) : 0;
  }
}
