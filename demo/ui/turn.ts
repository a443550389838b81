// A question with its answer, as it is shown and kept.
import type { AnswerMethod, AnswerTimings, Citation, Contradiction, Hit, Usage } from '../../src/index.ts';

/** A passage that an answer was made from. */
export type Passage = Pick<Hit, 'document' | 'title' | 'text' | 'start' | 'end' | 'headings' | 'score'>;

export interface Turn {
  question: string;
  answer: string;
  /** `stopped`: by the reader; the others as in the `done` event. */
  outcome: 'stop' | 'length' | 'abstained' | 'stopped';
  /** Best first; the first `used` were read by the model and are numbered from 1. */
  passages: Passage[];
  used: number;
  citations: Citation[];
  method?: AnswerMethod;
  contradictions?: readonly Contradiction[];
  timings?: AnswerTimings;
  usage?: Usage;
}

/** The parts of a hit that a turn keeps. */
export function passageOf({ document, title, text, start, end, headings, score, scores }: Hit): Passage {
  return { document, title, text, start, end, headings, score: scores.dense ?? score };
}

/** Where a passage stands: the headings around it without the document's title. */
export function placeOf({ title, headings }: Pick<Passage, 'title' | 'headings'>): string {
  return (headings[0] === title ? headings.slice(1) : headings).join(' › ');
}
