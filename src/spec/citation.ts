// Citation: one sentence of an answer and its support in a source.

/** A sentence of the answer, checked against the sources. */
export interface Citation {
  /** Position of the sentence in the answer, UTF-16 code units. */
  answerStart: number;
  answerEnd: number;
  sentence: string;
  /** Whether a passage was found that supports the sentence. The fields below are there only if so. */
  supported: boolean;
  /** How well the quote supports the sentence, 0–1. */
  score: number;
  /** Number of the source as shown to the reader, from 1. */
  source?: number;
  /** Id of the document. */
  document?: string;
  /** Offsets of the quote in the document's text. */
  start?: number;
  end?: number;
  /** `document.slice(start, end)` */
  quote?: string;
}

/** A sentence of a document. */
export interface Quotation {
  document: string;
  /** Offsets in the document's text; `document.slice(start, end)` is the quote. */
  start: number;
  end: number;
  quote: string;
}

/** Two sentences of different passages about the same that can't both be right. */
export interface Contradiction {
  /** Other numbers or dates for the same, or one says what the other denies. */
  kind: 'number' | 'negation';
  sides: readonly [Quotation, Quotation];
}
