// A question with its answer, as it is shown and kept.
import type { Citation } from '../spec/citation.ts';
import type { Hit } from '../spec/store.ts';
import type { AnswerEvent, AnswerMethod } from '../spec/strategy.ts';

/** A passage that an answer was made from. */
export type Passage = Pick<Hit, 'document' | 'title' | 'url' | 'text' | 'headings'>;

/** A turn of the conversation. */
export interface Turn {
  question: string;
  answer: string;
  /** `stopped`: by the reader; the others as in the `done` event. */
  outcome: 'stop' | 'length' | 'abstained' | 'stopped';
  method?: AnswerMethod;
  /** Best first; the first `used` are numbered from 1. */
  passages: Passage[];
  used: number;
  citations: Citation[];
}

/** A turn that has only been asked. */
export function newTurn(question: string): Turn {
  return { question, answer: '', outcome: 'stop', passages: [], used: 0, citations: [] };
}

/** The turn after an event. */
export function withEvent(turn: Turn, event: AnswerEvent): Turn {
  if (event.type === 'retrieval') return { ...turn, passages: event.hits.map(passageOf), used: event.used };
  if (event.type === 'token') return { ...turn, answer: turn.answer + event.text };
  if (event.type === 'citation') return { ...turn, citations: [...turn.citations, event.citation] };
  if (event.type !== 'done') return turn;
  const { answer, reason, method, citations, hits } = event;
  return { ...turn, answer, outcome: reason, method, citations: [...citations], passages: hits.map(passageOf) };
}

function passageOf({ document, title, url, text, headings }: Hit): Passage {
  return { document, title, ...(url && { url }), text, headings };
}

/** Where a passage stands: its innermost heading, or the title. */
export function placeOf({ title, headings }: Passage): string {
  return headings.at(-1) ?? title;
}
